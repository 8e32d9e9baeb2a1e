package store_test

import (
	"strings"
	"sync"
	"testing"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
)

func TestADatabaseOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	for name, newer := range map[string]string{
		"ours":    "insert into migrations (version, name, at) values (9000, '9000_later.sql', 0)",
		"River's": "insert into river_migration (line, version) values ('main', 9000)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, o store.Options) {
				s := open(t, o)
				exec(t, s, newer)
				closed(t, s)
				if _, err := store.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "a newer slipway has used this database") || store.Away(err) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestProcessesThatStartAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	o := store.Options{URL: pgtest.Start(t)}
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			s, err := store.Open(t.Context(), o)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if n := number(t, open(t, o), "select count(*) from migrations where version = 1"); n != 1 {
		t.Errorf("it is recorded %d times", n)
	}
}
