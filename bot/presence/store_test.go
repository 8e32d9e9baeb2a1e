package presence

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
)

// each runs a test on both engines, with two stores on one database.
func each(t *testing.T, test func(t *testing.T, a, b *Presence)) {
	t.Helper()
	for name, options := range map[string]func(t *testing.T) store.Options{
		"SQLite": func(t *testing.T) store.Options {
			return store.Options{Path: storetest.File(t), Shared: true, Unsafe: true}
		},
		"Postgres": func(t *testing.T) store.Options { return store.Options{URL: pgtest.Start(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t)
			o.Patience = 30 * time.Second // of a machine that has much else to do
			made := func() *Presence {
				s, err := storetest.Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Close() })
				return New(Options{Store: s, Log: slog.New(slog.DiscardHandler)})
			}
			test(t, made(), made())
		})
	}
}

// hears has a process judge a hello that it has just heard.
func (p *Presence) hears(t *testing.T, slack, open int) round {
	t.Helper()
	r, err := p.turn(t.Context(), open, &hello{at: time.Now(), slack: slack, open: open, held: p.count.held()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func exec(t *testing.T, s *store.Store, sql string, args ...any) {
	t.Helper()
	err := s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func others(t *testing.T, p *Presence, want int) {
	t.Helper()
	if n, known := p.Others(t.Context()); n != want || !known {
		t.Errorf("others are %d (known %t), want %d", n, known, want)
	}
	var refusal *say.Refusal
	if err := p.Alone(t.Context()); errors.As(err, &refusal) != (want > 0) {
		t.Errorf("others are %d, and it says %v", want, err)
	}
}

func TestWhatOneProcessHearsAllKnow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, a, b *Presence) {
		a.opening(t.Context())
		a.opening(t.Context())
		a.hears(t, 2, 2)
		b.opening(t.Context())
		if r := a.hears(t, 3, 2); r.is.began != 0 || r.is.lookAt != in(r.now, again) {
			t.Errorf("what the other tries is not clear: %+v", r)
		}
		b.hears(t, 3, 1)
		if r := a.hears(t, 3, 2); r.is.lookAt != in(r.now, relook) {
			t.Errorf("what the other has open fits: %+v", r)
		}
		others(t, a, 0)
		a.hears(t, 5, 2)
		if rule := access.RuleOf(b.Alone(t.Context())); rule != access.RulePresenceUnknown {
			t.Errorf("of a suspicion the rule is %q", rule)
		}
		exec(t, a.Store, "update strangers set began = began - 10000")
		b.hears(t, 5, 1)
		others(t, a, 2)
		others(t, b, 2)
		a.hears(t, 3, 2)
		others(t, a, 2) // the other may have died
		exec(t, a.Store, "update strangers set fits = fits - 30000")
		a.hears(t, 3, 2)
		others(t, b, 0)
	})
}

func TestWhatADeadProcessWroteCountsUntilItIsOldAndIsThenLookedInto(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, a, b *Presence) {
		b.opening(t.Context())
		b.hears(t, 1, 1)
		a.opening(t.Context())
		if r := a.hears(t, 2, 1); r.is.lookAt != in(r.now, relook) {
			t.Errorf("while it lives: %+v", r)
		}
		exec(t, a.Store, "update presences set seen = seen - $1 where process = $2", alive.Milliseconds(), b.process)
		if r := a.hears(t, 2, 1); r.is.began != 0 || r.is.lookAt != in(r.now, again) {
			t.Errorf("when it may be dead: %+v", r)
		}
		exec(t, a.Store, "update presences set seen = seen - $1 where process = $2", (expiry - alive).Milliseconds(), b.process)
		r, err := a.turn(t.Context(), 1, nil)
		if err != nil || !r.look {
			t.Errorf("when it is old: %+v, %v", r, err)
		}
		if r := a.hears(t, 2, 1); r.is.began == 0 {
			t.Errorf("afterwards: %+v", r)
		}
	})
}

func TestOneProcessLooksForAll(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, a, b *Presence) {
		a.hears(t, 0, 0)
		exec(t, a.Store, "update strangers set look_at = 1")
		var looks []bool
		var mu sync.Mutex
		var all sync.WaitGroup
		for _, p := range []*Presence{a, b, a, b, a, b} {
			all.Go(func() {
				p.opening(t.Context())
				r, err := p.turn(t.Context(), 0, nil)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if r.look {
					looks = append(looks, true)
				}
			})
		}
		all.Wait()
		if len(looks) != 1 {
			t.Errorf("%d look", len(looks))
		}
	})
}

func TestAHelloThatWaitedTooLongIsNotCompared(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, a, _ *Presence) {
		a.hears(t, 0, 0)
		r, err := a.turn(t.Context(), 2, &hello{at: time.Now().Add(-stale - time.Second), slack: 9})
		if err != nil || r.is.began != 0 || !r.look {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}
