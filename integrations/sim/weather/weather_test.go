package weather_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/sim/weather"
)

func TestLatencyIsExactAndLetsRequestsTravelTogether(t *testing.T) {
	under(t, func(t *testing.T, s *sky) {
		s.SetLatency(200 * time.Millisecond)
		start := time.Now()
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { s.post("/x", "") })
		}
		synctest.Wait()
		if n := s.InFlight(); n != 5 {
			t.Errorf("%d are in flight", n)
		}
		all.Wait()
		if took := time.Since(start); took != 200*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		synctest.Wait()
		if n := s.InFlight(); n != 0 {
			t.Errorf("%d are in flight", n)
		}
	})
}

func TestAServerThatIsDownDoesNothing(t *testing.T) {
	under(t, func(t *testing.T, s *sky) {
		s.Add(weather.Fault{Method: "*", Path: "*", Kind: weather.TooMany})
		s.SetDown(true)
		if seen := s.post("/x", ""); seen != "cut" || !s.Down() || len(s.did()) > 0 {
			t.Errorf("the client sees %q; the server did %q", seen, s.did())
		}
		s.SetDown(false)
		if seen := s.post("/x", ""); seen[:3] != "429" {
			t.Errorf("the fault was spent: %q", seen)
		}
		if all, _ := s.Requests(0); !all[0].Lost || all[0].Fault != "" || all[1].Lost {
			t.Errorf("the list is %+v", all)
		}
	})
}

func TestAFaultHitsWhatItNames(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		method, path string
		hit          bool
	}{
		"exact": {"POST", "/apps/a/releases", true}, "any method": {"*", "/apps/a/releases", true}, "any path": {"POST", "*", true},
		"one element": {"POST", "/apps/*/releases", true}, "star is one element": {"POST", "/apps/*", false},
		"another method": {"GET", "*", false}, "another path": {"POST", "/apps/a", false}, "longer": {"POST", "/apps/a/releases/*", false},
	} {
		t.Run(name, func(t *testing.T) {
			under(t, func(t *testing.T, s *sky) {
				s.Add(weather.Fault{Method: tc.method, Path: tc.path, Kind: weather.Drop})
				if seen := s.post("/apps/a/releases?x=1", ""); (seen == "cut") != tc.hit {
					t.Errorf("the client sees %q", seen)
				}
			})
		})
	}
}

func TestFaultsHitOnceInTheirOrderUnlessTheyStay(t *testing.T) {
	under(t, func(t *testing.T, s *sky) {
		for _, f := range []weather.Fault{
			{Method: "*", Path: "/x", Kind: weather.Cut}, {Method: "*", Path: "*", Kind: weather.HTML503, Always: true}, {Method: "*", Path: "/x", Kind: weather.Drop},
		} {
			s.Add(f)
		}
		var seen []string
		for range 3 {
			seen = append(seen, s.post("/x", "")[:3])
		}
		s.Clear()
		seen = append(seen, s.post("/x", "")[:3])
		if want := []string{"cut", "503", "503", "200"}; !slices.Equal(seen, want) {
			t.Errorf("the client sees %q, want %q", seen, want)
		}
	})
}

// Whoever is scheduled first, the same request is hit.
func TestAFairFaultHitsTheLeastOfThoseThatArriveTogether(t *testing.T) {
	under(t, func(t *testing.T, s *sky) {
		for range 50 {
			s.Add(weather.Fault{Method: "*", Path: "/*", Kind: weather.HTML503, Fair: true})
			s.Add(weather.Fault{Method: "*", Path: "/*", Kind: weather.Drop, Fair: true})
			var all sync.WaitGroup
			var mu sync.Mutex
			seen := map[string]string{}
			for _, path := range []string{"/d", "/b", "/a", "/c"} {
				all.Go(func() {
					got := s.post(path, "")[:3]
					mu.Lock()
					defer mu.Unlock()
					seen[path] = got
				})
			}
			all.Wait()
			if diff := cmp.Diff(map[string]string{"/a": "503", "/b": "cut", "/c": "200", "/d": "200"}, seen); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestTheListHasEveryRequest(t *testing.T) {
	under(t, func(t *testing.T, s *sky) {
		for _, path := range []string{"/silent?a=b", "/made", "/x"} {
			s.post(path, "")
		}
		all, next := s.Requests(-5)
		var got []string
		for _, r := range all {
			got = append(got, fmt.Sprintf("%s?%s %d", r.Path, r.Query, r.Status))
		}
		if want := []string{"/silent?a=b 200", "/made? 201", "/x? 200"}; !slices.Equal(got, want) || next != 3 {
			t.Errorf("got %q up to %d, want %q", got, next, want)
		}
		if some, next := s.Requests(2); len(some) != 1 || next != 3 {
			t.Errorf("from 2 on there are %v up to %d", some, next)
		}
		if none, next := s.Requests(9); len(none) != 0 || next != 3 {
			t.Errorf("from 9 on there are %v up to %d", none, next)
		}
	})
}

func TestAClientThatGoesAwayOnTheWayIsNotServed(t *testing.T) {
	under(t, func(t *testing.T, s *sky) {
		s.SetLatency(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, url+"/x", nil)
		if _, err := s.client.Do(r); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if all, _ := s.Requests(0); len(s.did()) > 0 || !all[0].Lost {
			t.Errorf("the server did %q: %+v", s.did(), all)
		}
	})
}

func TestLateWorkEndsUndoneWithTheServer(t *testing.T) {
	under(t, func(t *testing.T, s *sky) {
		s.Add(weather.Fault{Method: "*", Path: "*", Kind: weather.Late, D: time.Hour, Always: true})
		s.post("/x", "")
		s.post("/a", "")
		if want := []string{"late POST /a", "late POST /x"}; !slices.Equal(s.Open(), want) {
			t.Errorf("open is %q, want %q", s.Open(), want)
		}
		start := time.Now()
		s.Close()
		s.post("/x", "") // too late to be begun
		time.Sleep(2 * time.Hour)
		if len(s.did()) > 0 || len(s.Open()) > 0 {
			t.Errorf("the server did %q; %q is open", s.did(), s.Open())
		}
		if closed := time.Since(start) - 2*time.Hour; closed != 0 {
			t.Errorf("closing took %v", closed)
		}
	})
}

func TestABodyThatEndsTooSoonIsNoRequest(t *testing.T) {
	t.Parallel()
	for _, kind := range []weather.Kind{weather.Duplicate, weather.Cut, weather.Late} {
		t.Run(string(kind), func(t *testing.T) {
			under(t, func(t *testing.T, s *sky) {
				s.Add(weather.Fault{Method: "*", Path: "*", Kind: kind, D: time.Second})
				r, _ := http.NewRequest(http.MethodPost, url+"/x", io.MultiReader(strings.NewReader("half"), broken{}))
				r.ContentLength = 8
				if _, err := s.client.Do(r); err == nil {
					t.Fatal("it was answered")
				}
				time.Sleep(time.Minute)
				if len(s.did()) > 0 {
					t.Errorf("the server did %q", s.did())
				}
			})
		})
	}
}

// broken is a body whose source is gone.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
