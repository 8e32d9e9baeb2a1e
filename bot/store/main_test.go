package store_test

import (
	"cmp"
	"context"
	"os"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
)

// TestMain also is the process that crash tests kill.
func TestMain(m *testing.M) {
	if os.Getenv("STORE_CHILD") != "" {
		child()
		return
	}
	os.Exit(m.Run())
}

// each runs a test on both engines. A database lives as long as its test, and can be opened several times, one after the other.
func each(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, store.Options{Path: storetest.File(t), Unsafe: true})
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		test(t, store.Options{URL: pgtest.Start(t)})
	})
}

func open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	o.Patience = cmp.Or(o.Patience, 10*time.Second) // a busy machine is not a database that is away
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

// closed may be called twice.
func closed(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func start(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, s *store.Store, work func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := s.Do(t.Context(), work); err != nil {
		t.Fatal(err)
	}
}

// exec runs one statement in a transaction of its own.
func exec(t *testing.T, s *store.Store, sql string, args ...any) (n int64) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.Exec(ctx, sql, args...)
		return err
	})
	return n
}

// number reads one number in a transaction of its own.
func number(t *testing.T, s *store.Store, sql string, args ...any) (n int64) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.QueryRow(ctx, sql, args...).Scan(&n) })
	return n
}
