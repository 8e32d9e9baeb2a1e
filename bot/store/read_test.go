package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
)

// reads opens a database to read it.
func reads(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	o.Patience = 10 * time.Second
	s, err := store.OpenToRead(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

func TestADatabaseIsReadWhileAnotherWritesIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		writer := open(t, o) // it holds the lock of a file
		exec(t, writer, things)
		exec(t, writer, "insert into things (name) values ('a')")
		reader := reads(t, o)
		if n := number(t, reader, "select count(*) from things"); n != 1 {
			t.Errorf("it reads %d rows", n)
		}
		exec(t, writer, "insert into things (name) values ('b')")
		if n := number(t, reader, "select count(*) from things"); n != 2 {
			t.Errorf("it reads %d rows", n)
		}
		for _, sql := range []string{"insert into things (name) values ('c')", "delete from things", "create table others (name text)"} {
			err := reader.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, sql)
				return err
			})
			if err == nil {
				t.Errorf("it takes %q", sql)
			}
		}
		if err := reader.Start(t.Context()); err == nil {
			t.Error("it can be started")
		}
		closed(t, reader)
		if n := number(t, writer, "select count(*) from things"); n != 2 {
			t.Errorf("%d rows are left", n)
		}
	})
}

func TestADatabaseThatNobodyHasOpenIsRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		writer := open(t, o)
		exec(t, writer, things)
		closed(t, writer)
		if n := number(t, reads(t, o), "select count(*) from things"); n != 0 {
			t.Errorf("it reads %d rows", n)
		}
	})
}

func TestAReaderRefusesTablesOfAnotherVersion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		refused := func(want string) {
			t.Helper()
			if _, err := store.OpenToRead(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		exec(t, s, "insert into migrations (version, name, at) values (9999, 'later', 0)")
		refused("newer")
		exec(t, s, "delete from migrations where version > 1")
		refused("not those of this slipway")
	})
}

func TestAReaderMakesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "slipway.db")
	if _, err := store.OpenToRead(t.Context(), store.Options{Path: path}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) > 0 {
		t.Errorf("files are made: %v, %v", files, err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := map[string]store.Options{"file": {Path: path}, "Postgres": {URL: pgtest.Start(t)}}
	for name, o := range empty {
		if _, err := store.OpenToRead(t.Context(), o); !errors.Is(err, store.ErrOther) {
			t.Errorf("an empty %s: %v", name, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 0 {
		t.Errorf("the empty file: %v, %v", info, err)
	}
}
