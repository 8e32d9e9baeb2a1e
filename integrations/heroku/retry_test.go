package heroku_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"slipway/integrations/heroku"
)

// pauses before the second and the third try.
const pauses = 100*time.Millisecond + 400*time.Millisecond

func TestAReadIsTriedTwiceMoreWhileItMayPass(t *testing.T) {
	t.Parallel()
	for name, passing := range map[string]http.HandlerFunc{
		"502":         html(502),
		"503":         html(503),
		"504":         reply(504, ""),
		"dropped":     drop,
		"broken off":  breakOff,
		"Retry-After": reply(503, `{"id":"x","message":"y"}`, "Retry-After", "0"),
	} {
		for _, r := range reads {
			t.Run(name+"/"+r.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c, j := dial(t, oneAfterTheOther(passing, passing, reply(200, r.answer)))
					start := time.Now()
					if err := r.call(t.Context(), c); err != nil {
						t.Fatal(err)
					}
					if got := time.Since(start); got != pauses {
						t.Errorf("took %v, want %v", got, pauses)
					}
					all := j.all()
					if len(all) != 3 || all[0].Header.Get("Request-Id") != all[2].Header.Get("Request-Id") {
						t.Errorf("%d requests; each try must carry the same Request-Id", len(all))
					}
				})
			})
		}
	}
}

func TestAfterThreeTriesTheFailureIsTold(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		answer http.HandlerFunc
		kind   heroku.Kind
		status int
	}{
		"HTML 503":   {html(503), heroku.Unavailable, 503},
		"dropped":    {drop, heroku.Unreachable, 0},
		"broken off": {breakOff, heroku.Unreachable, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, j := dial(t, f.answer)
				_, err := c.App(t.Context(), "shop")
				if e := failure(t, err); e.Kind != f.kind || e.Status != f.status || e.RequestID == "" {
					t.Errorf("kind %q, status %d: %v", e.Kind, e.Status, e)
				}
				if n := len(j.all()); n != 3 {
					t.Errorf("%d requests, want 3", n)
				}
			})
		})
	}
}

func TestA503ThatNamesALaterTimeIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, j := dial(t, reply(503, "", "Retry-After", "30"))
		_, err := c.App(t.Context(), "shop")
		if e := failure(t, err); e.RetryAfter != 30*time.Second || len(j.all()) != 1 {
			t.Errorf("%d requests: %+v", len(j.all()), e)
		}
	})
}

func TestNoAnswerWithinTenSecondsIsAFailure(t *testing.T) {
	t.Parallel()
	for _, r := range reads {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, j := dial(t, http.HandlerFunc(hang))
				start := time.Now()
				e := failure(t, r.call(t.Context(), c))
				if e.Kind != heroku.Unreachable || e.Message != "no answer within 10 s" || !errors.Is(e, context.DeadlineExceeded) {
					t.Error(e)
				}
				if got := time.Since(start); got != 10*time.Second || len(j.all()) != 1 {
					t.Errorf("%d requests in %v", len(j.all()), got)
				}
			})
		})
	}
}

func TestTheTenSecondsHoldForAllTriesTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, oneAfterTheOther(html(503), hang))
		start := time.Now()
		_, err := c.App(t.Context(), "shop")
		if e := failure(t, err); e.Kind != heroku.Unreachable || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v", e, time.Since(start))
		}
	})
}

func TestAShorterContextWins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, http.HandlerFunc(hang))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.App(ctx, "shop")
		if e := failure(t, err); e.Kind != heroku.Unreachable || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 2*time.Second {
			t.Errorf("%v after %v", e, time.Since(start))
		}
	})
}

func TestACancelledReadReturnsAtOnce(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{"under way": hang, "between tries": html(503)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := dial(t, answer)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(50*time.Millisecond, cancel)
				start := time.Now()
				_, err := c.Dynos(ctx, "shop")
				if failure(t, err); time.Since(start) != 50*time.Millisecond {
					t.Errorf("%v after %v", err, time.Since(start))
				}
				if name == "under way" && !errors.Is(err, context.Canceled) {
					t.Errorf("%v does not tell that it was cancelled", err)
				}
			})
		})
	}
}

func TestAReadWithAnEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	for _, r := range reads {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, j := dial(t, reply(200, r.answer))
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				err := r.call(ctx, c)
				if e := failure(t, err); e.Kind != heroku.Unreachable || !errors.Is(err, context.Canceled) || len(j.all()) != 0 {
					t.Errorf("%d requests: %v", len(j.all()), e)
				}
			})
		})
	}
}
