package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/store"
)

// senderState is what is made of a sender's webhooks. It is stored as JSON: add fields, never rename them.
type senderState struct {
	Trusted bool
	Since   time.Time // when that was last so or not so
	Why     string    // what was missed last; "" if nothing was
	Missed  int       // things that webhooks should have told and did not, ever
	Looked  time.Time // when it was last read because it was time
	Caught  time.Time // when the last catch-up began

	Hooks hookState // of GitHub alone
}

// hookState is where deliveries are asked for again.
type hookState struct {
	ID       int64     // of the hook that brings them; 0: not known
	LookedAt time.Time // when it was last looked for
	Why      string    // why they cannot be asked for; "" if they can
	Upto     time.Time // failures until then were looked at
	Asked    int       // deliveries that were asked for, ever
}

// load reads what is known of the sender. On the first day it is trusted: what it does not tell will show.
func (w *watch) load(ctx context.Context) (s senderState, err error) {
	err = w.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		row := tx.QueryRow(ctx, `select state from senders where sender = $1 and scope = $2`, string(w.sender), w.scope)
		s, err = w.scan(row)
		return err
	})
	if err != nil {
		return senderState{}, fmt.Errorf("read what is known of the webhooks: %w", err)
	}
	return s, nil
}

func (w *watch) scan(row store.Row) (senderState, error) {
	s := senderState{Trusted: w.tells}
	var text string
	switch err := row.Scan(&text); {
	case errors.Is(err, store.ErrNone) || err == nil && text == "":
		return s, nil
	case err != nil:
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}

// change changes what is known of the sender. Who else does waits for it.
func (w *watch) change(ctx context.Context, f func(*senderState)) error {
	err := w.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := w.scan(tx.QueryRow(ctx, `insert into senders (sender, scope, state) values ($1, $2, '')
			on conflict (sender, scope) do update set state = senders.state returning state`, string(w.sender), w.scope))
		if err != nil {
			return err
		}
		f(&s)
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update senders set state = $3 where sender = $1 and scope = $2`, string(w.sender), w.scope, string(text))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep what is known of the webhooks: %w", err)
	}
	return nil
}

// Standing is how it stands with one sender about one repository or app.
type Standing struct {
	Sender  ledger.Sender
	Scope   string // ledger.RepoScope or ledger.AppScope
	Tells   bool   // its receiver has a secret
	Trusted bool   // its webhooks come and tell all, as far as is known
	Since   time.Time
	Why     string // what was missed last
	Missed  int    // things that its webhooks should have told and did not, ever

	Heard time.Time    // when its last delivery came; zero: none did
	Read  time.Time    // when it was last read because it was time; zero: never
	Next  time.Time    // when it will be; a process that is down does not keep it
	Gaps  []ledger.Gap // what could not be read when it was last tried

	Asked   int    // deliveries that GitHub was asked for again, ever
	HookWhy string // why it cannot be asked for them; "" if it can
}

// Standings tell how it stands with an app's senders: GitHub, then Heroku.
func (d *Duties) Standings(ctx context.Context, app config.App) ([]Standing, error) {
	k, err := d.known(ctx, app)
	if err != nil {
		return nil, err
	}
	var list []Standing
	for _, w := range d.watches {
		if w.scope != ledger.RepoScope(app.Repo) && w.scope != ledger.AppScope(app.Name) {
			continue
		}
		s, err := w.load(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, w.standing(s, k))
	}
	return list, nil
}

func (w *watch) standing(s senderState, k *ledger.Known) Standing {
	out := Standing{
		Sender: w.sender, Scope: w.scope, Tells: w.tells, Trusted: w.tells && s.Trusted, Since: s.Since, Why: s.Why, Missed: s.Missed,
		Heard: k.Heard(w.sender), Read: s.Looked, Asked: s.Hooks.Asked, HookWhy: s.Hooks.Why,
	}
	for _, gap := range k.Gaps() {
		if gap.Sender == w.sender {
			out.Gaps = append(out.Gaps, gap)
		}
	}
	if !s.Looked.IsZero() {
		out.Next = s.Caught.Add(catchUpEvery)
		if poll := s.Looked.Add(pollEvery); !out.Trusted && poll.Before(out.Next) {
			out.Next = poll
		}
	}
	return out
}

// known is what the database knows of an app.
func (d *Duties) known(ctx context.Context, app config.App) (*ledger.Known, error) {
	var k *ledger.Known
	err := d.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = ledger.Load(ctx, tx, app.Name, app.Repo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is known of %s: %w", app.Name, err)
	}
	return k, nil
}
