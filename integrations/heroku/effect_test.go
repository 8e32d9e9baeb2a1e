package heroku_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
	"slipway/integrations/sim/memnet"
)

func TestEachChangeIsSentAsHerokuWantsAndItsAnswerRead(t *testing.T) {
	t.Parallel()
	for _, w := range writes {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var asked, body string
				c, j := dial(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					b, _ := io.ReadAll(r.Body)
					asked, body = r.Method+" "+r.URL.RequestURI(), string(b)
					reply(w.status, w.answer)(rw, r)
				}))
				got, err := w.call(t.Context(), c)
				if diff := cmp.Diff(w.want, got); diff != "" || err != nil {
					t.Error(diff, err)
				}
				if asked != w.asks || len(j.all()) != 1 || j.all()[0].Header.Get("Authorization") != "Bearer "+token {
					t.Errorf("%d requests: %s", len(j.all()), asked)
				}
				sameJSON(t, w.body, body)
			})
		})
	}
}

func TestEveryChangeTellsTroublesApartAndWhetherItMayHaveHappened(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		answer    http.HandlerFunc
		kind      heroku.Kind
		ambiguous bool
	}{
		"400":        {reply(400, `{"id":"bad_request","message":"no"}`), heroku.Invalid, false},
		"401":        {reply(401, `{"id":"unauthorized","message":"no"}`), heroku.Unauthorized, false},
		"402":        {reply(402, `{"id":"delinquent","message":"no"}`), heroku.PaymentRequired, false},
		"403":        {reply(403, `{"id":"forbidden","message":"no"}`), heroku.Forbidden, false},
		"suspended":  {reply(403, `{"id":"suspended","message":"no"}`), heroku.Suspended, false},
		"two factor": {reply(403, `{"id":"two_factor","message":"no"}`), heroku.TwoFactor, false},
		"404":        {reply(404, `{"id":"not_found","message":"no"}`), heroku.NotFound, false},
		"409":        {reply(409, `{"id":"conflict","message":"release not found yet"}`), heroku.Conflict, false},
		"422":        {reply(422, `{"id":"cannot_run_above_limit","message":"no","limit":2}`), heroku.Invalid, false},
		"429":        {reply(429, `{"id":"rate_limit","message":"no"}`), heroku.OutOfQuota, false},
		"redirect":   {reply(302, ``, "Location", "http://elsewhere.example/"), heroku.Malformed, false},
		"500":        {reply(500, `{"id":"internal","message":"no"}`), heroku.Unavailable, true},
		"502":        {html(502), heroku.Unavailable, true},
		"html 503":   {html(503), heroku.Unavailable, true},
		"html 200":   {html(200), heroku.Unavailable, true},
		"dropped":    {drop, heroku.Unreachable, true},
		"broken off": {breakOff, heroku.Unreachable, true},
		"hangs":      {hangWithBody, heroku.Unreachable, true},
	} {
		for _, w := range writes {
			t.Run(name+"/"+w.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c, j := dial(t, f.answer)
					_, err := w.call(t.Context(), c)
					e := failure(t, err)
					if e.Kind != f.kind || e.Ambiguous != f.ambiguous || e.Op == "" || e.RequestID == "" {
						t.Errorf("kind %q, ambiguous %v: %v", e.Kind, e.Ambiguous, e)
					}
					if strings.HasSuffix(e.Error(), "; it may have been done") != f.ambiguous {
						t.Error(e)
					}
					if n := len(j.all()); n != 1 {
						t.Errorf("sent %d times", n)
					}
				})
			})
		}
	}
}

func TestAQuestionIsNeverAmbiguous(t *testing.T) {
	t.Parallel()
	for _, r := range append(moreReads, reads...) {
		synctest.Test(t, func(t *testing.T) {
			for _, answer := range []http.HandlerFunc{html(500), drop, breakOff, reply(200, `"text"`)} {
				c, _ := dial(t, answer)
				if e := failure(t, r.call(t.Context(), c)); e.Ambiguous {
					t.Errorf("%s: %v", r.name, e)
				}
			}
		})
	}
}

func TestAnAnswerThatCannotBeReadMeansThatTheChangeWasMade(t *testing.T) {
	t.Parallel()
	for _, w := range writes {
		if w.bare {
			continue
		}
		for name, body := range map[string]string{"cut": w.answer[:len(w.answer)-1], "null": `null`, "another": `"hello"`, "nothing": ``} {
			t.Run(w.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c, _ := dial(t, reply(w.status, body))
					_, err := w.call(t.Context(), c)
					if e := failure(t, err); e.Kind != heroku.Malformed || !e.Ambiguous {
						t.Error(e)
					}
				})
			})
		}
	}
}

