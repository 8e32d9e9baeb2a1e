package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/store"
)

// Fold joins facts with what the database knows, and tells of which subjects something else is known now. Who else folds
// at the same time waits for the transaction to end, so that none overwrites what the other has written.
//
// What belongs to an app that is named by its id only is left out while no App fact of it is known.
func Fold(ctx context.Context, tx *store.Tx, now time.Time, facts ...Fact) ([]Subject, error) {
	if len(facts) == 0 {
		return nil, nil
	}
	if _, err := tx.Exec(ctx, "update ledger_turn set turn = turn + 1, folded_at = $1", millis(now)); err != nil {
		return nil, fmt.Errorf("take the turn to fold: %w", err)
	}
	facts, err := resolve(ctx, tx, facts)
	if err != nil {
		return nil, fmt.Errorf("fold: %w", err)
	}
	var changed []Subject
	for _, f := range together(facts) {
		differs, err := foldOne(ctx, tx, f)
		if err != nil {
			return nil, fmt.Errorf("fold %s: %w", f.Subject(), err)
		}
		if differs {
			changed = append(changed, f.Subject())
		}
	}
	return changed, nil
}

// together joins the facts that are of one subject, without the secrets in them, and gives the subjects in the order in
// which they came.
func together(facts []Fact) []Fact {
	var list []Fact
	place := map[Subject]int{}
	for _, f := range facts {
		f = scrubbed(f)
		s := f.Subject()
		i, ok := place[s]
		if !ok {
			i = len(list)
			place[s] = i
			list = append(list, f)
		}
		list[i] = list[i].join(f)
	}
	return list
}

// foldOne tells whether something else is known now. That it was read again is written too, but is nothing else.
func foldOne(ctx context.Context, tx *store.Tx, f Fact) (differs bool, err error) {
	t := tables[f.Subject().Kind]
	row := f.row()
	var stored string
	err = tx.QueryRow(ctx, t.selecting(), row[:len(t.key)]...).Scan(&stored)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNone) {
		return false, err
	}
	differs = true
	if known {
		old, err := t.read([]byte(stored))
		if err != nil {
			return false, err
		}
		f = old.join(f)
		differs = !equal(plain(old), plain(f))
	}
	facts := string(text(f))
	if facts == "" {
		return false, nil // it holds a time that no far end can mean, and cannot be kept
	}
	if known && facts == stored {
		return false, nil
	}
	_, err = tx.Exec(ctx, t.writing(), append(f.row(), facts)...)
	return differs, err
}

// resolve gives the facts of an app that is named by its id the app's name.
func resolve(ctx context.Context, tx *store.Tx, facts []Fact) ([]Fact, error) {
	var list []Fact
	for _, f := range facts {
		app, ok := appOf(f)
		if !ok || !isID(app) {
			list = append(list, f)
			continue
		}
		var name string
		err := tx.QueryRow(ctx, "select app from ledger_apps where id = $1", app).Scan(&name)
		switch {
		case err == nil:
			list = append(list, named(f, name))
		case !errors.Is(err, store.ErrNone):
			return nil, err
		}
	}
	return list, nil
}
