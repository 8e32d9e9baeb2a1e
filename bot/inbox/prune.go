package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

const (
	kept        = 7 * 24 * time.Hour // how long deliveries that were worked stay
	pruneEvery  = time.Hour
	askForTurn  = 10 * time.Minute // how often a process looks whether it is its turn
	prunedAtOne = 200              // deliveries deleted in one transaction
	betweenRuns = 20 * time.Millisecond
)

// prune deletes old deliveries and old news until ctx ends; of several processes one does it.
func (in *Inbox) prune(ctx context.Context) {
	tick := time.NewTicker(askForTurn)
	defer tick.Stop()
	for {
		mine, err := in.store.Turn(ctx, "delete old deliveries", pruneEvery)
		if err == nil && mine {
			err = guard(func() error { return errors.Join(in.deleteOld(ctx, time.Now().Add(-kept)), in.forget(ctx)) })
		}
		if err != nil && ctx.Err() == nil {
			in.log.Warn("what is old was not deleted, it is tried again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// forget takes away what nobody asks the ledger for any more.
func (in *Inbox) forget(ctx context.Context) error {
	return in.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return ledger.Prune(ctx, tx, time.Now()) })
}

// deleteOld deletes what arrived before, in pieces small enough that nobody waits for one.
func (in *Inbox) deleteOld(ctx context.Context, before time.Time) error {
	for ctx.Err() == nil {
		n, err := in.deleteSome(ctx, before)
		if err != nil {
			return fmt.Errorf("delete old deliveries: %w", err)
		}
		if n < prunedAtOne {
			return nil
		}
		sleep(ctx, betweenRuns)
	}
	return ctx.Err()
}

func (in *Inbox) deleteSome(ctx context.Context, before time.Time) (n int, err error) {
	err = in.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		args, err := oldest(ctx, tx, before)
		if n = len(args); err != nil || n == 0 {
			return err
		}
		places := strings.Trim(values(1, n), "()")
		if _, err := tx.Exec(ctx, `delete from delivery_bodies where seq in (`+places+`)`, args...); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`delete from deliveries where arrived < $%d and seq in (%s)`, n+1, places),
			append(args, before.UnixMilli())...)
		return err
	})
	return n, err
}

// oldest gives the numbers of some deliveries that can go. Those that wait stay, however old they are.
func oldest(ctx context.Context, tx *store.Tx, before time.Time) (seqs []any, err error) {
	rows, err := tx.Query(ctx, `select seq from deliveries where arrived < $1 and worked is not null order by arrived limit $2`,
		before.UnixMilli(), prunedAtOne)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}
