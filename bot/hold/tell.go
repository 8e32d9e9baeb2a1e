package hold

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
)

// firstTold is how long after it is set or ended a hold is told, in Slack and to GitHub. One of a rollback that is refused at once leaves
// no word behind, and has cancelled nothing. It is shorter than a status is claimed for, by which what was not told is known, and not longer than Busy looks ahead.
const firstTold = soon

// young tells of a hold whose rollback was confirmed just now, and may be refused yet: nothing is done because of it.
func (h Hold) young(now time.Time) bool { return h.FromRollback() && now.Sub(h.At) < firstTold }

// tell has the messages of a hold marked stale in a moment: what it came with, or ended with, is told first.
func tell(ctx context.Context, tx *store.Tx, hold Hold) error {
	if _, err := tx.Exec(ctx, "update holds set tell = $1 where id = $2", time.Now().Add(firstTold).UnixMilli(), hold.id); err != nil {
		return fmt.Errorf("tell of the hold of %s: %w", hold.App, err)
	}
	return nil
}

// telling tells what was left for later, and how long nothing more is. A hold that ended before it was told is not told at all.
func (h *Holds) telling(ctx context.Context) (wait time.Duration, err error) {
	told := false
	err = h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		wait, told = lookEvery, false
		list, err := read(ctx, tx, "tell > 0 order by tell, id")
		if err != nil {
			return err
		}
		for _, hold := range list {
			if left := time.Until(hold.tellAt); left > 0 {
				wait = min(wait, left)
				continue
			}
			if err := h.catchUp(ctx, tx, hold); err != nil {
				return err
			}
			told = true
		}
		return nil
	})
	if told {
		h.Boards.Nudge()
	}
	return wait, err
}

// catchUp marks those messages of a hold stale in which something is to be said.
func (h *Holds) catchUp(ctx context.Context, tx *store.Tx, hold Hold) error {
	if _, err := tx.Exec(ctx, "update holds set tell = 0 where id = $1", hold.id); err != nil {
		return fmt.Errorf("tell of the hold of %s: %w", hold.App, err)
	}
	shown, err := stands(ctx, tx, mainKey(hold.id))
	if err != nil || !shown && !hold.ended.IsZero() {
		return err
	}
	if err := h.touch(ctx, tx, hold, mainKey(hold.id), ""); err != nil {
		return err
	}
	noted, err := stands(ctx, tx, endKey(hold.id))
	if err != nil || !noted && hold.ended.IsZero() {
		return err
	}
	return h.touch(ctx, tx, hold, endKey(hold.id), mainKey(hold.id))
}

// stands tells whether the message of a board stands, or may.
func stands(ctx context.Context, tx *store.Tx, key board.Key) (bool, error) {
	posted, doubtful, err := board.Posted(ctx, tx, key)
	return posted || doubtful, err
}
