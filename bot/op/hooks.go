package op

import (
	"context"
	"slices"
	"time"

	"slipway/bot/access"
	"slipway/bot/store"
)

// Hooks are what else is written down with an operation, so that neither is there without the other. They are called within the
// transactions that confirm and end it, perhaps several times when those are repeated, and ask no far end. Either may be nil.
type Hooks struct {
	// Confirmed is called when a plan is confirmed. Its error refuses that.
	Confirmed func(ctx context.Context, tx *store.Tx, c Confirmation) error

	// Ended is called when the operation ends, however that is; once more when a person says of one that ended as unknown that it did not
	// happen.
	Ended func(ctx context.Context, tx *store.Tx, c Confirmation, end End) error
}

// Confirmation is who confirmed what.
type Confirmation struct {
	ID      string // the operation's
	Plan    Plan
	By      access.Who
	Channel string // where it is shown; Slack's id
	At      time.Time
}

// End is how an operation ended.
type End struct {
	Done  bool // it succeeded
	Begun bool // it may have changed the app
}

// Hook says what is written down with operations of a kind. It is called before Run and before Confirm.
func (e *Engine) Hook(kind string, h Hooks) { e.hooks[kind] = h }

func (r *row) confirmation() Confirmation {
	return Confirmation{ID: r.ID, Plan: r.Plan, By: r.by, Channel: r.Channel, At: moment(r.confirmed)}
}

func (e *Engine) confirmed(ctx context.Context, tx *store.Tx, r *row) error {
	if hook := e.hooks[r.Plan.Kind].Confirmed; hook != nil {
		return hook(ctx, tx, r.confirmation())
	}
	return nil
}

func (e *Engine) ended(ctx context.Context, tx *store.Tx, r *row, end End) error {
	if hook := e.hooks[r.Plan.Kind].Ended; hook != nil {
		return hook(ctx, tx, r.confirmation(), end)
	}
	return nil
}

// begunAny tells whether steps may have changed the app.
func begunAny(steps []*step) bool { return slices.ContainsFunc(steps, (*step).changes) }

// notHappened is what a person says of an operation that ended as unknown. It is stored for ever.
const notHappened = "not happened"

// undone is what is written down when a person says that what was begun last did not happen. What was done before it stays.
func (e *Engine) undone(ctx context.Context, tx *store.Tx, id string) error {
	r, steps, err := readAll(ctx, tx, id)
	if err != nil {
		return err
	}
	begun := slices.ContainsFunc(steps, func(s *step) bool { return s.changes() && s.state != stepUnknown })
	return e.ended(ctx, tx, &r, End{Begun: begun})
}
