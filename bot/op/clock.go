package op

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"slipway/bot/store"
)

// clock is what leases, plans and steps are measured on: the database's, which all processes share; on SQLite, where there is one
// process, that of the process. All times are in milliseconds since 1970.
type clock struct{ kind atomic.Int32 }

// What is known of the clock.
const (
	unfound int32 = iota
	ours
	shared
)

const databaseTime = "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"

// find asks for the database's clock, once. SQLite has none, and refuses the statement.
func (c *clock) find(ctx context.Context, s *store.Store) (kind int32, err error) {
	if kind = c.kind.Load(); kind != unfound {
		return kind, nil
	}
	err = s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		var now int64
		return tx.QueryRow(ctx, databaseTime).Scan(&now)
	})
	switch {
	case store.Away(err) || ctx.Err() != nil:
		return unfound, fmt.Errorf("find the shared clock: %w", err)
	case err == nil:
		kind = shared
	default:
		kind = ours
	}
	c.kind.Store(kind)
	return kind, nil
}

// do runs one transaction and tells it the time.
func (e *Engine) do(ctx context.Context, work func(ctx context.Context, tx *store.Tx, now int64) error) error {
	kind, err := e.clock.find(ctx, e.Store)
	if err != nil {
		return err
	}
	return e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := time.Now().UnixMilli()
		if kind == shared {
			if err := tx.QueryRow(ctx, databaseTime).Scan(&now); err != nil {
				return err
			}
		}
		return work(ctx, tx, now)
	})
}

// in is a time from now on.
func in(now int64, d time.Duration) int64 { return now + d.Milliseconds() }

// moment is a stored time.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
