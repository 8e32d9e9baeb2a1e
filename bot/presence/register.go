package presence

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"slipway/bot/store"
)

const (
	beat   = 20 * time.Second              // how often a process says what it holds
	alive  = beat + 10*time.Second         // one that has not for so long may hold nothing any more
	expiry = beat + fading + 5*time.Second // and nothing that Slack still counts after this
)

// write says what this process holds. open below 0 leaves that as it is.
func (p *Presence) write(ctx context.Context, tx *store.Tx, now int64, open int) error {
	held := p.count.held()
	_, err := tx.Exec(ctx, `insert into presences (process, open, held, since, seen) values ($1, $2, $3, $4, $4)
		on conflict (process) do update set held = excluded.held, seen = excluded.seen,
			open = case when excluded.open < 0 then presences.open else excluded.open end`,
		p.process, open, held, now)
	return err
}

// expire takes out the processes that count no more, and tells whether there were any.
func expire(ctx context.Context, tx *store.Tx, now int64) (bool, error) {
	n, err := tx.Exec(ctx, "delete from presences where seen <= $1", now-expiry.Milliseconds())
	return n > 0, err
}

// tally compares a hello of this process with what all have written.
func (p *Presence) tally(ctx context.Context, tx *store.Tx, h hello, now int64) (t tally, err error) {
	t = tally{slack: h.slack, own: h.open, open: h.open, held: h.held}
	rows, err := tx.Query(ctx, "select process, open, held, seen from presences order by process")
	if err != nil {
		return tally{}, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var among []string
	for rows.Next() {
		var process string
		var open, held int
		var seen int64
		if err := rows.Scan(&process, &open, &held, &seen); err != nil {
			return tally{}, err
		}
		among = append(among, process)
		if process == p.process {
			continue
		}
		t.held += held
		if seen > now-alive.Milliseconds() {
			t.open += max(0, open)
		}
	}
	t.among = strings.Join(among, " ")
	return t, rows.Err()
}

// read gives what is known.
func read(ctx context.Context, tx *store.Tx) (v verdict, err error) {
	err = tx.QueryRow(ctx, "select more, began, among, known, fits, heard, look_at from strangers").
		Scan(&v.more, &v.began, &v.among, &v.known, &v.fits, &v.heard, &v.lookAt)
	return v, err
}

// opened is how many connections our processes have open.
func opened(ctx context.Context, tx *store.Tx) (n int, err error) {
	now, err := tx.Now(ctx)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, "select coalesce(sum(open), 0) from presences where open > 0 and seen > $1", now-alive.Milliseconds()).Scan(&n)
	return n, err
}

// claim is read, and keeps other processes from it until the transaction ends.
func claim(ctx context.Context, tx *store.Tx) (v verdict, err error) {
	err = tx.QueryRow(ctx, "update strangers set one = one returning more, began, among, known, fits, heard, look_at").
		Scan(&v.more, &v.began, &v.among, &v.known, &v.fits, &v.heard, &v.lookAt)
	return v, err
}

func keep(ctx context.Context, tx *store.Tx, v verdict) error {
	_, err := tx.Exec(ctx, "update strangers set more = $1, began = $2, among = $3, known = $4, fits = $5, heard = $6, look_at = $7",
		v.more, v.began, v.among, v.known, v.fits, v.heard, v.lookAt)
	return err
}

// round is one transaction of a process that runs.
type round struct {
	was, is verdict
	now     int64
	look    bool // it is this process's turn to look
}

// turn says what this process holds, takes in a hello if there is one, and finds out whether it is time to look.
func (p *Presence) turn(ctx context.Context, open int, h *hello) (r round, err error) {
	err = p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		r = round{}
		var err error
		if r.was, err = claim(ctx, tx); err != nil { // first, so that no two wait for each other
			return err
		}
		if r.now, err = tx.Now(ctx); err != nil {
			return err
		}
		r.is = r.was
		if err := p.write(ctx, tx, r.now, open); err != nil {
			return err
		}
		if err := p.judge(ctx, tx, &r, h); err != nil {
			return err
		}
		if r.look = r.is.heard > 0 && r.is.lookAt <= r.now; r.look {
			r.is.lookAt = in(r.now, again) // another's turn, if this one comes to nothing
		}
		if r.is == r.was {
			return nil
		}
		return keep(ctx, tx, r.is)
	})
	if err != nil {
		return round{}, fmt.Errorf("tell what connections there are: %w", err)
	}
	return r, nil
}

// judge takes in what has changed: that a process counts no more, behind which somebody may have been hidden, and a hello.
func (p *Presence) judge(ctx context.Context, tx *store.Tx, r *round, h *hello) error {
	gone, err := expire(ctx, tx, r.now)
	if err != nil {
		return err
	}
	if gone || h != nil && time.Since(h.at) > stale {
		r.is.lookAt = min(r.is.lookAt, r.now)
	}
	if h == nil || time.Since(h.at) > stale {
		return nil
	}
	t, err := p.tally(ctx, tx, *h, r.now)
	if err != nil {
		return err
	}
	r.is = r.is.after(t, r.now)
	return nil
}
