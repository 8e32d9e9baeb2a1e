package storetest_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

func insert(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, "insert into duties (name, done) values ('a', 1)")
	return err
}

func count(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	err := s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from duties").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func open(t *testing.T, path string, line *storetest.Cable) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: path, Shared: true, Unsafe: true, Connect: line.Connect})
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

func TestACutLeavesWhatWasCommittedAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]func(cut func(), tx *store.Tx) func(context.Context) error{
		"before the statement": func(cut func(), tx *store.Tx) func(context.Context) error {
			return func(ctx context.Context) error { cut(); return insert(ctx, tx) }
		},
		"before the commit": func(cut func(), tx *store.Tx) func(context.Context) error {
			return func(ctx context.Context) error { defer cut(); return insert(ctx, tx) }
		},
		"among rows": func(cut func(), tx *store.Tx) func(context.Context) error {
			return func(ctx context.Context) error {
				rows, err := tx.Query(ctx, "select name from duties, (values (1), (2), (3))")
				if err != nil || !rows.Next() {
					return errors.Join(err, errors.New("no rows"))
				}
				cut()
				for rows.Next() {
					t.Error("there are more rows after the cut")
				}
				return errors.Join(rows.Err(), rows.Close())
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "slipway.db")
			var line storetest.Cable
			s := open(t, path, &line)
			err := s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, "insert into duties (name, done) values ('before', 1)")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			err = s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error { return at(line.Cut, tx)(ctx) })
			if !store.Away(err) {
				t.Errorf("cut: %v", err)
			}
			if err := s.Do(t.Context(), insert); !store.Away(err) {
				t.Errorf("afterwards: %v", err)
			}
			if d := time.Since(begun); d > 3*time.Second {
				t.Errorf("it took %s to say so", d)
			}

			var other storetest.Cable
			if n := count(t, open(t, path, &other)); n != 1 {
				t.Errorf("another store finds %d rows", n)
			}
			line.Mend()
			if n := count(t, s); n != 1 {
				t.Errorf("mended, it finds %d rows", n)
			}
		})
	}
}
