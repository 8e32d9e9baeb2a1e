package board

import (
	"context"
	"time"

	"slipway/bot/store"
)

// kept is how long a board is remembered after it was last touched. What touches it after that is a new message.
const kept = 90 * 24 * time.Hour

// Prune forgets boards that nobody touched for 90 days. Their messages stay as they are.
func Prune(ctx context.Context, tx *store.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, "delete from boards where touched < $1 and lease < $1 and (wanted <= shown or dead <> '')", now.Add(-kept).UnixMilli())
	return err
}
