package op

import (
	"context"
	"fmt"

	"slipway/bot/audit"
	"slipway/bot/store"
)

// fail ends a step and the operation with it.
func (o *Operation) fail(ctx context.Context, s *step, how string, state State, text string) error {
	s.state = how
	return o.end(ctx, s, state, text)
}

// end writes down how an operation ended, with its last step if that did not end by itself. One that ended as unknown keeps the app
// until somebody has seen it.
func (o *Operation) end(ctx context.Context, s *step, state State, text string) error {
	choices, err := storedChoices(o.choices)
	if err != nil {
		return o.abandon(ctx, err)
	}
	return o.leave(ctx, errEnded, func(ctx context.Context, tx *store.Tx, now int64) error {
		_, err := tx.Exec(ctx, "update operations set state = $1, ended = $2, why = $3, moot = $4, choices = $5, lease = 0 where id = $6",
			string(state), now, text, number(o.moot), choices, o.ID)
		if err != nil {
			return err
		}
		if s != nil {
			switch {
			case s.state == asking:
				s.state = stepStopped
			case !s.over():
				s.state = stepUnknown
			}
			s.ended = now
			if err := o.show(ctx, tx, s); err != nil {
				return err
			}
		}
		if state != unknown {
			if err := release(ctx, tx, o.ID); err != nil {
				return err
			}
		}
		if err := o.engine.Touch(ctx, tx, o.board()); err != nil {
			return err
		}
		if err := o.engine.ended(ctx, tx, &o.row, End{Done: state == succeeded, Begun: begunAny(o.steps)}); err != nil {
			return err
		}
		if s != nil {
			if err := o.tell(ctx, tx, now, audit.Entry{What: audit.StepEnded, Text: s.ending()}); err != nil {
				return err
			}
		}
		return o.tell(ctx, tx, now, audit.Entry{What: audit.Ended, Text: endedWords(state, text)})
	})
}

// ending is how a step ended, for the audit trail, which has once that it began.
func (s *step) ending() string {
	text := s.name + ": " + s.state
	switch {
	case s.vain() > 0 && s.state == stepStopped:
		return fmt.Sprintf("%s, tried %s without effect", text, times(s.vain()))
	case s.tries > 1:
		return fmt.Sprintf("%s, tried %s", text, times(int(s.tries)))
	}
	return text
}

// number is how the store keeps a yes or no.
func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// endedWords are "failed: why".
func endedWords(state State, text string) string {
	if text == "" {
		return string(state)
	}
	return string(state) + ": " + text
}

// release frees the operation's app.
func release(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, "delete from operation_apps where operation = $1", id)
	return err
}
