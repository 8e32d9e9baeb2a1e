package op

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/say"
	"slipway/bot/store"
)

// Operation is one attempt to carry out a confirmed plan. It serves the goroutine of its Run.
type Operation struct {
	row
	engine    *Engine
	steps     []*step // that were reached by any attempt
	passed    int     // how many of them were by this one
	over      error   // why this attempt goes no further
	claimed   time.Time
	claimedAt int64 // the same moment, by the clock that all processes share

	mu    sync.Mutex
	until time.Time // the lease's end, by this process's clock
}

// Data reads the data of the plan.
func (o *Operation) Data(into any) error {
	if err := json.Unmarshal(o.Plan.Data, into); err != nil {
		return fmt.Errorf("the data of operation %s: %w", o.ID, err)
	}
	return nil
}

// App is the app that the operation is about.
func (o *Operation) App() string { return o.Plan.App }

// By is who confirmed it.
func (o *Operation) By() access.Who { return o.by }

// now is the time of the clock that all processes share.
func (o *Operation) now() int64 { return in(o.claimedAt, time.Since(o.claimed)) }

// inherited tells, before this attempt took it, whether its process died.
func (o *Operation) inherited() bool { return o.lease > 0 }

var (
	errPaused = errors.New("the operation sleeps")
	errEnded  = errors.New("the operation has ended")
	errPanic  = errors.New("a panic")
)

// attempt lets Run go as far as it goes.
func (e *Engine) attempt(ctx context.Context, o *Operation) {
	run := e.runs[o.Plan.Kind]
	if run == nil {
		_ = o.strange(ctx) // what went wrong is logged there
		return
	}
	err := guard(func() error { return run(ctx, o) })
	switch {
	case o.over != nil:
	case err != nil && ctx.Err() != nil:
	case err != nil:
		_ = o.broke(ctx, err) // what went wrong is logged there, as below
	case o.passed < len(o.steps):
		_ = o.mismatch(ctx, fmt.Sprintf("step %d, %q, is not taken any more", o.passed+1, o.steps[o.passed].name))
	default:
		_ = o.end(ctx, nil, succeeded, "")
	}
}

// strange waits for a process that knows the plan's kind, for as long as effects may be begun and nobody asks to stop.
func (o *Operation) strange(ctx context.Context) error {
	o.engine.Log.Error("nobody knows how to carry out an operation: was it confirmed by a newer version?",
		"operation", o.ID, "app", o.Plan.App, "kind", o.Plan.Kind)
	wait := time.Duration(in(o.confirmed, fresh)-o.now()) * time.Millisecond
	switch {
	case o.stopper != "":
		return o.end(ctx, o.hanging(), o.short(), fmt.Sprintf("<@%s> stopped it. %s", o.stopper, strangeText))
	case wait < 0:
		return o.end(ctx, o.hanging(), o.short(), fmt.Sprintf("%s None that does took it up within %s of the confirmation. Ask for a new plan.",
			strangeText, say.For(fresh)))
	}
	return o.pause(ctx, nil, min(wait+time.Millisecond, time.Minute))
}

const strangeText = "It was confirmed by another version of slipway: this one does not know how to go on with it."

// broke ends an operation whose Run gave an error of its own.
func (o *Operation) broke(ctx context.Context, err error) error {
	if text, ok := answer(err); ok {
		o.moot = isMoot(err)
		return o.end(ctx, nil, failed, text)
	}
	o.engine.Log.Error("an operation broke", "operation", o.ID, "app", o.Plan.App, "kind", o.Plan.Kind, "error", err)
	return o.end(ctx, o.hanging(), o.short(), fmt.Sprintf("Something went wrong (operation %s); the log has the details.", o.ID))
}

// mismatch ends an operation whose Run takes another way than before.
func (o *Operation) mismatch(ctx context.Context, why string) error {
	o.engine.Log.Error("an operation takes another way than before", "operation", o.ID, "app", o.Plan.App, "kind", o.Plan.Kind, "why", why)
	return o.end(ctx, o.hanging(), o.short(), fmt.Sprintf("slipway would go another way now than when it began (%s), so it goes no further.", say.Foreign(why, 300)))
}

