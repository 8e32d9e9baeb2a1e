package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
)

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, store.Options{Path: storetest.File(t), Unsafe: true}))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, store.Options{URL: pgtest.Start(t)}))
	})
}

func open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	o.Patience = time.Minute // a busy machine is not a database that is away
	s, err := storetest.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// failer is a test, or one try of a property.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// begin is when the stories of these tests take place.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// story writes n entries about two apps, and gives them as they are kept.
func story(t failer, s *store.Store, n int) []Entry {
	t.Helper()
	var list []Entry
	for i := range n {
		e := Entry{
			At: begin.Add(time.Duration(i) * time.Second), App: []string{"penny", "penny-qa"}[i%2], Operation: fmt.Sprint("op", i/4),
			Who: "U0ALICE", What: Confirmed, Text: fmt.Sprintf("plan %d\nline 2", i+1), Detail: map[string]string{"release": fmt.Sprint("v", i+1)},
		}
		list = append(list, e)
	}
	err := s.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		for _, e := range list {
			if err := Write(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func trail(s *store.Store) *Trail { return New(s, slog.New(slog.DiscardHandler)) }

// change lets somebody write into the database.
func change(t failer, s *store.Store, sql string, args ...any) {
	t.Helper()
	err := s.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, sql, args...)
		if err == nil && n == 0 {
			err = errors.New("it changed nothing")
		}
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// whole wants a chain of n rows.
func whole(t failer, s *store.Store, n int64) Head {
	t.Helper()
	head, err := trail(s).Verify(context.Background(), Walk{})
	if err != nil || head.Seq != n {
		t.Fatalf("the chain has %d rows, want %d: %v", head.Seq, n, err)
	}
	return head
}

// broken wants a chain that is not whole, and gives where.
func broken(t failer, s *store.Store, known ...Head) *Broken {
	t.Helper()
	_, err := trail(s).Verify(context.Background(), Walk{Known: known})
	var b *Broken
	if !errors.As(err, &b) {
		t.Fatalf("the chain is not broken: %v", err)
	}
	return b
}

// kept gives the rows as the database has them.
func kept(t failer, s *store.Store) []*stored {
	t.Helper()
	p, err := trail(s).page(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return p.rows
}
