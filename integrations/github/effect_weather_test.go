package github_test

import (
	"net/http"
	"testing"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/sim/weather"
)

// Each kind of weather over a far end that does what it is asked for.
func TestChangesInEveryWeather(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault     weather.Fault
		kind      github.Kind // "" if the call succeeds
		ambiguous bool
		made      int // how often the change was made, a minute later; -1: that depends on who saw whom go
	}{
		"fair":       {weather.Fault{}, "", false, 1},
		"delay":      {weather.Fault{Kind: weather.Delay, D: 2 * time.Second}, "", false, 1},
		"long delay": {weather.Fault{Kind: weather.Delay, D: 15 * time.Second}, github.Unreachable, true, -1},
		"drop":       {weather.Fault{Kind: weather.Drop}, github.Unreachable, true, 0},
		"cut":        {weather.Fault{Kind: weather.Cut}, github.Unreachable, true, 1},
		"late":       {weather.Fault{Kind: weather.Late, D: 20 * time.Second}, github.Unreachable, true, 1},
		"duplicate":  {weather.Fault{Kind: weather.Duplicate}, "", false, 2},
		"429":        {weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, github.SlowDown, false, 0},
		"429 bare":   {weather.Fault{Kind: weather.TooManyBare}, github.SlowDown, false, 0},
		"html 503":   {weather.Fault{Kind: weather.HTML503}, github.Unavailable, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, m := range changes {
				bubble(t, func(t *testing.T) {
					sky := weather.New(func(w http.ResponseWriter, after time.Duration) {
						says(429, `{}`)(w, nil)
					})
					defer sky.Close()
					made := make(chan bool, 9)
					client, _ := stage(t, sky.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						made <- true
						says(m.status, m.answer)(w, r)
					})).ServeHTTP)
					if c.fault.Kind != "" {
						c.fault.Method, c.fault.Path = "*", "*"
						sky.Add(c.fault)
					}
					got, err := m.call(t.Context(), client)
					if c.kind == "" {
						equal(t, m.want, got, err)
					} else if e := fails(t, err); e.Kind != c.kind || e.Ambiguous != c.ambiguous {
						t.Errorf("%s: ambiguous %v, %v", m.op, e.Ambiguous, e)
					}
					time.Sleep(time.Minute)
					if c.made >= 0 && len(made) != c.made {
						t.Errorf("%s: made %d times, want %d", m.op, len(made), c.made)
					}
				})
			}
		})
	}
}
