package heartbeat

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/sim/memnet"
)

const (
	watchdog = "127.0.0.1:4090"
	secret   = "hunter-4f1d"
	address  = "http://" + watchdog + "/ping/" + secret + "?key=" + secret
)

// stage is what a heartbeat meets, in a bubble.
type stage struct {
	began time.Time
	log   bytes.Buffer // read after the heartbeat has ended

	mu     sync.Mutex
	calls  []string // when, since the start, and what
	ill    error
	answer http.HandlerFunc // nil: 200
	asked  int              // how often it was asked whether all is healthy
}

// play runs f beside a heartbeat to an address, and ends the heartbeat. It gives what was called, and what was logged.
func (s *stage) play(t *testing.T, url string, f func()) (calls, logged []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s.began = time.Now()
		var network memnet.Network
		listener, err := network.Listen(watchdog)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: http.HandlerFunc(s.serve)}
		served := make(chan struct{})
		go func() {
			defer close(served)
			_ = server.Serve(listener)
		}()
		transport := &http.Transport{DialContext: network.DialContext}
		plain := slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}
		h := New(Options{
			URL: url, HTTP: &http.Client{Transport: transport}, Log: slog.New(slog.NewTextHandler(&s.log, &plain)), Healthy: s.healthy,
		})
		ctx, stop := context.WithCancel(t.Context())
		ran := make(chan struct{})
		go func() {
			defer close(ran)
			h.Run(ctx)
		}()
		f()
		stop()
		told := time.Now()
		<-ran
		if d := time.Since(told); d != 0 {
			t.Errorf("it ran on for %v", d)
		}
		transport.CloseIdleConnections()
		_ = server.Close()
		<-served
	})
	if text := s.log.String(); strings.Contains(text, secret) {
		t.Errorf("the log has the address:\n%s", text)
	}
	return s.calls, strings.Split(strings.TrimSuffix(s.log.String(), "\n"), "\n")
}

func (s *stage) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls = append(s.calls, fmt.Sprintf("%v %s %s", time.Since(s.began), r.Method, r.URL))
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

func (s *stage) healthy(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return s.ill
}

// untilGone answers nobody.
func untilGone(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// after lets time pass and then changes something. No test does so at an instant at which the heartbeat does something.
func (s *stage) after(d time.Duration, change func()) {
	time.Sleep(time.Until(s.began.Add(d)))
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if change != nil {
		change()
	}
}

// at are calls at these times, as the watchdog sees them.
func at(times ...time.Duration) []string {
	var list []string
	for _, d := range times {
		list = append(list, fmt.Sprintf("%v GET /ping/%s?key=%s", d, secret, secret))
	}
	return list
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

var nothing = []string{""}