// hanging is the step that has not ended; nil if there is none.
func (o *Operation) hanging() *step {
	for _, s := range o.steps {
		if !s.over() {
			return s
		}
	}
	return nil
}

// short is how an operation ends that cannot go on.
func (o *Operation) short() State {
	if s := o.hanging(); s != nil && s.acted > 0 {
		return unknown // its effect may have been made
	}
	return failed
}

// enter is the next step of Run, as it stands.
func (o *Operation) enter(ctx context.Context, name, verb string) (*step, error) {
	if o.over != nil {
		return nil, o.over
	}
	select {
	case <-o.engine.quit:
		return nil, o.pause(ctx, nil, 0)
	default:
	}
	nth := o.passed
	o.passed++
	if nth < len(o.steps) {
		s := o.steps[nth]
		if s.name != name || s.verb != verb {
			return nil, o.mismatch(ctx, fmt.Sprintf("step %d was %s %q and is %s %q", nth+1, s.verb, s.name, verb, name))
		}
		return s, nil
	}
	for _, s := range o.steps {
		if s.name == name {
			return nil, o.mismatch(ctx, fmt.Sprintf("the step %q comes twice", name))
		}
	}
	s := &step{nth: int64(nth), name: name, verb: verb, state: asking, began: o.now()}
	o.steps = append(o.steps, s)
	return s, nil
}

// pause gives the operation back until later, with what is known of a step.
func (o *Operation) pause(ctx context.Context, s *step, d time.Duration) error {
	return o.leave(ctx, errPaused, func(ctx context.Context, tx *store.Tx, now int64) error {
		// A new epoch, so that a renewal that is on its way comes to nothing.
		_, err := tx.Exec(ctx, "update operations set wake = $1, lease = 0, epoch = epoch + 1 where id = $2", in(now, d), o.ID)
		if err != nil || s == nil {
			return err
		}
		return o.show(ctx, tx, s)
	})
}

// show saves a step and has the board drawn anew.
func (o *Operation) show(ctx context.Context, tx *store.Tx, s *step) error {
	if err := s.save(ctx, tx, o.ID); err != nil {
		return err
	}
	return o.engine.Touch(ctx, tx, o.boards(s)...)
}

// leave writes the last of an attempt.
func (o *Operation) leave(ctx context.Context, why error, work func(ctx context.Context, tx *store.Tx, now int64) error) error {
	if err := o.write(ctx, work); err != nil {
		return o.abandon(ctx, err)
	}
	o.over = why
	o.engine.changed()
	return o.over
}

// abandon ends an attempt that cannot write: the operation is taken up again when its lease has run out, unless another process
// has it already.
func (o *Operation) abandon(ctx context.Context, err error) error {
	if !errors.Is(err, errLost) && ctx.Err() == nil {
		o.engine.Log.Error("an operation waits until its lease has run out", "operation", o.ID, "app", o.Plan.App, "error", err)
	}
	o.over = err
	return err
}

// tell writes to the audit trail what happened to this operation. It is the last that a transaction does.
func (o *Operation) tell(ctx context.Context, tx *store.Tx, now int64, one audit.Entry) error {
	one.At, one.App, one.Operation = moment(now), o.Plan.App, o.ID
	return audit.Write(ctx, tx, one)
}

// guard makes a panic an error.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errPanic, v)
		}
	}()
	return f()
}

// isMoot tells of an answer in words that nothing is to be done.
func isMoot(err error) bool {
	r, ok := errors.AsType[*say.Refusal](err)
	return ok && r.Moot
}

// answer is the text of an error that is one in words.
func answer(err error) (string, bool) {
	if r, ok := errors.AsType[*say.Refusal](err); ok {
		return r.Text, true
	}
	return "", false
}
