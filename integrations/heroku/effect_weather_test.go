package heroku_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
	"slipway/integrations/sim/weather"
)

// Each kind of weather over a far end that does what it is asked for.
func TestChangesInEveryWeather(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		fault     weather.Fault
		kind      heroku.Kind // "" if the call succeeds
		ambiguous bool
		made      int // how often the change was made, a minute later; -1: that depends on who saw whom go
	}{
		"fair":       {weather.Fault{}, "", false, 1},
		"delay":      {weather.Fault{Kind: weather.Delay, D: 2 * time.Second}, "", false, 1},
		"long delay": {weather.Fault{Kind: weather.Delay, D: 15 * time.Second}, heroku.Unreachable, true, -1},
		"drop":       {weather.Fault{Kind: weather.Drop}, heroku.Unreachable, true, 0},
		"cut":        {weather.Fault{Kind: weather.Cut}, heroku.Unreachable, true, 1},
		"late":       {weather.Fault{Kind: weather.Late, D: 20 * time.Second}, heroku.Unreachable, true, 1},
		"duplicate":  {weather.Fault{Kind: weather.Duplicate}, "", false, 2},
		"429":        {weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, heroku.OutOfQuota, false, 0},
		"429 bare":   {weather.Fault{Kind: weather.TooManyBare}, heroku.OutOfQuota, false, 0},
		"html 503":   {weather.Fault{Kind: weather.HTML503}, heroku.Unavailable, true, 0},
	} {
		for _, w := range writes {
			t.Run(name+"/"+w.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					sky := weather.New(func(rw http.ResponseWriter, _ time.Duration) {
						reply(429, `{"id":"rate_limit","message":"no"}`)(rw, nil)
					})
					defer sky.Close()
					made := make(chan bool, 9)
					c, _ := dial(t, sky.Wrap(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
						made <- true
						reply(w.status, w.answer)(rw, r)
					})))
					if fault := f.fault; fault.Kind != "" {
						fault.Method, fault.Path = "*", "*"
						sky.Add(fault)
					}
					got, err := w.call(t.Context(), c)
					if f.kind == "" {
						if diff := cmp.Diff(w.want, got); diff != "" || err != nil {
							t.Error(diff, err)
						}
					} else if e := failure(t, err); e.Kind != f.kind || e.Ambiguous != f.ambiguous {
						t.Errorf("ambiguous %v, %v", e.Ambiguous, e)
					}
					time.Sleep(time.Minute)
					if f.made >= 0 && len(made) != f.made {
						t.Errorf("made %d times, want %d", len(made), f.made)
					}
				})
			})
		}
	}
}
