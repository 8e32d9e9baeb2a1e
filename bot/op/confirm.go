package op

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/say"
	"slipway/bot/store"
)

// Started is an operation that was confirmed.
type Started struct {
	ID      string
	Title   string // mrkdwn
	Channel string // where it is shown
}

// Confirm makes an operation of the plan that a button's value names, in one transaction, and has it begun at once. Every click that
// does nothing gives a *say.Refusal, with the lines to do it by hand where the plan is known.
func (e *Engine) Confirm(ctx context.Context, by access.Who, value string) (Started, error) {
	return e.confirm(ctx, by, value, "", e.mayConfirm)
}

// Submit is Confirm for a modal, whose submit has 3 s: it asks no far end. Whether this person may is asked before the first effect, as
// before each, and nothing is changed without it. Typed is what was typed to confirm.
func (e *Engine) Submit(ctx context.Context, by access.Who, value, typed string) (Started, error) {
	return e.confirm(ctx, by, value, typed, func(_ context.Context, _ access.Who, f offer) error { return e.MayWrite(f.Plan.App) })
}

func (e *Engine) confirm(ctx context.Context, by access.Who, value, typed string, may func(context.Context, access.Who, offer) error) (Started, error) {
	f, err := e.ready(ctx, by, value)
	if err == nil && !f.Plan.isTyped(typed) {
		err = say.Refuse("To confirm this, type %s.", say.Code(f.Plan.Typed))
	}
	if err == nil {
		err = may(ctx, by, f)
	}
	if err == nil {
		err = e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error { return e.start(ctx, tx, now, by, value) })
	}
	if errors.Is(err, errStands) {
		if _, err = e.Free(ctx, by, f.Plan.App, false); err == nil {
			err = justEnded(f.Plan.App)
		}
	}
	if err != nil {
		return Started{}, e.refuse(ctx, by, f, err)
	}
	e.changed()
	return Started{ID: f.ID, Title: f.Plan.Title, Channel: f.Channel}, nil
}

// ready finds a plan that can be confirmed.
func (e *Engine) ready(ctx context.Context, by access.Who, value string) (f offer, err error) {
	err = e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		f, err = waits(ctx, tx, now, by, value)
		return err
	})
	return f, err
}

// waits gives the plan of a button if it waits for a person, and says what became of it if it does not.
func waits(ctx context.Context, tx *store.Tx, now int64, by access.Who, value string) (offer, error) {
	f, was, err := offered(ctx, tx, value)
	if err != nil {
		return offer{}, err
	}
	switch {
	case was.what == cancelled:
		return f, over("This plan was cancelled by %s at %s. Ask for a new one.", name(was.who, by), say.Date(moment(was.at)))
	case was.what == confirmed:
		return f, already(ctx, tx, f, was, by)
	case was.what == expired || now >= f.Expires:
		gone := over("This plan expired at %s, %s after it was made. Ask for a new one.", say.Date(moment(f.Expires)), say.For(lasts))
		gone.expired = f.Expires
		return f, gone
	}
	return f, nil
}

