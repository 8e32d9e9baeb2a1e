package hold

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
)

const (
	remindAfter = 20 * time.Hour // since it was set, or since the last time
	workBegins  = 9              // o'clock
	workEnds    = 17
)

// working tells whether somebody may be reminded: from 9 to 17 on a weekday, by the clock where they are.
func working(now time.Time, where *time.Location) bool {
	there := now.In(where)
	weekend := there.Weekday() == time.Saturday || there.Weekday() == time.Sunday
	return !weekend && there.Hour() >= workBegins && there.Hour() < workEnds
}

// remind tells people once a day that what they hold is still held, and how long nobody is to be told.
func (h *Holds) remind(ctx context.Context) (time.Duration, error) {
	now := time.Now()
	var due []Hold
	err := h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		before := now.Add(-remindAfter).UnixMilli()
		due, err = read(ctx, tx, "ended = 0 and began <= $1 and reminded <= $1 order by id", before)
		return err
	})
	if err != nil {
		return lookEvery, err
	}
	for _, hold := range due {
		if _, ours := h.app(hold.App); !ours {
			continue
		}
		if where := h.where(ctx, hold.By); where == nil || !working(now, where) {
			continue
		}
		if err := h.remindOf(ctx, hold, now); err != nil {
			return lookEvery, err
		}
	}
	return lookEvery, nil
}

// where is somebody's clock, as Slack says, UTC if Slack has none; nil: Slack did not answer.
func (h *Holds) where(ctx context.Context, user string) *time.Location {
	h.mu.Lock()
	zone, ok := h.zones[user]
	h.mu.Unlock()
	if ok && time.Since(zone.read) < zoneLasts {
		return zone.at
	}
	u, err := h.Slack.User(ctx, user)
	if err != nil {
		return nil
	}
	zone = clock{at: time.UTC, read: time.Now()}
	if at, err := time.LoadLocation(u.TZ); err == nil { // of no name it is UTC
		zone.at = at
	}
	h.mu.Lock()
	h.zones[user] = zone
	h.mu.Unlock()
	return zone.at
}

// zoneLasts is how long a clock is not asked for again; people travel.
const zoneLasts = time.Hour

// clock is where somebody is.
type clock struct {
	at   *time.Location
	read time.Time
}

// remindOf reminds once, whoever else looks.
func (h *Holds) remindOf(ctx context.Context, hold Hold, now time.Time) error {
	err := h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, "update holds set reminded = $1 where id = $2 and ended = 0 and reminded <= $3",
			now.UnixMilli(), hold.id, now.Add(-remindAfter).UnixMilli())
		if err != nil || n == 0 {
			return err
		}
		key := board.Key(fmt.Sprintf("%s day %d", mainKey(hold.id), now.UnixMilli()))
		return h.touch(ctx, tx, hold, key, mainKey(hold.id))
	})
	if err != nil {
		return fmt.Errorf("remind of the hold of %s: %w", hold.App, err)
	}
	h.Boards.Nudge()
	return nil
}
