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
	kept      = 8 * 24 * time.Hour  // notices that say nothing new; none is drawn for so long
	keptOpen  = 90 * 24 * time.Hour // those that say that something goes on, as long as their boards
	keptTold  = 30 * 24 * time.Hour // what did not come, absences and faults that are over
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
		before := func(d time.Duration) int64 { return now.Add(-d).UnixMilli() }
		for _, old := range []struct {
			rows string
			args []any
		}{
			{"notices where open = 0 and at < $1 or at < $2", []any{before(kept), before(keptOpen)}},
			{"silences where noted < $1", []any{before(keptOpen)}},
			{"aways where ended < $1", []any{before(keptTold)}},
			{"policy_faults where left_at > 0 and left_at < $1", []any{before(keptTold)}},
		} {
			if _, err := tx.Exec(ctx, "delete from "+old.rows, old.args...); err != nil {
				return err
			}
		}
		return board.Prune(ctx, tx, now)
	})
	if err != nil {
		return fmt.Errorf("tidy: %w", err)
	}
	return nil
}
