package github_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/weather"
)

func TestSimTokens(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		w.AddToken("ghp_elsewhere", "eve", "other/repo")
		if _, err := w.client.Repository(t.Context(), penny); err != nil {
			t.Fatal(err)
		}
		_, err := w.far.client(t, github.Options{Token: "ghp_elsewhere"}).Repository(t.Context(), penny)
		if github.KindOf(err) != github.NotFound {
			t.Errorf("a token without right: %v", err)
		}
		_, err = w.far.client(t, github.Options{Token: "ghp_wrong"}).Repository(t.Context(), penny)
		if github.KindOf(err) != github.Unauthorized || !strings.Contains(err.Error(), "Bad credentials") {
			t.Errorf("a wrong token: %v", err)
		}
	})
}

func TestSimA304CostsNothing(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		for op, ask := range simMethods(w) {
			first, err := ask(t.Context(), w.client)
			if err != nil {
				t.Fatalf("%s: %v", op, err)
			}
			before := w.client.Quota()
			again, err := ask(t.Context(), w.client)
			equal(t, first, again, err)
			if after := w.client.Quota(); after != before || after.Limit != 5000 {
				t.Errorf("%s: quota was %+v, is %+v", op, before, after)
			}
			if all, _ := w.Weather().Requests(0); all[len(all)-1].Status != http.StatusNotModified {
				t.Errorf("%s: the second time answered %d", op, all[len(all)-1].Status)
			}
		}
	})
}

func TestSimAnswersChangeWhenTheWorldDoes(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		before, err := w.client.Branch(t.Context(), penny, "master")
		if err != nil {
			t.Fatal(err)
		}
		pushed, err := w.repo.Push("master", githubsim.CommitSpec{Author: "bob", Message: "more", Files: []githubsim.File{{Path: "x", Text: "x"}}})
		if err != nil {
			t.Fatal(err)
		}
		after, err := w.client.Branch(t.Context(), penny, "master")
		equal(t, commitOf(pushed), after, err)
		if before.SHA == after.SHA {
			t.Error("nothing changed")
		}
	})
}

func TestSimOutOfQuota(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		until := dawn.Add(20 * time.Minute)
		w.SetQuota(0, until)
		for i, want := range []int{1, 1, 1} {
			_, err := w.client.Repository(t.Context(), penny)
			if e := fails(t, err); e.Kind != github.OutOfQuota || !e.Until.Equal(until) || !strings.Contains(e.Error(), "until 2000-01-01 00:20:00 UTC") {
				t.Errorf("call %d: %v", i+1, e)
			}
			if w.far.asked() != want {
				t.Errorf("call %d: asked %d times, want %d", i+1, w.far.asked(), want)
			}
		}
		equal(t, github.Quota{Limit: 5000, Remaining: 0, Reset: until}, w.client.Quota(), nil)
		time.Sleep(20 * time.Minute)
		if _, err := w.client.Repository(t.Context(), penny); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
}

func TestSimTheLastOfTheQuota(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		until := dawn.Add(20 * time.Minute)
		w.SetQuota(1, until)
		if _, err := w.client.Repository(t.Context(), penny); err != nil {
			t.Fatal(err)
		}
		_, err := w.client.Branch(t.Context(), penny, "master")
		if e := fails(t, err); e.Kind != github.OutOfQuota || !e.Until.Equal(until) || e.Status != 0 || w.far.asked() != 1 {
			t.Errorf("after %d requests: %v", w.far.asked(), e)
		}
	})
}

func TestSimSecondaryLimit(t *testing.T) {
	for name, c := range map[string]struct{ said, wait time.Duration }{
		"said": {30 * time.Second, 30 * time.Second}, "unsaid": {0, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			played(t, func(t *testing.T, w *world) {
				w.SecondaryLimit(c.said)
				for range 2 {
					_, err := w.client.Repository(t.Context(), penny)
					if e := fails(t, err); e.Kind != github.SlowDown || !e.Until.Equal(dawn.Add(c.wait)) {
						t.Errorf("got %v", e)
					}
				}
				if w.far.asked() != 1 {
					t.Errorf("asked %d times", w.far.asked())
				}
				time.Sleep(c.wait)
				if _, err := w.client.Repository(t.Context(), penny); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			})
		})
	}
}

