package notices

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
)

const (
	tidyEvery = time.Hour
	kept      = 8 * 24 * time.Hour // notices that say nothing new; none is drawn for so long
)

// tidy takes away what nobody asks for any more. One process does it for all.
func (n *Notices) tidy(ctx context.Context) error {
	now := time.Now()
	if now.Sub(n.tidied) < tidyEvery {
		return nil
	}
	n.tidied = now
	mine, err := n.Store.Turn(ctx, "tidy notices", tidyEvery)
	if err != nil || !mine {
		return err
	}
	err = n.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "delete from notices where at < $1", now.Add(-kept).UnixMilli()); err != nil {
			return err
		}
		return board.Prune(ctx, tx, now)
	})
	if err != nil {
		return fmt.Errorf("tidy: %w", err)
	}
	return nil
}
