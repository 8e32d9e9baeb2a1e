package op

import (
	"context"
	"time"

	"slipway/bot/store"
)

// do runs one transaction and tells it the time of the clock that all processes share, in milliseconds since 1970: on it leases, plans
// and steps are measured.
func (e *Engine) do(ctx context.Context, work func(ctx context.Context, tx *store.Tx, now int64) error) error {
	return e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
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
