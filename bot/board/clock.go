package board

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"slipway/bot/store"
)

// clock is what leases and paces are measured on: the database's, which all processes share; on SQLite, where there is one process,
// that of the process. All times are in milliseconds since 1970.
type clock struct{ shared bool }

const databaseTime = "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"

// find asks for the database's clock. SQLite has none, and refuses the statement.
func (c *clock) find(ctx context.Context, s *store.Store) error {
	err := s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		var now int64
		return tx.QueryRow(ctx, databaseTime).Scan(&now)
	})
	if store.Away(err) || ctx.Err() != nil {
		return fmt.Errorf("find the shared clock: %w", err)
	}
	c.shared = err == nil
	return nil
}

func (c *clock) now(ctx context.Context, tx *store.Tx) (now int64, err error) {
	if !c.shared {
		return time.Now().UnixMilli(), nil
	}
	err = tx.QueryRow(ctx, databaseTime).Scan(&now)
	return now, err
}

// in is a time from now on.
func in(now int64, d time.Duration) int64 { return now + d.Milliseconds() }

// processID is unlike that of any other process. Nobody sees it.
func processID() string { return rand.Text() }
