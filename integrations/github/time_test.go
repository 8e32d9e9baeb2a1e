package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/sim/memnet"
)

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
