package board

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/bell"
	"slipway/bot/fleet"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// Key names a board for ever: "change penny-university 102bcff…". Every member of the workspace can read it.
type Key string

// Board is one message that is kept true.
type Board struct {
	Key     Key
	App     string // whose news it is
	Channel string // Slack's id of a channel, or of a person for a direct message
	Parent  Key    // the board in whose thread it stands, in the same channel; empty: in none
}

// Drawing is what a board shows.
type Drawing struct {
	// Message has Text, a whole sentence, and Blocks. Its thread and key are set here. Without Text there is nothing to be said: nothing
	// is posted, and a message that stands is left as it is.
	Message slack.Message
	Urgent  bool // goes first when there is a queue
}

// Options are what boards need.
type Options struct {
	Store *store.Store
	Slack *slack.Client
	Log   *slog.Logger

	// Draw gives the latest truth about a board. It is called at the moment of sending, outside of transactions, from several goroutines,
	// and perhaps some time before when there is a queue. What has nothing to say any more when its channel is back after a week should
	// give an empty drawing.
	Draw func(ctx context.Context, key Key) (Drawing, error)

	Fallback string // Slack's id of the person who is told when a channel refuses posts; empty: only the log is
}

// Boards keeps all boards true.
type Boards struct {
	store    *store.Store
	slack    *slack.Client
	log      *slog.Logger
	draw     func(ctx context.Context, key Key) (Drawing, error)
	fallback string
	id       string          // of this process
	looks    []time.Duration // after a post of unknown outcome

	bell    *bell.Bell
	fleet   fleet.Fleet[*claim]
	unheard sync.Once
	bot     atomic.Pointer[string] // our bot id, once it is known

	waiting atomic.Int64 // boards that were due soon, at the last look
}

// New makes boards. Nothing is sent before Run.
func New(o Options) *Boards {
	b := &Boards{
		store: o.Store, slack: o.Slack, log: o.Log, draw: o.Draw, fallback: o.Fallback,
		id: processID(), looks: lookAfter(), bell: bell.New(),
	}
	b.fleet.Landed, b.fleet.Name = b.bell.Wake, func(c *claim) string { return string(c.Key) }
	return b
}

// soon is how far ahead Busy looks: past the pause between two edits of a message.
const soon = 2 * time.Second

// Busy is how many boards are in flight, due now, or due within 2 s. It is above 0 before the first look, and while the database is
// away. Boards in channels that refuse posts do not count.
func (b *Boards) Busy() int {
	return b.bell.Due() + int(b.waiting.Load()) + b.fleet.Size()
}

// Nudge has Run look for work now. It is called after the commit of a transaction that touched boards; without it they are found
// within 30 s.
func (b *Boards) Nudge() { b.bell.Ring() }
