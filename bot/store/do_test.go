package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/store"
)

const things = `create table things (
	name text primary key,
	at bigint,
	body bytea,
	facts text
)`

func TestBothEnginesTakeTheSameSQL(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		exec(t, s, things)
		at := time.Date(2026, 3, 4, 5, 6, 7, 89e6, time.UTC)
		body := []byte{0, 1, 0xff, '\'', 0}

		if n := exec(t, s, "insert into things (name, at, body, facts) values ($1, $2, $3, $4)", "a", at.UnixMilli(), body, json.RawMessage(`{"a": 1}`)); n != 1 {
			t.Errorf("an insert wrote %d rows", n)
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			var name, facts string
			var ms int64
			var got []byte
			err := tx.QueryRow(ctx, "select name, at, body, facts from things where name = $1 and ($1 = 'a' or at = $2)", "a", 0).
				Scan(&name, &ms, &got, &facts)
			if name != "a" || !time.UnixMilli(ms).Equal(at) || facts != `{"a": 1}` || !cmp.Equal(got, body) {
				t.Errorf("read %q %v %v %q", name, time.UnixMilli(ms), got, facts)
			}
			return err
		})

		upsert := `insert into things (name, at) values ($2, $1) on conflict (name) do update set at = excluded.at
			where things.at < $1 returning at`
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			var ms int64
			if err := tx.QueryRow(ctx, upsert, int64(math.MaxInt64), "a").Scan(&ms); err != nil || ms != math.MaxInt64 {
				t.Errorf("an upsert gave %d, %v", ms, err)
			}
			if err := tx.QueryRow(ctx, upsert, 5, "a").Scan(&ms); !errors.Is(err, store.ErrNone) {
				t.Errorf("an upsert that writes nothing gave %v", err)
			}
			n, err := tx.Exec(ctx, "insert into things (name) values ($1) on conflict (name) do nothing", "a")
			if n != 0 {
				t.Errorf("%d rows written by an insert that conflicts", n)
			}
			return err
		})
		if n := number(t, s, "select sum(length(name)) from things where name in ($1, $2)", "a", "b"); n != 1 {
			t.Errorf("a sum is %d", n)
		}
	})
}

func TestNullIsReadIntoPointersOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		exec(t, s, things)
		exec(t, s, "insert into things (name, at, body, facts) values ($1, $2, $3, $4)", "a", nil, []byte(nil), (*string)(nil))
		facts := "x"
		exec(t, s, "insert into things (name, at, body, facts) values ($1, $2, $3, $4)", "b", new(int64), []byte{}, &facts)
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			var at *int64
			var facts *string
			var body []byte
			read := func(name string) error {
				return tx.QueryRow(ctx, "select at, body, facts from things where name = $1", name).Scan(&at, &body, &facts)
			}
			if err := read("a"); err != nil || at != nil || body != nil || facts != nil {
				t.Errorf("read %v %v %v %v", at, body, facts, err)
			}
			if err := read("b"); err != nil || at == nil || *at != 0 || len(body) != 0 || facts == nil || *facts != "x" {
				t.Errorf("read %v %v %v %v", at, body, facts, err)
			}
			var n int64
			if err := tx.QueryRow(ctx, "select count(*) from things where body is null").Scan(&n); err != nil || n != 1 {
				t.Errorf("%d bodies are null, %v", n, err)
			}
			var s string
			if err := tx.QueryRow(ctx, "select facts from things where name = 'a'").Scan(&s); err == nil || store.Away(err) || errors.Is(err, store.ErrNone) {
				t.Errorf("a null read into a string gave %v", err)
			}
			return nil
		})
	})
}

func TestTextThatPostgresCannotKeepIsReplacedOnBoth(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		exec(t, s, things)
		exec(t, s, "insert into things (name) values ($1)", "a\x00b\xffc")
		if n := number(t, s, "select count(*) from things where name = $1", "a\uFFFDb\uFFFDc"); n != 1 {
			t.Error("it is not there")
		}
	})
}

func TestArgumentsOfOtherKindsAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		for _, arg := range []any{true, 1.5, time.Now(), uint64(1), []string{"a"}, struct{}{}} {
			err := s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, "select $1", arg)
				return err
			})
			if err == nil || !strings.HasPrefix(err.Error(), "$1: a ") || store.Away(err) {
				t.Errorf("%T: %v", arg, err)
			}
		}
	})
}

func TestNothingOfAFailedTransactionStays(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		exec(t, s, things)
		insert := func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, "insert into things (name) values ($1)", "a")
			return err
		}
		for name, work := range map[string]func(ctx context.Context, tx *store.Tx) error{
			"error": func(context.Context, *store.Tx) error { return broken },
			"panic": func(context.Context, *store.Tx) error { panic(broken) },
			"failed": func(ctx context.Context, tx *store.Tx) error {
				_, _ = tx.Exec(ctx, "insert into nothing values (1)")
				return nil
			},
			"twice": insert,
		} {
			err := recovered(func() error {
				return s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					if err := insert(ctx, tx); err != nil {
						return err
					}
					return work(ctx, tx)
				})
			})
			if err == nil || store.Away(err) {
				t.Errorf("%s: %v", name, err)
			}
			if n := number(t, s, "select count(*) from things"); n != 0 {
				t.Errorf("%s: %d rows stayed", name, n)
			}
		}
	})
}

// recovered gives what a function panics with as its error.
func recovered(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = value.(error)
		}
	}()
	return f()
}

func TestAfterAFailedStatementTheTransactionTakesNoOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		exec(t, s, things)
		err := s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, "selct 1"); err == nil || store.Away(err) {
				t.Errorf("a wrong statement gave %v", err)
			}
			_, err := tx.Exec(ctx, "insert into things (name) values ('a')")
			if err == nil {
				t.Error("a statement after it was taken")
			}
			return nil
		})
		if err == nil || store.Away(err) {
			t.Errorf("the transaction gave %v", err)
		}
	})
}

func TestRowsAreReadOneStatementAtATime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		exec(t, s, things)
		exec(t, s, "insert into things (name) values ('a'), ('b'), ('c')")
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			rows, err := tx.Query(ctx, "select name from things order by name")
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "delete from things"); err == nil {
				t.Error("a statement was taken while rows were open")
			}
			var names []string
			for rows.Next() {
				var name string
				if err := rows.Scan(&name); err != nil {
					return err
				}
				names = append(names, name)
			}
			if !slices.Equal(names, []string{"a", "b", "c"}) {
				t.Errorf("read %q", names)
			}
			if err := errors.Join(rows.Err(), rows.Close(), rows.Close()); err != nil {
				return err
			}
			rows, err = tx.Query(ctx, "select name from things order by name")
			if err != nil {
				return err
			}
			if !rows.Next() {
				t.Error("no rows")
			}
			if err := rows.Close(); err != nil || rows.Next() {
				t.Errorf("closed rows go on, %v", err)
			}
			_, err = tx.Query(ctx, "select name from things") // left open; the transaction closes it
			return err
		})
		if n := number(t, s, "select count(*) from things"); n != 3 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestATransactionWithinATransactionIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		do(t, s, func(ctx context.Context, _ *store.Tx) error {
			if err := s.Do(ctx, func(context.Context, *store.Tx) error { return nil }); err == nil || store.Away(err) {
				t.Errorf("got %v", err)
			}
			return nil
		})
	})
}

func TestACallerWhoGivesUpSaysNothingAboutTheDatabase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			cancel()
			_, err := tx.Exec(ctx, "select 1")
			return err
		})
		if !errors.Is(err, context.Canceled) || store.Away(err) {
			t.Errorf("within: %v", err)
		}
		if err := s.Do(ctx, func(context.Context, *store.Tx) error { return nil }); !errors.Is(err, context.Canceled) || store.Away(err) {
			t.Errorf("before: %v", err)
		}
		if n := number(t, s, "select 1"); n != 1 {
			t.Error("the database does not serve afterwards")
		}
	})
}
