package github_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/sim/memnet"
)

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]github.Options{
		"no token":              {},
		"token with line break": {Token: token + "\n"},
		"token with space":      {Token: "ghp_ " + token},
		"token outside ASCII":   {Token: token + "é"},
		"no scheme":             {Token: token, URL: "api.github.com"},
		"other scheme":          {Token: token, URL: "ftp://api.github.com"},
		"password in address":   {Token: token, URL: "https://me:" + token + "@api.github.com"},
		"query in address":      {Token: token, URL: "https://api.github.com/?access_token=" + token},
		"no address":            {Token: token, URL: "https://" + token + ":x:y"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := github.New(o)
			if err == nil {
				t.Fatal("taken")
			}
			if strings.Contains(err.Error(), token) {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

func TestTheTokenIsNeverShown(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, first(
			says(404, `{"message":"no route for Bearer `+token+`"}`, "X-GitHub-Request-Id", token, "X-Accepted-GitHub-Permissions", token),
			says(404, `{"message":"`+strings.Repeat("x", 280)+token+`"}`), // cut in its middle
			says(301, ``, "Location", "http://"+token+".test/"),
			says(301, ``, "Location", "/%zz"+token),
			says(200, `{"full_name":`+token),
		))
		for range 5 {
			_, err := client.Repository(t.Context(), github.Repo{Owner: "o", Name: token})
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v", *fails(t, err)), fmt.Sprintf("%#v", err)} {
				if strings.Contains(text, token[:8]) {
					t.Errorf("shown: %s", text)
				}
			}
			for below := err; below != nil; below = errors.Unwrap(below) {
				if strings.Contains(below.Error(), token) {
					t.Errorf("shown below: %v", below)
				}
			}
		}
		options := github.Options{Token: token}
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "options", options, "client", client)
		if strings.Contains(log.String(), token) {
			t.Errorf("logged: %s", &log)
		}
		for _, text := range []string{fmt.Sprintf("%v %+v %#v", client, client, client), fmt.Sprintf("%v %+v %#v", options, options, &options)} {
			if strings.Contains(text, token) {
				t.Errorf("printing shows it: %s", text)
			}
		}
		if got := far.requests()[0].Header.Get("Authorization"); got != "Bearer "+token {
			t.Errorf("Authorization: %q", got)
		}
	})
}

func TestRequestsSayWhoAsksAndWhichVersion(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		_, far := stage(t, says(200, goodRepo))
		client := far.client(t, github.Options{URL: farURL + "/api/v3", Agent: "slipway/1.2"})
		if _, err := client.Repository(t.Context(), penny); err != nil {
			t.Fatal(err)
		}
		r := far.requests()[0]
		if r.UserAgent() != "slipway/1.2" || r.Header.Get("X-GitHub-Api-Version") == "" || r.URL.Path != "/api/v3/repos/penny-university/penny_university" {
			t.Errorf("asked %s as %q, version %q", r.URL, r.UserAgent(), r.Header.Get("X-GitHub-Api-Version"))
		}
	})
}

func TestARenamedRepositoryIsFollowed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/repositories/42" {
				http.Redirect(w, r, "/repositories/42", http.StatusMovedPermanently)
				return
			}
			says(200, strings.Replace(goodRepo, "/penny_university", "/renamed", 1))(w, r)
		})
		got, err := client.Repository(t.Context(), penny)
		if err != nil || got.FullName != "penny-university/renamed" {
			t.Fatalf("got %+v, %v", got, err)
		}
		for _, r := range far.requests() {
			if r.Header.Get("Authorization") == "" {
				t.Errorf("%s was asked without the token", r.URL)
			}
		}
	})
}

func TestAnotherHostIsNeverAsked(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, says(302, ``, "Location", "http://elsewhere.test:80/"))
		far.listen(t, "elsewhere.test:80", says(200, goodRepo))
		_, err := client.Repository(t.Context(), penny)
		if github.KindOf(err) != github.Unavailable {
			t.Errorf("got %v", err)
		}
		if n := far.asked(); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestPassingTroubleIsAskedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		troubles []http.HandlerFunc
		took     time.Duration
	}{
		"none":                {nil, 0},
		"one drop":            {[]http.HandlerFunc{drops}, 200 * time.Millisecond},
		"two drops":           {[]http.HandlerFunc{drops, drops}, time.Second},
		"503, then a cut":     {[]http.HandlerFunc{says(503, ``), cutShort}, time.Second},
		"502, then 504":       {[]http.HandlerFunc{says(502, ``), says(504, ``)}, time.Second},
		"503 that says to be": {[]http.HandlerFunc{says(503, ``, "Retry-After", "0")}, 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, first(append(c.troubles, says(200, goodRepo))...))
				_, err := client.Repository(t.Context(), penny)
				if err != nil || time.Since(dawn) != c.took || far.asked() != len(c.troubles)+1 {
					t.Errorf("after %v and %d requests: %v; want %v and %d", time.Since(dawn), far.asked(), err, c.took, len(c.troubles)+1)
				}
			})
		})
	}
}

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestNoCallOutlivesItsTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		allow  time.Duration // of the caller; 0: as long as it takes
		took   time.Duration
		below  error
		text   string
	}{
		"silence":                           {hangs, 0, 10 * time.Second, context.DeadlineExceeded, "no answer in 10s"},
		"silence, caller in a hurry":        {hangs, 3 * time.Second, 3 * time.Second, context.DeadlineExceeded, "no answer in the time there was"},
		"silence, caller with time":         {hangs, time.Minute, 10 * time.Second, context.DeadlineExceeded, "no answer in 10s"},
		"drops, no time for a second try":   {drops, 150 * time.Millisecond, 0, nil, "EOF"},
		"drops, no time for a third try":    {drops, 500 * time.Millisecond, 200 * time.Millisecond, nil, "EOF"},
		"headers, then silence":             {stalls, 3 * time.Second, 3 * time.Second, context.DeadlineExceeded, ""},
		"a 503, then no time for the pause": {says(503, `{"message":"busy"}`), 100 * time.Millisecond, 0, nil, "busy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := stage(t, c.answer)
				ctx := t.Context()
				if c.allow != 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.allow)
					defer cancel()
				}
				_, err := client.Repository(ctx, penny)
				if took := time.Since(dawn); took != c.took {
					t.Errorf("took %v, want %v", took, c.took)
				}
				if c.below != nil && (!errors.Is(err, c.below) || github.KindOf(err) != github.Unreachable) {
					t.Errorf("got %v, want Unreachable with %v below", err, c.below)
				}
				if !strings.Contains(err.Error(), c.text) {
					t.Errorf("got %q, want %q in it", err, c.text)
				}
			})
		})
	}
}

