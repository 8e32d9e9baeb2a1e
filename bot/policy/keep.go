package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/bot/store"
)

// keep writes down a version that is news, and tells the ledger which branch deploys by what is in force then.
func (w *watch) keep(ctx context.Context, tx *store.Tx, v version, defaultBranch string) error {
	news, err := w.news(ctx, tx, v)
	if err != nil || !news {
		return err
	}
	is, err := w.understood(v)
	if err != nil {
		return err
	}
	now := time.Now()
	kept, err := w.write(ctx, tx, v, len(is.faults) > 0, now)
	if err != nil {
		return fmt.Errorf("keep the settings of %s: %w", w.repo, err)
	}
	if !kept {
		return nil // another process has kept a newer one meanwhile
	}
	s, faulty, err := w.inForce(ctx, tx)
	if err != nil {
		return err
	}
	if err := w.tell(ctx, tx, v, faulty, now); err != nil {
		return fmt.Errorf("keep what is wrong with the settings of %s: %w", w.repo, err)
	}
	branch := defaultBranch
	if set := w.branch(s); set != "" {
		branch = set
	}
	_, err = w.Fold(ctx, tx, now,
		ledger.Branch{Repo: w.repo, Name: branch, Read: now},
		ledger.Reading{Scope: w.scope, What: ledger.Branches, At: now},
	)
	return err
}

// write keeps a version as the newest, and as the last good one if it has no faults, unless a newer one is kept.
func (w *watch) write(ctx context.Context, tx *store.Tx, v version, faults bool, now time.Time) (kept bool, err error) {
	wrong, good, newest, goodText := 0, v.hash, v.text, v.text
	if faults { // it may hold anything, and is kept only to say what is wrong with it
		wrong, good, newest, goodText = 1, "", []byte(say.Scrub(string(v.text))), []byte{}
	}
	rows, err := tx.Exec(ctx, `insert into policies (repo, newest, newest_text, since, wrong, good, good_text, read_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (repo) do update set newest = excluded.newest, newest_text = excluded.newest_text, wrong = excluded.wrong, read_at = excluded.read_at,
			since = case when policies.newest = excluded.newest then policies.since else excluded.since end,
			good = case when excluded.wrong = 1 then policies.good else excluded.good end,
			good_text = case when excluded.wrong = 1 then policies.good_text else excluded.good_text end
		where policies.read_at <= excluded.read_at`,
		w.scope, v.hash, newest, now.UnixMilli(), wrong, good, goodText, v.began.UnixMilli())
	return rows > 0, err
}

// tell keeps what is to be told: that this version is not taken, and what became of those before it that were not.
func (w *watch) tell(ctx context.Context, tx *store.Tx, v version, faulty Faulty, now time.Time) error {
	became := Taken
	switch {
	case faulty.Hash != "":
		became = Wrong
	case v.hash == "":
		became = Gone
	}
	_, err := tx.Exec(ctx, "update policy_faults set left_at = $1, became = $2 where repo = $3 and left_at = 0 and hash <> $4",
		now.UnixMilli(), string(became), w.scope, faulty.Hash)
	if err != nil || faulty.Hash == "" {
		return err
	}
	text, err := json.Marshal(faulty.Faults)
	if err != nil {
		return err
	}
	good := 0
	if faulty.Good {
		good = 1
	}
	_, err = tx.Exec(ctx, `insert into policy_faults (repo, hash, seen_at, good, faults, left_at, became) values ($1, $2, $3, $4, $5, 0, '')
		on conflict (repo, hash) do update set seen_at = excluded.seen_at, good = excluded.good, faults = excluded.faults, left_at = 0, became = ''`,
		w.scope, faulty.Hash, now.UnixMilli(), good, string(text))
	return err
}