// A change is tried again only if nobody can have seen it.
func TestAChangeThatWasNeverSentIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, w := range writes {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var network memnet.Network
				c, err := heroku.New(heroku.Options{URL: "http://" + address, Token: token, HTTP: &http.Transport{DialContext: network.DialContext, DisableKeepAlives: true}})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				_, err = w.call(t.Context(), c)
				if e := failure(t, err); e.Kind != heroku.Unreachable || e.Ambiguous || time.Since(start) != pauses {
					t.Errorf("ambiguous %v after %v: %v", e.Ambiguous, time.Since(start), e)
				}
				bodies := make(chan string, 9)
				time.AfterFunc(50*time.Millisecond, func() {
					serve(t, &network, func(rw http.ResponseWriter, r *http.Request) {
						b, _ := io.ReadAll(r.Body)
						bodies <- string(b)
						reply(w.status, w.answer)(rw, r)
					})
				})
				got, err := w.call(t.Context(), c)
				if diff := cmp.Diff(w.want, got); diff != "" || err != nil || len(bodies) != 1 {
					t.Error(diff, err, len(bodies))
				} else {
					sameJSON(t, w.body, <-bodies)
				}
			})
		})
	}
}

func TestAChangeThatWasNeverAskedForCannotHaveHappened(t *testing.T) {
	t.Parallel()
	for _, w := range writes {
		synctest.Test(t, func(t *testing.T) {
			c, j := dial(t, reply(w.status, w.answer))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := w.call(ctx, c)
			if e := failure(t, err); e.Ambiguous || len(j.all()) != 0 {
				t.Errorf("%s: %d requests, %v", w.name, len(j.all()), e)
			}
		})
	}
}

func TestWhatCannotBeMeantIsNotAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, j := dial(t, reply(200, `{}`))
		ctx := t.Context()
		for name, call := range map[string]func() error{
			"no address":     func() error { _, err := c.StartBuild(ctx, "shop", heroku.BuildSpec{Version: "abc"}); return err },
			"no version":     func() error { _, err := c.StartBuild(ctx, "shop", heroku.BuildSpec{URL: "https://x"}); return err },
			"no release":     func() error { _, err := c.Rollback(ctx, "shop", ""); return err },
			"no code":        func() error { _, err := c.MakeRelease(ctx, "shop", heroku.ReleaseSpec{}); return err },
			"no command":     func() error { _, err := c.Run(ctx, "shop", heroku.RunSpec{TimeToLive: time.Hour}); return err },
			"lives for ever": func() error { _, err := c.Run(ctx, "shop", heroku.RunSpec{Command: "ls"}); return err },
			"lives for days": func() error {
				_, err := c.Run(ctx, "shop", heroku.RunSpec{Command: "ls", TimeToLive: 25 * time.Hour})
				return err
			},
			"no type":        func() error { _, err := c.Scale(ctx, "shop", heroku.Scale{Quantity: 1}); return err },
			"less than none": func() error { _, err := c.Scale(ctx, "shop", heroku.Scale{Type: "web", Quantity: -1}); return err },
			"no secret":      func() error { _, err := c.CreateWebhook(ctx, "shop", heroku.WebhookSpec{URL: "https://x"}); return err },
			"no app":         func() error { return c.Restart(ctx, "") },
			"no dyno":        func() error { return c.RestartDyno(ctx, "shop", "") },
			"no place":       func() error { return c.Upload(ctx, heroku.Source{}, strings.NewReader("x"), 1) },
			"no tarball":     func() error { return c.Upload(ctx, heroku.Source{Put: stream}, strings.NewReader(""), 0) },
			"unsafe place":   func() error { return c.Upload(ctx, heroku.Source{Put: "ftp://x/"}, strings.NewReader("x"), 1) },
		} {
			if e := failure(t, call()); e.Kind != heroku.Invalid || e.Ambiguous {
				t.Errorf("%s: %v", name, e)
			}
		}
		if n := len(j.all()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
		spec := heroku.WebhookSpec{URL: "https://x", Secret: "s3cret"}
		if text := spec.String() + spec.GoString(); strings.Contains(text, "s3cret") {
			t.Error(text)
		}
	})
}

// hangWithBody is hang for a request with a body, before whose end the server does not see the client go.
func hangWithBody(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	hang(w, r)
}

func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var a, b any
	for text, into := range map[string]*any{want: &a, got: &b} {
		if strings.TrimSpace(text) != "" {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
	if want == got {
		return
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("sent: want -, got +:\n%s", diff)
	}
}
