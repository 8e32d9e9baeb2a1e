package hold

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/bell"
	"slipway/bot/board"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/policy"
	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/slack"
)

// Hold stops the automatic deploys of an app.
type Hold struct {
	App, Channel string
	By           string // who set it; Slack's id
	Reason       string // as it was typed; foreign text
	At           time.Time
	Until        time.Time // when it ends by itself; zero: at no time
	Operation    string    // that set it

	// Of a rollback: the release that was gone back to, the version of the one that ran, its commit, and the commits and pull requests that went away, newest
	// first. Without Head and Away it is a plain hold, which stops every deploy.
	Back, Head string
	Ran        int
	Away       []string
	Pulls      []int

	Allowed []int // pull requests that may deploy all the same

	id     string
	blind  bool // no workflow is known that deploys
	ended  time.Time
	endBy  string
	tellAt time.Time // when its messages are marked stale
	why    string
}

// FromRollback tells whether a hold is of a rollback: it stops only what would bring back what went away.
func (h Hold) FromRollback() bool { return h.Head != "" || len(h.Away) > 0 }

// key is how a hold is found again.
func (h Hold) key() string { return cmp.Or(h.Operation, fmt.Sprintf("%s-%d", h.App, h.At.UnixMilli())) }

// Options are what holds need.
type Options struct {
	Store       *store.Store
	Boards      *board.Boards // which draw their messages with Draw
	Channels    *channels.Channels
	Policy      *policy.Policy
	Slack       *slack.Client  // tells where somebody's clock is
	GitHub      *github.Client // reads
	GitHubWrite *github.Client // nil where all apps are only read
	Log         *slog.Logger
	Apps        config.Apps
	Mode        config.Mode // where slipway only reads, it tells what it would do

	// Fold keeps what was learnt from GitHub.
	Fold func(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) ([]ledger.Subject, error)
}

// Holds are all holds, and the watches over rollbacks.
type Holds struct {
	Options

	bell    *bell.Bell
	waiting atomic.Int64 // what was due soon, at the last look
	failing bool         // it was logged that nothing can be looked at
	paced   time.Time    // when GitHub was last told a status

	mu    sync.Mutex
	asked map[span]time.Time // what GitHub was asked of the lineage, and when
	zones map[string]clock   // where people are, by Slack id
}

// New makes them. Nothing is stopped before Run.
func New(o Options) *Holds {
	if o.Fold == nil {
		o.Fold = ledger.Fold
	}
	return &Holds{Options: o, bell: bell.New(), asked: map[span]time.Time{}, zones: map[string]clock{}}
}

// writes tells whether GitHub is told anything of an app.
func (h *Holds) writes(app string) bool { return h.GitHubWrite != nil && !h.Mode.Reads(app) }

// app finds an app of the configuration.
func (h *Holds) app(name string) (config.App, bool) {
	for _, app := range h.Apps {
		if app.Name == name {
			return app, true
		}
	}
	return config.App{}, false
}