func TestSimEveryMethodInEveryWeather(t *testing.T) {
	const lag = 300 * time.Millisecond
	for name, c := range map[string]struct {
		fault weather.Fault
		kind  github.Kind   // "" if the call succeeds
		took  time.Duration // of the call, exactly
		until time.Duration
	}{
		"fair":          {weather.Fault{}, "", lag, 0},
		"delay":         {weather.Fault{Kind: weather.Delay, D: 2 * time.Second}, "", 2*time.Second + lag, 0},
		"long delay":    {weather.Fault{Kind: weather.Delay, D: time.Minute}, github.Unreachable, 10 * time.Second, 0},
		"drop":          {weather.Fault{Kind: weather.Drop}, "", 200*time.Millisecond + lag, 0},
		"drops":         {weather.Fault{Kind: weather.Drop, Always: true}, github.Unreachable, time.Second, 0},
		"cut":           {weather.Fault{Kind: weather.Cut}, "", lag + 200*time.Millisecond + lag, 0},
		"cuts":          {weather.Fault{Kind: weather.Cut, Always: true}, github.Unreachable, 3*lag + time.Second, 0},
		"late":          {weather.Fault{Kind: weather.Late, D: 5 * time.Second}, "", lag + 200*time.Millisecond + lag, 0},
		"duplicate":     {weather.Fault{Kind: weather.Duplicate}, "", lag, 0},
		"429":           {weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, github.SlowDown, lag, lag + 7*time.Second},
		"429 bare":      {weather.Fault{Kind: weather.TooManyBare}, github.SlowDown, lag, lag + time.Minute},
		"html 503 once": {weather.Fault{Kind: weather.HTML503}, "", lag + 200*time.Millisecond + lag, 0},
		"html 503":      {weather.Fault{Kind: weather.HTML503, Always: true}, github.Unavailable, 3*lag + time.Second, 0},
		"down":          {weather.Fault{}, github.Unreachable, time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			played(t, func(t *testing.T, w *world) {
				w.Weather().SetLatency(lag)
				for op, ask := range simMethods(w) {
					client := w.far.client(t, github.Options{}) // the hold of one method is not the next one's
					start := time.Now()
					w.Weather().SetDown(name == "down")
					if c.fault.Kind != "" {
						c.fault.Method, c.fault.Path = "*", "*"
						w.Weather().Add(c.fault)
					}
					_, err := ask(t.Context(), client)
					if took := time.Since(start); took != c.took {
						t.Errorf("%s: took %v, want %v", op, took, c.took)
					}
					if c.kind != github.KindOf(err) || c.kind == "" && err != nil {
						t.Errorf("%s: got %v, want %q", op, err, c.kind)
					}
					var e *github.Error
					if c.until != 0 && errors.As(err, &e) && !e.Until.Equal(start.Add(c.until).UTC()) {
						t.Errorf("%s: until %v, want %v", op, e.Until, start.Add(c.until))
					}
					w.Weather().Clear()
				}
			})
		})
	}
}

func TestSimACancelledCallReturnsAtOnce(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		w.Weather().SetLatency(time.Minute)
		for op, ask := range simMethods(w) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			start := time.Now()
			_, err := ask(ctx, w.client)
			if took := time.Since(start); took != 50*time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: after %v: %v", op, took, err)
			}
			cancel()
			start = time.Now()
			if _, err := ask(ctx, w.client); time.Since(start) != 0 || err == nil {
				t.Errorf("%s: after %v: %v", op, time.Since(start), err)
			}
		}
	})
}

// Connections that are kept must not turn one trouble into many, nor end the next call.
func TestSimKeptConnections(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		transport := &http.Transport{DialContext: w.far.net.DialContext}
		client, err := github.New(github.Options{URL: farURL, Token: token, HTTP: transport})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		for _, kind := range []weather.Kind{weather.Drop, weather.Cut, weather.HTML503} {
			if _, err := client.Repository(t.Context(), penny); err != nil {
				t.Fatal(err)
			}
			w.Weather().Add(weather.Fault{Method: "GET", Path: "*", Kind: kind})
			if _, err := client.Repository(t.Context(), penny); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
	})
}
