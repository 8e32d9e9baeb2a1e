package hold

import (
	"context"
	"time"

	"slipway/bot/store"
)

// Standing gives the hold that is set on an app.
func (h *Holds) Standing(ctx context.Context, app string) (hold Hold, ok bool, err error) {
	err = h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		hold, ok, err = h.Of(ctx, tx, app)
		return err
	})
	return hold, ok, err
}

// Placed tells whether an operation set a hold, whether or not it is set still.
func (h *Holds) Placed(ctx context.Context, operation string) (placed bool, err error) {
	err = h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := read(ctx, tx, "id = $1", operation)
		placed = len(list) > 0
		return err
	})
	return placed, err
}

// Place sets a hold that begins now, and has it looked after.
func (h *Holds) Place(ctx context.Context, hold Hold) error {
	hold.At = time.Now()
	return h.change(ctx, func(ctx context.Context, tx *store.Tx) error { return h.Set(ctx, tx, hold) })
}

// Lift ends the hold of an app, if one is set.
func (h *Holds) Lift(ctx context.Context, app, by, why string) error {
	return h.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := h.End(ctx, tx, app, by, why)
		return err
	})
}

// Permit lets pull requests deploy though the app is held, and tells whether it is.
func (h *Holds) Permit(ctx context.Context, app string, pulls ...int) (held bool, err error) {
	err = h.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		held, err = h.Allow(ctx, tx, app, pulls...)
		return err
	})
	return held, err
}

func (h *Holds) change(ctx context.Context, work func(context.Context, *store.Tx) error) error {
	if err := h.Store.Do(ctx, work); err != nil {
		return err
	}
	h.Boards.Nudge()
	h.Nudge()
	return nil
}
