package weather_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/sim/weather"
)

func TestEachKindOfFault(t *testing.T) {
	t.Parallel()
	const unavailable = "503 <html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>"
	once, twice := []string{"POST /x body"}, []string{"POST /x body", "POST /x body"}
	for name, tc := range map[string]struct {
		fault  weather.Fault
		seen   string
		took   time.Duration
		done   []string // at once
		open   []string
		later  []string // a minute later
		status int
		lost   bool
	}{
		"none":      {seen: "200 answer 1", done: once, later: once, status: 200},
		"delay":     {fault: weather.Fault{Kind: weather.Delay, D: 5 * time.Second}, seen: "200 answer 1", took: 5 * time.Second, done: once, later: once, status: 200},
		"drop":      {fault: weather.Fault{Kind: weather.Drop}, seen: "cut", lost: true},
		"duplicate": {fault: weather.Fault{Kind: weather.Duplicate}, seen: "200 answer 2", done: twice, later: twice, status: 200},
		"cut":       {fault: weather.Fault{Kind: weather.Cut}, seen: "cut", done: once, later: once},
		"late":      {fault: weather.Fault{Kind: weather.Late, D: 20 * time.Second}, seen: "cut", open: []string{"late POST /x"}, later: once},
		"429":       {fault: weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, seen: "429  after 7s", status: 429},
		"429-bare":  {fault: weather.Fault{Kind: weather.TooManyBare, D: 7 * time.Second}, seen: "429  after 0s", status: 429},
		"html-503":  {fault: weather.Fault{Kind: weather.HTML503}, seen: unavailable, status: 503},
	} {
		t.Run(name, func(t *testing.T) {
			under(t, func(t *testing.T, s *sky) {
				tc.fault.Method, tc.fault.Path = "POST", "/x"
				if tc.fault.Kind != "" {
					s.Add(tc.fault)
				}
				start := time.Now()
				seen := s.post("/x", "body")
				if took := time.Since(start); seen != tc.seen || took != tc.took {
					t.Errorf("the client sees %q after %v, want %q after %v", seen, took, tc.seen, tc.took)
				}
				if diff := cmp.Diff(tc.done, s.did()); diff != "" {
					t.Errorf("the server did (-want +got):\n%s", diff)
				}
				if open := s.Open(); !slices.Equal(open, tc.open) {
					t.Errorf("open is %q", open)
				}
				journal, next := s.Requests(0)
				want := []weather.Request{{At: start, Method: "POST", Path: "/x", Agent: "Go-http-client/1.1", Status: tc.status, Fault: tc.fault.Kind, Lost: tc.lost}}
				if diff := cmp.Diff(want, journal); diff != "" || next != 1 {
					t.Errorf("the list up to %d (-want +got):\n%s", next, diff)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if diff := cmp.Diff(tc.later, s.did()); diff != "" {
					t.Errorf("a minute later the server did (-want +got):\n%s", diff)
				}
				if tc.fault.Kind == weather.Late && s.at[0].Sub(start) != tc.fault.D {
					t.Errorf("the late work was done after %v", s.at[0].Sub(start))
				}
				if open := s.Open(); len(open) > 0 || s.InFlight() != 0 {
					t.Errorf("a minute later %q is open, %d are in flight", open, s.InFlight())
				}
				if seen := s.post("/x", ""); !strings.HasPrefix(seen, "200") {
					t.Errorf("the next request sees %q", seen)
				}
			})
		})
	}
}
