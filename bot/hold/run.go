package hold

import (
	"context"
	"time"

	"slipway/bot/bell"
	"slipway/bot/store"
)

const (
	lookEvery = 15 * time.Second // for what another process folded before it died, and for what was folded without a nudge
	breath    = 50 * time.Millisecond
	awayPause = time.Second          // after the database failed
	together  = 2 * time.Millisecond // after a nudge: what is folded or done in one moment is looked at once
	soon      = 2 * time.Second      // how far ahead Busy looks
)

// Nudge has Run look now. It is called after the commit of a transaction that folded facts, or that set or ended a hold.
func (h *Holds) Nudge() { h.bell.Ring() }

// Busy is above 0 while something is to be looked at or done within 2 s, before the first look, and while the database is away.
func (h *Holds) Busy() int {
	return h.bell.Due() + int(h.waiting.Load())
}

// Run watches and acts until ctx ends.
func (h *Holds) Run(ctx context.Context) {
	resumed := false
	for ctx.Err() == nil {
		var wait time.Duration
		var err error
		if !resumed {
			err = h.resume(ctx)
			resumed = err == nil
		}
		if err == nil {
			wait, err = h.pass(ctx)
		}
		h.note(ctx, err)
		if err != nil {
			wait = awayPause
		}
		if h.bell.Rest(ctx, max(wait, breath)) {
			bell.Pause(ctx, together)
		}
	}
}

// resume has every run that is to end looked at now: whoever had taken one may be dead. That another process is at one is no harm, a run
// ends once however often it is asked to.
func (h *Holds) resume(ctx context.Context) error {
	return h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := time.Now().UnixMilli()
		_, err := tx.Exec(ctx, "update hold_runs set wake = $1 where wake > $1", now)
		if err == nil {
			_, err = tx.Exec(ctx, "update hold_statuses set wake = $1 where wake > $1", now)
		}
		return err
	})
}

// pass looks at each app, does what is due, and tells how long to wait for more.
func (h *Holds) pass(ctx context.Context) (wait time.Duration, err error) {
	rung := h.bell.Rung()
	wait = lookEvery
	for _, app := range h.Apps {
		again, err := h.look(ctx, app)
		if err != nil {
			return wait, err
		}
		wait = min(wait, again)
	}
	for _, act := range []func(context.Context) (time.Duration, error){h.telling, h.cancel, h.inform, h.remind} {
		again, err := act(ctx)
		if err != nil {
			return wait, err
		}
		wait = min(wait, again)
	}
	h.waiting.Store(0)
	if wait <= soon {
		h.waiting.Store(1)
	}
	h.bell.Settle(rung)
	return wait, nil
}

// note logs once that nothing can be looked at, and once that it can be again.
func (h *Holds) note(ctx context.Context, err error) {
	switch failing := err != nil && ctx.Err() == nil; {
	case failing == h.failing:
		return
	case failing:
		h.Log.Error("holds are not looked after", "error", err, "away", store.Away(err))
	default:
		h.Log.Info("holds are looked after again")
	}
	h.failing = !h.failing
}
