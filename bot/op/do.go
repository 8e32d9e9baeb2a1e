package op

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slipway/bot/audit"
	"slipway/bot/say"
	"slipway/bot/store"
)

// Effect is one change of the world, and how to know it again. Of its functions a *say.Refusal is an answer, and any other error
// says that nobody could tell; an Act's error is a failure unless Options.Ambiguous says otherwise.
type Effect[T any] struct {
	// Guard reads what the plan rests on, just before Act, and refuses when it is gone. It is never called while it is open whether the
	// effect was made. Nil: the plan rests on nothing.
	Guard func(ctx context.Context) error

	// Find looks for the effect, which was begun at since or later, and tells what came of it or that it is not there. A refusal says that
	// this cannot be told, and why. Nil: it can never be told.
	Find func(ctx context.Context, since time.Time) (result T, found bool, err error)

	// Act makes the change. It has 6 s from when that was written down; what takes longer is looked for.
	Act func(ctx context.Context) (T, error)

	// Settle is how long after its beginning the far end may still make a change whose connection died. Only then Act is repeated.
	Settle time.Duration

	// IDs are the far end's own of what came of it, for the audit trail. Nil: there are none.
	IDs func(result T) map[string]string

	// Detail is what the thread says of what came of it, in mrkdwn; "": nothing. Nil: nothing ever.
	Detail func(result T) string

	// Harmless says that it does not change the app: what has done nothing else may still give way to another operation.
	Harmless bool
}

// effect is an Effect whatever comes of it.
type effect struct {
	guard  func(ctx context.Context) error
	find   func(ctx context.Context, since time.Time) (outcome, bool, error)
	act    func(ctx context.Context) (outcome, error)
	settle time.Duration

	harmless bool
}

// outcome is what came of a step.
type outcome struct {
	json   string
	ids    map[string]string
	detail string // mrkdwn, for the thread; "": nothing
}

// Do makes a change once, whatever happens to this process, and gives what came of it: its result is stored as JSON.
func Do[T any](ctx context.Context, o *Operation, step string, f Effect[T]) (T, error) {
	known := func(result T) (outcome, error) {
		out, err := stored(result)
		if err == nil && f.IDs != nil {
			out.ids = f.IDs(result)
		}
		if err == nil && f.Detail != nil {
			out.detail = f.Detail(result)
		}
		return out, err
	}
	return replay[T](ctx, o, func() (string, error) {
		return o.do(ctx, step, effect{
			guard: f.Guard,
			find: func(ctx context.Context, since time.Time) (outcome, bool, error) {
				if f.Find == nil {
					return outcome{}, false, say.Refuse("There is no way to look for it.")
				}
				result, found, err := f.Find(ctx, since)
				if err != nil || !found {
					return outcome{}, false, err
				}
				out, err := known(result)
				return out, true, err
			},
			act: func(ctx context.Context) (outcome, error) {
				result, err := f.Act(ctx)
				if err != nil {
					return outcome{}, err
				}
				return known(result)
			},
			settle: f.Settle, harmless: f.Harmless,
		})
	})
}

func stored(result any) (outcome, error) {
	text, err := json.Marshal(result)
	return outcome{json: string(text)}, err
}

// replay gives the result of a step as it was stored, so that the first attempt reads nothing else than a later one.
func replay[T any](ctx context.Context, o *Operation, step func() (string, error)) (result T, err error) {
	text, err := step()
	if err != nil {
		return result, err
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		var none T
		return none, o.mismatch(ctx, fmt.Sprintf("the result of step %d cannot be read any more: %v", o.passed, err))
	}
	return result, nil
}

// do takes one step.
func (o *Operation) do(ctx context.Context, name string, f effect) (string, error) {
	s, err := o.enter(ctx, name, doing)
	if err == nil && s.state == asking {
		s.harmless = f.harmless
	}
	switch {
	case err != nil:
		return "", err
	case s.state == done:
		return s.result, nil
	case s.acted > 0:
		return o.search(ctx, s, f)
	}
	return o.make(ctx, s, f)
}

// make begins an effect, if it may still begin.
func (o *Operation) make(ctx context.Context, s *step, f effect) (string, error) {
	if err := o.may(ctx, s, f.guard); err != nil {
		return "", err
	}
	until, err := o.begin(ctx, s)
	if err != nil {
		return "", err
	}
	if left(until) <= 0 {
		return "", o.abandon(ctx, errPause) // another process may have the operation
	}
	acting, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	var out outcome
	err = guard(func() (err error) {
		out, err = f.act(acting)
		return err
	})
	switch {
	case err == nil:
		return o.finish(ctx, s, out)
	case o.ambiguous(acting, err):
		o.engine.Log.Warn("an effect may have been made or not", "operation", o.ID, "app", o.Plan.App, "step", s.name, "error", err)
		s.state, s.said = looking, o.farOf(err).Said
		return "", o.pause(ctx, s, firstLook)
	case o.farOf(err).NotNow:
		return "", o.later(ctx, s, err)
	}
	o.leaves(s, err)
	return "", o.fail(ctx, s, stepFailed, failed, o.words(err))
}

// later waits to begin an effect anew that surely was not made.
func (o *Operation) later(ctx context.Context, s *step, err error) error {
	s.state, s.acted, s.said = asking, 0, o.farOf(err).Said
	return o.trouble(ctx, s, err, in(o.confirmed, fresh), func() error { return o.tooLate(ctx, s) })
}

// ambiguous tells whether an effect may have been made although Act gave an error. A call that was broken off may have been.
func (o *Operation) ambiguous(acting context.Context, err error) bool {
	if acting.Err() != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errPanic) {
		return true
	}
	if o.engine.Ambiguous != nil {
		return o.engine.Ambiguous(err)
	}
	_, inWords := answer(err)
	return !inWords
}

// finish writes down what came of a step.
func (o *Operation) finish(ctx context.Context, s *step, out outcome) (string, error) {
	err := o.write(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		s.well()
		s.state, s.ended, s.result, s.detail = done, now, out.json, out.detail
		if err := o.show(ctx, tx, s); err != nil {
			return err
		}
		return o.tell(ctx, tx, now, audit.Entry{What: audit.StepEnded, Text: s.ending(), Detail: out.ids})
	})
	if err != nil {
		return "", o.abandon(ctx, err)
	}
	o.engine.Nudge()
	return s.result, nil
}
