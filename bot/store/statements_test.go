package store_test

import (
	"context"
	"fmt"
	"testing"

	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

// Statements are prepared once for a connection. What that could break: more texts than are kept, a table that changes under a
// statement, and one that failed.
func TestAStatementRunsAgainWhateverHappenedSince(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{Path: storetest.File(t), Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	do := func(text string, args ...any) error {
		return s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, text, args...)
			return err
		})
	}
	count := func() (n int) {
		err := s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRow(ctx, "select count(*) from things").Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const insert = "insert into things (id) values ($1)"
	if err := do("create table things (id bigint primary key)"); err != nil {
		t.Fatal(err)
	}
	for i := range 600 { // each its own text
		if err := do(fmt.Sprintf("insert into things (id) values ($1 + %d)", i), 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := do(insert, 1); err == nil {
		t.Error("a row is there twice")
	}
	if err := do("alter table things add column name text"); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := do(insert, 1000+i); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(); n != 603 {
		t.Errorf("%d rows", n)
	}
}
