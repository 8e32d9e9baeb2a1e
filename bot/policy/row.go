package policy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/store"
)

// row is what the database keeps of a repository's file, without its texts.
type row struct {
	known        bool   // the file was read once, or that there is none
	newest, good string // hashes; "": no file
	since, read  int64
	wrong        bool // it was found to have faults
}

func (w *watch) row(ctx context.Context, tx *store.Tx) (r row, err error) {
	var wrong int64
	err = tx.QueryRow(ctx, "select newest, good, since, wrong, read_at from policies where repo = $1", w.scope).
		Scan(&r.newest, &r.good, &r.since, &wrong, &r.read)
	if errors.Is(err, store.ErrNone) {
		return row{}, nil
	}
	r.known, r.wrong = true, wrong != 0
	return r, err
}

// inForce gives the settings that hold, and what is wrong with the newest version.
func (w *watch) inForce(ctx context.Context, tx *store.Tx) (settings.Settings, Faulty, error) {
	r, err := w.row(ctx, tx)
	if err != nil {
		return settings.Settings{}, Faulty{}, err
	}
	newest, err := w.understand(r.newest, w.text(ctx, tx, "newest_text"))
	if err != nil || len(newest.faults) == 0 {
		return newest.settings, Faulty{}, err
	}
	good, err := w.understand(r.good, w.text(ctx, tx, "good_text"))
	if err != nil {
		return settings.Settings{}, Faulty{}, err
	}
	// What was good may have faults by now, if APPS has changed. Then it has no settings: the defaults hold.
	faulty := Faulty{Hash: r.newest, Since: time.UnixMilli(r.since), Faults: newest.faults, Good: r.good != "" && len(good.faults) == 0}
	return good.settings, faulty, nil
}

// text reads one of the texts.
func (w *watch) text(ctx context.Context, tx *store.Tx, column string) func() ([]byte, error) {
	return func() (text []byte, err error) {
		err = tx.QueryRow(ctx, "select "+column+" from policies where repo = $1", w.scope).Scan(&text)
		return text, err
	}
}

// Faulty is a version of the file that is not taken. The zero value is none.
type Faulty struct {
	Hash   string    // SHA-256 of the file
	Since  time.Time // when it was first read
	Faults settings.Faults
	Good   bool      // an earlier version stays in force; else the defaults do
	Left   time.Time // when another version took its place; zero: it is the newest
	Became Became    // what that one is
}

// Became is what follows a version that was not taken. The values are stored.
type Became string

// What may follow.
const (
	Taken Became = "taken" // a version without faults
	Gone  Became = "gone"  // no file
	Wrong Became = "wrong" // another version with faults
)

// Faulties are the versions of the file of an app's repository that were not taken, and came since a time or were followed
// by another since then, oldest first.
func (p *Policy) Faulties(ctx context.Context, tx *store.Tx, app config.App, since time.Time) (list []Faulty, err error) {
	w := p.watch(app.Repo)
	if w == nil {
		return nil, nil
	}
	rows, err := tx.Query(ctx, "select hash, seen_at, good, faults, left_at, became from policy_faults where repo = $1 and (seen_at >= $2 or left_at >= $2) order by seen_at, hash",
		w.scope, since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("find what was wrong with the settings of %s: %w", app.Repo, err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	for rows.Next() {
		var f Faulty
		var seen, good, left int64
		var faults, became string
		if err := rows.Scan(&f.Hash, &seen, &good, &faults, &left, &became); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(faults), &f.Faults); err != nil {
			return nil, fmt.Errorf("what was wrong with the settings of %s cannot be read: %w", app.Repo, err)
		}
		f.Since, f.Good, f.Became = time.UnixMilli(seen), good != 0, Became(became)
		if left != 0 {
			f.Left = time.UnixMilli(left)
		}
		list = append(list, f)
	}
	return list, rows.Err()
}
