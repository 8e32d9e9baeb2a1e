package op

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/say"
	"slipway/bot/store"
)

// The action ids of buttons. Messages in Slack hold them for ever.
const (
	ActionConfirm     = "op_confirm"      // the value is a ticket's
	ActionCancel      = "op_cancel"       // the value is a ticket's
	ActionStop        = "op_stop"         // the value is an operation's id
	ActionHappened    = "op_happened"     // the value is an operation's id
	ActionNotHappened = "op_not_happened" // the value is an operation's id
)

// Press does what a button says, and answers whoever pressed it. A click that does nothing gives a *say.Refusal, and so does one of
// which nobody can tell whether it did something.
func (e *Engine) Press(ctx context.Context, by access.Who, action, value string) (text string, err error) {
	text, err = e.press(ctx, by, action, value)
	switch {
	case store.Away(err):
		return "", unsure(action)
	case err != nil:
		return "", err
	}
	return text, nil
}

// unsure says of a button what is not known while the database is away: what it says may have been kept all the same, as after a commit
// that got no answer.
func unsure(action string) *say.Refusal {
	what := map[string]string{
		ActionConfirm:     "whether this was confirmed. Press again in a moment: it is done once.",
		ActionCancel:      "whether this was cancelled. Press again in a moment: to do that twice does no harm.",
		ActionStop:        "whether it stops. Press again in a moment: to do that twice does no harm.",
		ActionHappened:    "whether I noted that it happened. Press again in a moment: it is noted once.",
		ActionNotHappened: "whether I noted that it did not happen. Press again in a moment: it is noted once.",
	}[action]
	return &say.Refusal{Text: "The database does not answer, so I cannot tell " + what}
}

func (e *Engine) press(ctx context.Context, by access.Who, action, value string) (text string, err error) {
	switch action {
	case ActionConfirm:
		started, err := e.Confirm(ctx, by, value)
		return fmt.Sprintf("Confirmed: %s. Its progress is in <#%s>.", started.Title, started.Channel), err
	case ActionCancel:
		return "Cancelled. Nothing was done.", e.Cancel(ctx, by, value)
	case ActionStop:
		return e.Stop(ctx, by, value)
	case ActionHappened:
		return "Noted: it happened.", e.Close(ctx, by, value, true)
	case ActionNotHappened:
		return "Noted: it did not happen. Nothing is repeated; if it is still wanted, ask for a new plan.", e.Close(ctx, by, value, false)
	}
	return "", say.Refuse("I know no such button: it is of another version of mine. Nothing is done.")
}

// Cancel puts a plan away. Who asked for it may, and who may do what it plans.
func (e *Engine) Cancel(ctx context.Context, by access.Who, value string) error {
	f, err := e.ready(ctx, by, value)
	if err == nil && by != f.By {
		err = e.Allowed(ctx, by, f.Plan.App, f.Plan.Verb)
	}
	if err == nil {
		err = e.cancel(ctx, by, f, value)
	}
	if gone, ok := errors.AsType[*overError](err); ok && gone.expired > 0 {
		return over("Nothing was done; it had expired at %s.", say.Date(moment(gone.expired)))
	}
	return err
}

func (e *Engine) cancel(ctx context.Context, by access.Who, f offer, value string) error {
	return e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		n, err := tx.Exec(ctx, "update plans set fate = $1, who = $2, at = $3 where id = $4 and fate = ''", cancelled, by.User, now, f.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			_, err := waits(ctx, tx, now, by, value)
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: moment(now), App: f.Plan.App, Operation: f.ID, Who: by.User, What: audit.Cancelled})
	})
}

// Stop ends an operation before its next effect, and says what that means. An effect that was begun is brought to its end.
func (e *Engine) Stop(ctx context.Context, by access.Who, id string) (text string, err error) {
	err = e.amend(ctx, by, id, "stop it", func(r *row, steps []*step) error {
		text = "It stops before its next change."
		if slices.ContainsFunc(steps, (*step).sent) {
			text = "It was sent already; if it arrived there is nothing left of it to stop. It is not sent again, and nothing else is begun."
		}
		switch {
		case r.state != open:
			return say.Refuse("There is nothing to stop: it %s.", r.since())
		case r.stopper != "":
			return say.Refuse("%s asked to stop it already. It stops before its next change.", sentenceName(r.stopper, by))
		case !r.stoppable(steps):
			return say.Refuse("There is nothing left to stop: %s.", steps[len(steps)-1].last())
		}
		return nil
	}, func(ctx context.Context, tx *store.Tx, now int64) error {
		_, err := tx.Exec(ctx, "update operations set stopper = $1, wake = $2 where id = $3", by.User, now, id)
		return err
	}, audit.Entry{What: audit.Asked, Text: "Stop"})
	return text, err
}