// stalls sends half an answer and then nothing.
func stalls(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"full_name":`))
	w.(http.Flusher).Flush()
	hangs(w, r)
}

func TestACancelledCallReturnsAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		cancel time.Duration
	}{
		"before it began": {hangs, 0},
		"while waiting":   {hangs, 2 * time.Second},
		"while pausing":   {drops, 700 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, c.answer)
				ctx, cancel := context.WithCancel(t.Context())
				if c.cancel == 0 {
					cancel()
				}
				time.AfterFunc(c.cancel, cancel)
				_, err := client.Repository(ctx, penny)
				if !errors.Is(err, context.Canceled) || github.KindOf(err) != github.Unreachable || time.Since(dawn) != c.cancel {
					t.Errorf("after %v: %v", time.Since(dawn), err)
				}
				if c.cancel == 0 && far.asked() != 0 {
					t.Error("asked all the same")
				}
			})
		})
	}
}

func TestQuotaIsWhatTheLastAnswerSaid(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		reset := dawn.Add(time.Hour)
		client, _ := stage(t, first(
			says(200, goodRepo, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "4999", "X-RateLimit-Reset", unix(reset), "X-RateLimit-Resource", "core"),
			says(404, `{}`, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "4998", "X-RateLimit-Reset", unix(reset)),
			says(200, goodRepo, "X-RateLimit-Limit", "30", "X-RateLimit-Remaining", "1", "X-RateLimit-Resource", "search"),
			says(200, goodRepo, "X-RateLimit-Limit", "many", "X-RateLimit-Remaining", "some"),
			says(200, goodRepo),
		))
		if got := client.Quota(); got != (github.Quota{}) {
			t.Errorf("before the first answer: %+v", got)
		}
		for i, want := range []int{4999, 4998, 4998, 4998, 4998} {
			_, _ = client.Repository(t.Context(), penny)
			if got := client.Quota(); got != (github.Quota{Limit: 5000, Remaining: want, Reset: reset}) {
				t.Errorf("after answer %d: %+v, want %d left until %v", i+1, got, want, reset)
			}
		}
	})
}

func TestManyMayAskAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, _ := stage(t, says(200, goodRepo, "ETag", `"1"`, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "9"))
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := client.Repository(t.Context(), penny); err != nil {
					t.Error(err)
				}
				_ = client.Quota()
			})
		}
		all.Wait()
	})
}

// The transport that New makes is the only part that needs a real socket.
func TestWithoutATransportItDialsByItself(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(says(200, goodRepo))
	defer srv.Close()
	client, err := github.New(github.Options{URL: srv.URL, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Repository(t.Context(), penny); err != nil {
		t.Error(err)
	}
}

func TestNobodyListening(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		nowhere := &far{net: &memnet.Network{}}
		_, err := nowhere.client(t, github.Options{}).Repository(t.Context(), penny)
		if github.KindOf(err) != github.Unreachable || !strings.Contains(err.Error(), "refused") {
			t.Errorf("got %v", err)
		}
	})
}

type dialTrouble struct{ error }

func (d dialTrouble) RoundTrip(*http.Request) (*http.Response, error) { return nil, d.error }

// The timeout of a dialer counts as a context's, but it is not the call that took too long.
func TestADialersTimeoutIsNotOurs(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, err := github.New(github.Options{Token: token, HTTP: dialTrouble{fmt.Errorf("dial tcp 192.0.2.1:443: i/o timeout: %w", context.DeadlineExceeded)}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Repository(t.Context(), penny)
		if github.KindOf(err) != github.Unreachable || !strings.Contains(err.Error(), "dial tcp 192.0.2.1:443") || strings.Contains(err.Error(), "10s") {
			t.Errorf("got %v", err)
		}
	})
}