// already says what came of a plan that was confirmed before.
func already(ctx context.Context, tx *store.Tx, f offer, was fate, by access.Who) error {
	r, err := readRow(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	done := over("This plan was confirmed by %s at %s already, and %s. A plan is carried out once.",
		name(was.who, by), say.Date(moment(was.at)), r.since())
	done.Moot = r.moot || r.state != failed && r.state != stopped // by hand it could be done twice
	return done
}

// name is a person as another is told of them.
func name(user string, to access.Who) string {
	if user == to.User {
		return "you"
	}
	return "<@" + user + ">"
}

// mayConfirm asks anew whether this person may do this now.
func (e *Engine) mayConfirm(ctx context.Context, by access.Who, f offer) error {
	if err := e.MayWrite(f.Plan.App); err != nil {
		return err
	}
	if err := e.Allowed(ctx, by, f.Plan.App, f.Plan.Verb); err != nil {
		return err
	}
	return e.Alone(ctx)
}

// start makes an operation of a plan that still waits, unless another one has the app. Of two people, or processes, that do it at the
// same time one does.
func (e *Engine) start(ctx context.Context, tx *store.Tx, now int64, by access.Who, value string) error {
	id, _, _ := strings.Cut(value, ".")
	n, err := tx.Exec(ctx, "update plans set fate = $1, who = $2, at = $3 where id = $4 and fate = '' and expires > $3", confirmed, by.User, now, id)
	if err != nil {
		return err
	}
	if n == 0 {
		_, err := waits(ctx, tx, now, by, value)
		if err == nil {
			err = fmt.Errorf("plan %s waits and cannot be confirmed", id)
		}
		return err
	}
	f, _, err := offered(ctx, tx, value)
	if err != nil {
		return err
	}
	o := row{offer: f, by: by, confirmed: now}
	if o.replaced, err = e.occupy(ctx, tx, now, by, f); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into operations (id, app, channel, who, team, confirmed, state, wake, replaced)
		values ($1, $2, $3, $4, $5, $6, $7, $6, $8)`,
		f.ID, f.Plan.App, f.Channel, by.User, by.Team, now, string(open), o.replaced)
	if err != nil {
		return err
	}
	if err := e.Touch(ctx, tx, o.board()); err != nil {
		return err
	}
	if err := e.confirmed(ctx, tx, &o); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{
		At: moment(now), App: f.Plan.App, Operation: f.ID, Who: by.User, What: audit.Confirmed, Text: f.Plan.words(),
		Detail: map[string]string{"plan": hashOfValue(value)},
	})
}

// hashOfValue is the hash in a button's value.
func hashOfValue(value string) string {
	_, hash, _ := strings.Cut(value, ".")
	return hash
}

// refuse writes a refusal down, and adds the lines to do it by hand.
func (e *Engine) refuse(ctx context.Context, by access.Who, f offer, err error) error {
	no, inWords := errors.AsType[*say.Refusal](err)
	away := store.Away(err) && f.ID != ""
	switch {
	case away:
		no = unsure(ActionConfirm)
	case !inWords:
		return fmt.Errorf("confirm: %w", err)
	case f.ID == "":
		return err // nobody knows what it would have been
	}
	manner := e.Manner(ctx, by, f.Plan.App, err, by.User == f.By.User)
	if !away {
		e.tell(ctx, by, f, manner, err)
	}
	shown := *no
	if hand := say.ByHand(f.Plan.ByHand); hand != "" && manner.ByHand && !no.Moot {
		shown.Text += "\n" + hand
	}
	if IsOver(err) {
		return &overError{Refusal: &shown}
	}
	return &shown
}

// tell writes down that somebody was told no: in the audit trail or, where they could make that grow as they like, in the log.
func (e *Engine) tell(ctx context.Context, by access.Who, f offer, manner access.Manner, err error) {
	if !manner.Recorded {
		e.Log.Info("refused", "operation", f.ID, "app", f.Plan.App, "user", by.User, "rule", access.RuleOf(err))
		return
	}
	if text, ok := answer(err); ok {
		e.note(ctx, f, audit.Entry{Who: by.User, What: audit.Refused, Text: text, Detail: ruled(err)})
	}
}

// overError refuses a click on a plan that is over.
type overError struct {
	*say.Refusal
	expired int64 // when the plan expired; 0: it did not
}

func (o *overError) Unwrap() error { return o.Refusal }

func over(format string, args ...any) *overError {
	return &overError{Refusal: &say.Refusal{Text: fmt.Sprintf(format, args...)}}
}

// IsOver tells of a refusal that no other click on that plan can do anything, so that its buttons are of no use.
func IsOver(err error) bool {
	_, is := errors.AsType[*overError](err)
	return is
}

// ruled is the rule of a refusal for the audit trail.
func ruled(err error) map[string]string {
	if rule := access.RuleOf(err); rule != "" {
		return map[string]string{"rule": rule}
	}
	return nil
}

// note writes to the audit trail what changed nothing else. Without it the answer is the same.
func (e *Engine) note(ctx context.Context, f offer, one audit.Entry) {
	one.App, one.Operation = f.Plan.App, f.ID
	err := e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		one.At = moment(now)
		return audit.Write(ctx, tx, one)
	})
	if err != nil {
		e.Log.Error("not in the audit trail", "operation", f.ID, "app", f.Plan.App, "what", one.What, "error", err)
	}
}
