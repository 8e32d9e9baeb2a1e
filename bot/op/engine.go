package op

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/access"
	"slipway/bot/bell"
	"slipway/bot/board"
	"slipway/bot/config/settings"
	"slipway/bot/fleet"
	"slipway/bot/store"
)

// Options are what operations need.
type Options struct {
	Store *store.Store
	Log   *slog.Logger

	// Allowed asks anew whether a person may do this to an app.
	Allowed func(ctx context.Context, who access.Who, app string, verb settings.Verb) error
	// Manner says how somebody is refused, whom a plan's lines to do it by hand were shown to or not.
	Manner func(ctx context.Context, who access.Who, app string, no error, shown bool) access.Manner
	// MayWrite refuses where slipway only reads.
	MayWrite func(app string) error
	// Alone refuses while somebody else runs with our app token.
	Alone func(ctx context.Context) error

	// Ambiguous tells of an Act's error whether the effect may have been made all the same. Nil: it always may.
	Ambiguous func(error) bool
	// Far is what an error says of who gave it. Nil: none says anything.
	Far func(error) FarEnd

	// Touch and Nudge are those of the boards that show operations.
	Touch func(ctx context.Context, tx *store.Tx, list ...board.Board) error
	Nudge func()
}

// Run carries out an operation: straight lines of Do and Wait. Between them it reads nothing, asks no clock and branches only on the
// plan and on stored results, so that a replay takes the same way. It is called anew for each attempt, and gives the errors of Do and
// Wait back.
type Run func(ctx context.Context, o *Operation) error

// Engine offers plans and carries out what is confirmed of them.
type Engine struct {
	Options
	runs  map[string]Run
	hooks map[string]Hooks
	fleet fleet.Fleet[*Operation]
	quit  chan struct{} // closed when nothing more is to be begun
	bell  *bell.Bell

	tidied  time.Time    // when Run last tidied plans
	waiting atomic.Int64 // operations that were due soon, at the last look
}

// New makes an engine. Nothing is carried out before Run.
func New(o Options) *Engine {
	e := &Engine{Options: o, runs: map[string]Run{}, hooks: map[string]Hooks{}, quit: make(chan struct{}), bell: bell.New()}
	e.fleet.Landed, e.fleet.Name = e.bell.Ring, func(o *Operation) string { return o.ID }
	return e
}

// Register says who carries out plans of a kind. It is called before Run and before Offer.
func (e *Engine) Register(kind string, run Run) { e.runs[kind] = run }

const (
	lookEvery = time.Second      // for what another process left or confirmed
	restEvery = 30 * time.Second // where there is no other process
	mostOut   = 8                // operations at a time
	soon      = 2 * time.Second  // how far ahead Busy looks
	grace     = 5 * time.Second  // for attempts under way at the end
	awayPause = time.Second      // after the database failed
)

// Run carries out operations until ctx ends, once. What is in hand then begins nothing more and has 5 s to end; any process goes on
// with it.
func (e *Engine) Run(ctx context.Context) {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var keeping sync.WaitGroup
	keeping.Go(func() { e.keepLeases(life) })
	well := true
	note := func(err error) {
		if err != nil && well && ctx.Err() == nil {
			e.Log.Error("operations wait for the database", "error", err)
		}
		well = err == nil
	}
	inherited := false
	for ctx.Err() == nil {
		wait, err := awayPause, error(nil)
		if !inherited {
			err = e.inherit(ctx)
			inherited = err == nil
		}
		if inherited {
			wait, err = e.pass(ctx, life)
		}
		note(err)
		e.bell.Rest(ctx, wait)
	}
	close(e.quit)
	e.fleet.Land(grace)
	end()
	keeping.Wait()
}

// inherit takes what has a lease though nobody else can: on SQLite there is no other process, so its owner is dead.
func (e *Engine) inherit(ctx context.Context) error {
	if e.Store.Shared() {
		return nil
	}
	return e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "update operations set lease = 1 where state = 'open' and lease > 1")
		return err
	})
}

// pass begins what is due, and tells how long to wait for more.
func (e *Engine) pass(ctx, life context.Context) (time.Duration, error) {
	if err := e.tidy(ctx); err != nil {
		return awayPause, err
	}
	for e.fleet.Size() < mostOut {
		rung := e.bell.Rung()
		o, idle, err := e.claim(ctx)
		switch {
		case err != nil:
			return awayPause, err
		case o != nil:
			e.fleet.Send(life, o, e.attempt)
		case idle.wait > 0:
			e.waiting.Store(idle.soon)
			e.bell.Settle(rung)
			return idle.wait, nil
		}
	}
	return e.patience(), nil // an attempt that ends nudges
}

// patience is how long to wait when nothing falls due.
func (e *Engine) patience() time.Duration {
	if e.Store.Shared() {
		return lookEvery
	}
	return restEvery
}

// changed is called after the commit of a transaction that changed an operation.
func (e *Engine) changed() {
	e.Nudge()
	e.bell.Ring()
}

// Busy is how many operations are in hand, due now, or due within 2 s. It is above 0 before the first look, and while the database is
// away.
func (e *Engine) Busy() int {
	return e.bell.Due() + int(e.waiting.Load()) + e.fleet.Size()
}

// Open is how many operations have not ended.
func (e *Engine) Open(ctx context.Context) (n int, err error) {
	err = e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from operations where state = 'open'").Scan(&n)
	})
	return n, err
}
