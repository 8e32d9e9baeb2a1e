package board

import (
	"context"
	"time"

	"slipway/bot/store"
)

// kept is how long a board is remembered after it was last touched. What touches it after that is a new message.
const kept = 90 * 24 * time.Hour

// Prune forgets boards that nobody touched for 90 days, also those that could not be shown in all that time: of a channel that is
// gone, or in a thread that never began. Their messages stay as they are.
func Prune(ctx context.Context, tx *store.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, "delete from boards where touched < $1 and lease < $1", now.Add(-kept).UnixMilli())
	return err
}
