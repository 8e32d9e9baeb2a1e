package notices

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"slipway/bot/bell"
	"slipway/bot/board"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/people"
	"slipway/bot/policy"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// Options are what notices need.
type Options struct {
	Store    *store.Store
	Boards   *board.Boards // which draw their messages with Draw
	Channels *channels.Channels
	Policy   *policy.Policy
	People   *people.People
	Log      *slog.Logger
	Apps     config.Apps
	Mode     config.Mode // where slipway only reads, no message has a button that changes something

	// Ask has GitHub and Heroku read soon, before it is claimed that news of an app did not come. It does not block.
	Ask func(app config.App)

	// Plan has the undo made of what lies between two commits of a repository, which a message will tell. It does not block.
	Plan func(repo github.Repo, base, head string)

	// Save has the backups of an app's database read, of which a message will tell one. It does not block.
	Save func(app config.App)
}

// Notices keep the messages as they should be.
type Notices struct {
	Options

	mu      sync.Mutex
	started time.Time         // when this process was, in whole milliseconds
	before  time.Time         // when one was alive last before that; zero: none was
	loaded  map[string]loaded // by app

	bell    *bell.Bell
	failing bool      // it was logged that nothing can be told
	tidied  time.Time // when what is old was last taken away
}

// New makes them. Nothing is told before Run.
func New(o Options) *Notices {
	return &Notices{Options: o, bell: bell.New(), loaded: map[string]loaded{}}
}

// Nudge has Run look for news now. It is called after the commit of a transaction that folded.
func (n *Notices) Nudge() { n.bell.Ring() }

// Busy is 0 when the boards of all that became known are touched. It is above 0 before the first look, and while the database
// is away.
func (n *Notices) Busy() int { return n.bell.Due() }

const (
	lookEvery = 5 * time.Second // for what another process folded before it died, and for what was folded without a nudge
	beatEvery = 15 * time.Second
	moment    = 4 * time.Millisecond  // after a nudge: what comes together is told together
	breath    = 50 * time.Millisecond // between two looks: ten events in a moment are few
	awayPause = time.Second           // after the database failed; also of a panic in a drawing
)

// Run finds what is to be told until ctx ends.
func (n *Notices) Run(ctx context.Context) {
	n.mu.Lock()
	n.started = time.Now().Truncate(time.Millisecond)
	n.mu.Unlock()
	for ctx.Err() == nil && !n.well(ctx, n.begin(ctx)) {
		bell.Pause(ctx, awayPause)
	}
	if ctx.Err() != nil {
		return // a last beat would hide an absence that is not written down yet
	}
	bell.Pause(ctx, breath) // what is known at once when the first reading is done is told with the rest of it
	beat := time.Now()
	for ctx.Err() == nil {
		if now := time.Now(); !now.Before(beat) {
			_ = n.beat(ctx, now) // what keeps it from that keeps us from telling, too
			beat = now.Add(beatEvery)
		}
		began := time.Now()
		wait, err := n.look(ctx)
		if !n.well(ctx, err) {
			wait = awayPause
		}
		bell.Pause(ctx, min(max(breath, 2*time.Since(began)), awayPause)) // who folds meanwhile needs the database, too
		if n.bell.Rest(ctx, min(wait, time.Until(beat))) {
			bell.Pause(ctx, moment)
		}
	}
	n.lastBeat(ctx)
}

// well logs once that nothing can be told, and once that it can be again.
func (n *Notices) well(ctx context.Context, err error) bool {
	switch failing := err != nil && ctx.Err() == nil; {
	case failing == n.failing:
	case failing:
		n.Log.Error("news are not told", "error", err)
	default:
		n.Log.Info("news are told again")
	}
	n.failing = err != nil && ctx.Err() == nil
	return err == nil
}
