package board

import (
	"context"
	"errors"
	"time"

	"slipway/bot/store"
)

// pace is a rate limit as we keep it, a little slower than Slack's (facts of 2025: chat.update and conversations.history 50 a minute,
// chat.postMessage one a second for each channel with short bursts and several hundred a minute over all): Slack counts when calls
// arrive, we when they leave. It lets burst calls through at once, then one each spacing, so that no minute holds more than
// burst + 60 s ÷ spacing.
type pace struct {
	name    string
	spacing time.Duration
	burst   int
}

const (
	updateMethod  = "chat.update"
	postMethod    = "chat.postMessage"
	historyMethod = "conversations.history"
	repliesMethod = "conversations.replies"
)

var (
	updatePace  = pace{updateMethod, 1350 * time.Millisecond, 4}  // 48 in any minute
	postPace    = pace{postMethod, 210 * time.Millisecond, 10}    // 295
	historyPace = pace{historyMethod, 1350 * time.Millisecond, 4} // 48
	repliesPace = pace{repliesMethod, 1350 * time.Millisecond, 4} // 48
)

func channelPace(channel string) pace {
	return pace{postMethod + " " + channel, 1050 * time.Millisecond, 2}
}

// A limit that does not say how long it lasts is waited out longer each time.
const (
	firstLimit   = time.Second
	longestLimit = time.Minute
)

// place is a call's place in a pace.
type place struct {
	pace
	before, after int64 // the debt without this call, and with it
	fails         int64
}

// take takes the next place. The caller holds the turn.
func (p pace) take(ctx context.Context, tx *store.Tx, now int64) (place, error) {
	got := place{pace: p}
	err := tx.QueryRow(ctx, "select debt, fails from board_paces where name = $1", p.name).Scan(&got.before, &got.fails)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return place{}, err
	}
	got.after = in(max(got.before, now), p.spacing)
	_, err = tx.Exec(ctx, `insert into board_paces (name, debt, free, fails) values ($1, $2, $3, 0)
		on conflict (name) do update set debt = excluded.debt, free = excluded.free`, p.name, got.after, p.free(got.after))
	return got, err
}

// free is when the next call may be made.
func (p pace) free(debt int64) int64 { return debt - int64(p.burst-1)*p.spacing.Milliseconds() }

// giveBack makes a place free again whose call was not made, unless others came after it.
func (p place) giveBack(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, "update board_paces set debt = $1, free = $2 where name = $3 and debt = $4",
		p.before, p.free(p.before), p.name, p.after)
	return err
}

// limited pauses the pace for as long as Slack asked, or for a while if it did not say.
func (p place) limited(ctx context.Context, tx *store.Tx, now int64, after time.Duration) error {
	fails := int64(0)
	if after <= 0 {
		fails, after = p.fails+1, doubled(firstLimit, longestLimit, p.fails)
	}
	free := in(now, after)
	_, err := tx.Exec(ctx, `update board_paces set fails = $1, debt = case when free < $2 then $3 else debt end,
		free = case when free < $2 then $2 else free end where name = $4`,
		fails, free, free+int64(p.burst-1)*p.spacing.Milliseconds(), p.name)
	return err
}

// passed forgets earlier refusals.
func (p place) passed(ctx context.Context, tx *store.Tx) error {
	if p.fails == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, "update board_paces set fails = 0 where name = $1", p.name)
	return err
}

// doubled is a pause after so many failures in a row.
func doubled(first, longest time.Duration, fails int64) time.Duration {
	return min(first<<min(fails, 20), longest)
}
