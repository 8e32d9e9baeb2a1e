package notices

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
)

// longAway is how long slipway may be away without saying so, if nothing was missed.
const longAway = 5 * time.Minute

// gap is a time in which no process of slipway was alive.
type gap struct {
	from, to time.Time
	told     map[board.Key]bool // the releases that have a message of their own, as one told of them before it died
}

func (g gap) long() bool { return g.to.Sub(g.from) > longAway }

// beat writes down that slipway is alive. Every process does so every 15 s.
func beat(ctx context.Context, tx *store.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `insert into alive (one, seen) values (1, $1)
		on conflict (one) do update set seen = excluded.seen where alive.seen < excluded.seen`, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("write down that slipway is alive: %w", err)
	}
	return nil
}

// lastAlive is the last beat of any process; zero: there was none.
func lastAlive(ctx context.Context, tx *store.Tx) (time.Time, error) {
	var seen int64
	switch err := tx.QueryRow(ctx, "select seen from alive").Scan(&seen); {
	case errors.Is(err, store.ErrNone):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, fmt.Errorf("read when slipway was last alive: %w", err)
	}
	return time.UnixMilli(seen), nil
}

// noteAway is for the start of a process. If none was alive for long, each channel will be told. It is the process's first
// beat, too.
func noteAway(ctx context.Context, tx *store.Tx, now time.Time, channels []string) error {
	from, err := lastAlive(ctx, tx)
	if err != nil {
		return err
	}
	if g := (gap{from: from, to: now}); !from.IsZero() && g.long() {
		for _, channel := range channels {
			if err := noteMissed(ctx, tx, channel, from, now, 0); err != nil {
				return err
			}
		}
	}
	return beat(ctx, tx, now)
}

// noteMissed writes down how many things webhooks should have told of while slipway was away and did not. That is told however
// short it was.
func noteMissed(ctx context.Context, tx *store.Tx, channel string, from, to time.Time, what int) error {
	_, err := tx.Exec(ctx, `insert into aways (channel, began, ended, missed) values ($1, $2, $3, $4)
		on conflict (channel, began) do update set missed = aways.missed + excluded.missed`, channel, from.UnixMilli(), to.UnixMilli(), what)
	if err != nil {
		return fmt.Errorf("write down that slipway was away: %w", err)
	}
	return nil
}

// absence is a gap of which a channel is told.
type absence struct {
	gap
	missed int
}

// absences are those of the last day, oldest first.
func absences(ctx context.Context, tx *store.Tx, channel string, now time.Time) ([]absence, error) {
	rows, err := tx.Query(ctx, "select began, ended, missed from aways where channel = $1 and ended > $2 order by began",
		channel, now.Add(-oldNews).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read when slipway was away: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	var list []absence
	for rows.Next() {
		var from, to, missed int64
		if err := rows.Scan(&from, &to, &missed); err != nil {
			return nil, fmt.Errorf("read when slipway was away: %w", err)
		}
		list = append(list, absence{gap{from: time.UnixMilli(from), to: time.UnixMilli(to)}, int(missed)})
	}
	if err := rows.Err(); err != nil || len(list) == 0 {
		return nil, err
	}
	told, err := toldReleases(ctx, tx, channel)
	for i := range list {
		list[i].told = told
	}
	return list, err
}

// toldReleases are the releases of which a channel has messages.
func toldReleases(ctx context.Context, tx *store.Tx, channel string) (map[board.Key]bool, error) {
	rows, err := tx.Query(ctx, "select key from notices where channel = $1 and key like 'release %'", channel)
	if err != nil {
		return nil, fmt.Errorf("read which releases were told: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	told := map[board.Key]bool{}
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, fmt.Errorf("read which releases were told: %w", err)
		}
		told[board.Key(key)] = true
	}
	return told, rows.Err()
}

// longGaps are the times for which the message about slipway's absence tells what was released: scene.gaps.
func longGaps(ctx context.Context, tx *store.Tx, channel string, now time.Time) ([]gap, error) {
	list, err := absences(ctx, tx, channel, now.Add(-oldNews)) // what ended long after a gap is no news of today either
	var gaps []gap
	for _, a := range list {
		if a.long() {
			gaps = append(gaps, a.gap)
		}
	}
	return gaps, err
}