// Close writes down what somebody who may found out of an operation that ended as unknown, and frees its app. Nothing is done because
// of the answer.
func (e *Engine) Close(ctx context.Context, by access.Who, id string, happened bool) error {
	if happened {
		return e.settle(ctx, by, id, "happened")
	}
	return e.settle(ctx, by, id, notHappened)
}

// Seen frees the app of an operation that ended as unknown, for somebody who may and has read it.
func (e *Engine) Seen(ctx context.Context, by access.Who, id string) error {
	return e.settle(ctx, by, id, "seen")
}

func (e *Engine) settle(ctx context.Context, by access.Who, id, word string) error {
	return e.amend(ctx, by, id, "say what became of it", func(r *row, _ []*step) error {
		switch {
		case r.state == open:
			return say.Refuse("It is being carried out. When it ends its message says how.")
		case r.state != unknown:
			return say.Refuse("How it ended is known: it %s.", r.since())
		case r.word != "" && r.word != "seen" || r.word == word:
			return say.Refuse("%s said so at %s already: %s.", sentenceName(r.wordBy, by), say.Date(moment(r.wordAt)), r.verdict())
		}
		return nil
	}, func(ctx context.Context, tx *store.Tx, now int64) error {
		_, err := tx.Exec(ctx, "update operations set word = $1, word_by = $2, word_at = $3 where id = $4", word, by.User, now, id)
		if err != nil {
			return err
		}
		if word == notHappened {
			if err := e.undone(ctx, tx, id); err != nil {
				return err
			}
		}
		return release(ctx, tx, id)
	}, audit.Entry{What: audit.Closed, Text: word})
}

// amend changes an operation for somebody who may do what it does. In its transaction the row is locked first, so that of two people
// one is told of the other.
func (e *Engine) amend(ctx context.Context, by access.Who, id, what string, check func(r *row, steps []*step) error,
	change func(ctx context.Context, tx *store.Tx, now int64) error, told audit.Entry,
) error {
	r, steps, err := e.row(ctx, id)
	if err == nil {
		err = check(&r, steps)
	}
	if err != nil {
		return err
	}
	if err := e.Allowed(ctx, by, r.Plan.App, r.Plan.Verb); err != nil {
		if _, ok := answer(err); ok {
			e.tell(ctx, by, r.offer, e.Manner(ctx, by, r.Plan.App, err, false), err)
		}
		return only(what, err)
	}
	err = e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		if _, err := tx.Exec(ctx, "update operations set stopper = stopper where id = $1", id); err != nil {
			return err
		}
		if r, steps, err = readAll(ctx, tx, id); err != nil {
			return err
		}
		if err := check(&r, steps); err != nil {
			return err
		}
		if err := change(ctx, tx, now); err != nil {
			return err
		}
		if err := e.Touch(ctx, tx, r.board()); err != nil {
			return err
		}
		told.At, told.App, told.Operation, told.Who = moment(now), r.Plan.App, id, by.User
		return audit.Write(ctx, tx, told)
	})
	if err == nil {
		e.changed()
	}
	return err
}

// only puts before a person's refusal that it was not a change that they asked for.
func only(what string, err error) error {
	no, ok := errors.AsType[*access.Refused](err)
	if !ok || !slices.Contains([]string{access.RuleCollaborator, access.RulePermission, access.RuleCircle, access.RuleNobody}, no.Rule) {
		return err
	}
	told := *no
	told.Refusal = &say.Refusal{Text: fmt.Sprintf("Only who may do it may %s. %s", what, no.Text)}
	return &told
}

// row reads an operation for a person who asked about it.
func (e *Engine) row(ctx context.Context, id string) (r row, steps []*step, err error) {
	err = e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, steps, err = readAll(ctx, tx, id)
		return err
	})
	if errors.Is(err, errNoOperation) {
		return row{}, nil, say.Refuse("I know no such operation. Nothing is done.")
	}
	return r, steps, err
}

// sentenceName is a person at the beginning of a sentence.
func sentenceName(user string, to access.Who) string {
	if user == to.User {
		return "You"
	}
	return "<@" + user + ">"
}
