package board

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/store"
)

// State is how the boards are, for whoever looks after them.
type State struct {
	Halted  *Refusal  // Slack takes nothing from us; nil: it does
	Refuses []Refusal // channels, by id
	Stale   int       // boards that are not true yet, those in refusing channels included
	Oldest  time.Time // since when the oldest of them is not; zero: all are true
	Dead    int       // boards of which nothing more is sent
}

// Refusal is a channel, or Slack as a whole, that takes no messages.
type Refusal struct {
	Channel string // "" is all of Slack
	Code    string // Slack's, such as is_archived; "no answer" while Slack cannot be reached
	Since   time.Time
	Again   time.Time // when it is tried again, if there is something to say
	Stale   int       // boards that wait for it
}

// State reads how the boards are, whichever process sends them.
func (b *Boards) State(ctx context.Context) (State, error) {
	var s State
	err := b.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		s = State{}
		var oldest int64
		err := tx.QueryRow(ctx, "select count(*), coalesce(min(touched), 0) from boards where wanted > shown and dead = ''").Scan(&s.Stale, &oldest)
		if err != nil {
			return err
		}
		if oldest > 0 {
			s.Oldest = time.UnixMilli(oldest)
		}
		if err := tx.QueryRow(ctx, "select count(*) from boards where dead <> ''").Scan(&s.Dead); err != nil {
			return err
		}
		return s.readRefusals(ctx, tx)
	})
	return s, err
}

func (s *State) readRefusals(ctx context.Context, tx *store.Tx) error {
	rows, err := tx.Query(ctx, `select c.channel, c.code, c.since, c.probe, count(b.key) from board_refusals c
		left join boards b on b.channel = c.channel and b.wanted > b.shown and b.dead = ''
		where c.over = 0 and c.code <> '' group by c.channel, c.code, c.since, c.probe order by c.channel`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var r Refusal
		var since, probe int64
		if err := rows.Scan(&r.Channel, &r.Code, &since, &probe, &r.Stale); err != nil {
			return errors.Join(err, rows.Close())
		}
		r.Since, r.Again = time.UnixMilli(since), time.UnixMilli(probe)
		if r.Channel == "" {
			r.Stale = s.Stale
			s.Halted = &r
			continue
		}
		s.Refuses = append(s.Refuses, r)
	}
	return rows.Err()
}

// Complaint says why a channel takes no posts, and what a person can do, as far as the last try tells; "": nothing is known against it.
func (b *Boards) Complaint(ctx context.Context, channel string) (text string, err error) {
	var code string
	err = b.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select code from board_refusals where channel = $1 and over = 0", channel).Scan(&code)
	})
	switch {
	case errors.Is(err, store.ErrNone) || err == nil && code == "":
		return "", nil
	case err != nil:
		return "", fmt.Errorf("read whether %s takes posts: %w", channel, err)
	}
	return complaint(code), nil
}
