package op

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/store"
)

// Offer stores a plan for somebody to confirm within 10 minutes. Plans hold nothing: there may be many of one app. The channel is
// where the operation will be shown, as Slack's id: the app's.
func (e *Engine) Offer(ctx context.Context, by access.Who, channel string, p Plan) (Ticket, error) {
	if err := e.check(p); err != nil {
		return Ticket{}, err
	}
	var ticket Ticket
	err := e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		f := offer{Plan: p, By: by, Channel: channel, Created: now, Expires: in(now, lasts)}
		hash, err := f.keep(ctx, tx)
		if err != nil {
			return err
		}
		ticket = Ticket{ID: f.ID, Hash: hash, Expires: moment(f.Expires)}
		return audit.Write(ctx, tx, audit.Entry{At: moment(now), App: p.App, Operation: f.ID, Who: by.User, What: audit.Planned, Text: p.words()})
	})
	if err != nil {
		return Ticket{}, fmt.Errorf("offer to %s: %w", p.Kind, err)
	}
	return ticket, nil
}

// check refuses plans that could not be carried out or shown.
func (e *Engine) check(p Plan) error {
	switch {
	case e.runs[p.Kind] == nil:
		return fmt.Errorf("nobody is registered to carry out plans of kind %q", p.Kind)
	case p.App == "" || p.Verb == "" || p.Title == "" || p.Label == "":
		return fmt.Errorf("a plan of kind %q has no app, verb, title or label", p.Kind)
	}
	return nil
}

// keep stores an offer under an id that no other has, and gives the hash of all of it. Ids are derived, so that what shows them is the
// same each time it is played: from the id of the app's plan before, as the audit trail has it, which forgets none.
func (f *offer) keep(ctx context.Context, tx *store.Tx) (hash string, err error) {
	var before string
	err = tx.QueryRow(ctx, "select operation from audit where app = $1 and what = $2 order by seq desc limit 1", f.Plan.App, audit.Planned).Scan(&before)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return "", err
	}
	for n := 0; ; n++ {
		f.ID = hashOf(fmt.Sprintf("%d %s %s %s %s", n, before, f.Plan.Kind, f.Plan.App, f.By.User))[:8]
		body, hash, err := f.freeze()
		if err != nil {
			return "", err
		}
		added, err := tx.Exec(ctx, "insert into plans (id, app, body, expires) values ($1, $2, $3, $4) on conflict (id) do nothing",
			f.ID, f.Plan.App, body, f.Expires)
		if err != nil || added == 1 {
			return hash, err
		}
	}
}

// words are all that a plan shows, as one text.
func (p Plan) words() string { return strings.Join(p.shown(), "\n") }

// offered finds the plan of a button, if the button is that of the plan as it was stored.
func offered(ctx context.Context, tx *store.Tx, value string) (offer, fate, error) {
	id, hash, _ := strings.Cut(value, ".")
	var body string
	var was fate
	err := tx.QueryRow(ctx, "select body, fate, who, at from plans where id = $1", id).Scan(&body, &was.what, &was.who, &was.at)
	switch {
	case errors.Is(err, store.ErrNone):
		return offer{}, fate{}, errNoPlan()
	case err != nil:
		return offer{}, fate{}, err
	case hashOf(body) != hash:
		return offer{}, fate{}, errAltered()
	}
	f, err := thaw(body)
	return f, was, err
}

// fate is what became of a plan. The columns' meaning stands in the migration.
type fate struct {
	what, who string
	at        int64
}

// What becomes of plans. It is stored for ever.
const (
	confirmed = "confirmed"
	cancelled = "cancelled"
	expired   = "expired"
)

func errNoPlan() error {
	return over("I know no such plan: the button is not one of mine, or older than a month. Nothing is done. Ask for a new plan.")
}

func errAltered() error {
	return over("This button is not that of the plan as I stored it, so nothing is done. Ask for a new plan.")
}
