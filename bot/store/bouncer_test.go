package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
)

func TestBehindPgBouncerAllWorks(t *testing.T) {
	t.Parallel()
	o := store.Options{URL: pgtest.Bounce(t, pgtest.Start(t))}
	s, other := open(t, o), open(t, o)
	said := newNotes()
	store.Handle(s, said.work)
	start(t, s)
	exec(t, s, things)
	var done sync.WaitGroup
	for _, s := range []*store.Store{s, other} {
		for i := range 4 {
			done.Go(func() {
				for range 25 {
					do(t, s, func(ctx context.Context, tx *store.Tx) error {
						_, err := tx.Exec(ctx, "insert into things (name, at) values ($1, 1) on conflict (name) do update set at = things.at + 1",
							string(rune('a'+i)))
						return err
					})
				}
			})
		}
	}
	done.Wait()
	if n := number(t, s, "select sum(at) from things where name <> $1", "z"); n != 200 {
		t.Errorf("%d of 200 were written", n)
	}
	begun := time.Now()
	do(t, other, func(ctx context.Context, tx *store.Tx) error { return tx.EnqueueOnce(ctx, note{"from elsewhere"}) })
	if got := said.wait(t, 1); !slices.Equal(got, []string{"from elsewhere"}) {
		t.Errorf("said %q", got)
	}
	if d := time.Since(begun); d > 30*time.Second {
		t.Errorf("another process's job was begun after %s", d)
	}
	if mine, err := other.Turn(t.Context(), "catch-up", time.Hour); err != nil || !mine {
		t.Errorf("turn: %t, %v", mine, err)
	}
}
