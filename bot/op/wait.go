package op

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"slipway/bot/audit"
	"slipway/bot/say"
	"slipway/bot/store"
)

// Watch is something that comes by itself.
type Watch[T any] struct {
	// Look tells what has come, or that it has not yet. A *say.Refusal says that it will not come, and ends the operation as failed; any
	// other error says that nobody could tell.
	Look func(ctx context.Context) (result T, come bool, err error)

	// Detail is what the thread says of what came, in mrkdwn; "": nothing. Nil: nothing ever.
	Detail func(result T) string

	Every    time.Duration // between two looks; 0: 5 s
	Deadline time.Duration // after the first look; 0: 15 min
}

// Wait gives what came, once it has. It looks once and gives the worker back: no attempt is ever long.
func Wait[T any](ctx context.Context, o *Operation, step string, w Watch[T]) (T, error) {
	return replay[T](ctx, o, func() (string, error) {
		return o.wait(ctx, step, watch{
			look: func(ctx context.Context) (out outcome, come bool, err error) {
				result, come, err := w.Look(ctx)
				if err != nil || !come {
					return outcome{}, false, err
				}
				out, err = stored(result)
				if w.Detail != nil {
					out.detail = w.Detail(result)
				}
				return out, true, err
			},
			every:    cmp.Or(w.Every, 5*time.Second),
			deadline: cmp.Or(w.Deadline, 15*time.Minute),
		})
	})
}

// watch is a Watch whatever comes.
type watch struct {
	look            func(ctx context.Context) (outcome, bool, error)
	every, deadline time.Duration
}

// wait takes one look.
func (o *Operation) wait(ctx context.Context, name string, w watch) (string, error) {
	s, err := o.enter(ctx, name, waiting)
	switch {
	case err != nil:
		return "", err
	case s.state == done:
		return s.result, nil
	case s.state == asking:
		if err := o.watch(ctx, s); err != nil {
			return "", err
		}
	}
	asked, limit := o.now(), in(s.began, w.deadline)
	var out outcome
	var come bool
	err = reading(ctx, func(ctx context.Context) (err error) {
		out, come, err = w.look(ctx)
		return err
	})
	if err != nil && ctx.Err() != nil {
		return "", o.gone(ctx, err)
	}
	text, inWords := answer(err)
	switch {
	case inWords:
		o.leaves(s, err)
		return "", o.fail(ctx, s, stepFailed, failed, text)
	case err != nil:
		return "", o.trouble(ctx, s, err, limit, func() error {
			return o.fail(ctx, s, stepUnknown, unknown, unseenText(s)+" "+o.troubleText(s, err))
		})
	case come:
		return o.finish(ctx, s, out)
	case asked >= limit:
		return "", o.fail(ctx, s, stepFailed, failed, lateText(s, w.deadline))
	}
	s.well()
	return "", o.pause(ctx, s, min(w.every, time.Duration(limit-asked)*time.Millisecond))
}

// watch writes down that something is watched for.
func (o *Operation) watch(ctx context.Context, s *step) error {
	err := o.write(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		s.state, s.began = begun, now
		if err := o.show(ctx, tx, s); err != nil {
			return err
		}
		return o.tell(ctx, tx, now, audit.Entry{What: audit.StepBegan, Text: s.name})
	})
	if err != nil {
		return o.abandon(ctx, err)
	}
	o.engine.Nudge()
	return nil
}

func unseenText(s *step) string {
	return fmt.Sprintf("It cannot be told how the step “%s” went.", stepName(s.name))
}

func lateText(s *step, d time.Duration) string {
	return fmt.Sprintf("The step “%s” was not over %s after it began.", stepName(s.name), say.For(d))
}
