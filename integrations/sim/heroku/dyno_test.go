package herokusim

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// states reads "web.1 up v122" and so on from the API.
func (s *site) states(t *testing.T) string {
	t.Helper()
	var out []string
	for _, d := range s.get(t, "/apps/penny-university/dynos").list(t) {
		out = append(out, d["name"].(string)+" "+d["state"].(string))
	}
	return strings.Join(out, ", ")
}

// "GET /apps/{app}/dynos/{name}` -> state `starting|up|idle|down|crashed`"
func TestAReleaseRestartsTheDynos(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		before := s.get(t, "/apps/penny-university/dynos/web.1").object(t)
		if got := s.states(t); got != "web.1 up, web.2 up, worker.1 up" {
			t.Errorf("at first: %s", got)
		}
		done := goDo(func() { _, _ = s.app.SetConfig(t.Context(), "A", "1", "") })
		sleepUntil(11 * time.Second)
		if got := s.states(t); got != "web.1 starting, web.2 starting, worker.1 starting" {
			t.Errorf("after the release phase: %s", got)
		}
		<-done
		if got := s.states(t); got != "web.1 up, web.2 up, worker.1 up" {
			t.Errorf("in the end: %s", got)
		}
		after := s.get(t, "/apps/penny-university/dynos/web.1").object(t)
		if after["id"] == before["id"] || after["release"].(map[string]any)["version"] != 123.0 {
			t.Errorf("web.1 was %v and is %v", before, after)
		}
		if old := s.get(t, "/apps/penny-university/dynos/"+before["id"].(string)); old.StatusCode != http.StatusNotFound {
			t.Errorf("the old dyno answers %d", old.StatusCode)
		}
	})
}

// "a finished dyno is gone: 404"
func TestADynoThatDoesNotExistIs404(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.get(t, "/apps/penny-university/dynos/run.1234").fault(t, http.StatusNotFound, "not_found")
	})
}

func TestACrashedDynoStaysSoUntilTheNextRelease(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		if err := s.app.Crash("web"); err != nil {
			t.Fatal(err)
		}
		if got := s.states(t); got != "web.1 crashed, web.2 up, worker.1 up" {
			t.Errorf("after a crash: %s", got)
		}
		if err := s.app.Crash("web"); err != nil {
			t.Fatal(err)
		}
		for kind, want := range map[string]string{
			"web":   "all web dynos of penny-university have crashed already",
			"clock": "penny-university has no clock dyno; the types that run are: web, worker",
		} {
			if err := s.app.Crash(kind); err == nil || err.Error() != want {
				t.Errorf("crash %s: %v, want %s", kind, err, want)
			}
		}
		if _, err := s.app.SetConfig(t.Context(), "A", "1", ""); err != nil {
			t.Fatal(err)
		}
		if got := s.states(t); got != "web.1 up, web.2 up, worker.1 up" {
			t.Errorf("after the next release: %s", got)
		}
	})
}

// A release that comes while the dynos of the one before still start replaces them.
func TestDynosThatStillStartAreReplacedToo(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		a := s.AddApp(AppSpec{Name: "plain", Owner: alice, Formation: []Process{{Type: "web", Quantity: 1}}})
		first := goDo(func() { _, _ = a.SetConfig(t.Context(), "A", "1", "") })
		time.Sleep(3 * time.Second)
		second := goDo(func() { _, _ = a.SetConfig(t.Context(), "A", "2", "") })
		<-first
		if d := s.get(t, "/apps/plain/dynos/web.1").object(t); d["state"] != "starting" {
			t.Errorf("5 s after the first and 2 s after the second release: %v", d)
		}
		<-second
		if d := s.get(t, "/apps/plain/dynos/web.1").object(t); d["state"] != "up" {
			t.Errorf("5 s after the second release: %v", d)
		}
	})
}

// "a formation of type `release` = there is a release phase"; "formation `quantity` must be a NUMBER in replies"
func TestTheFormationShowsTheReleasePhase(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		quantity := map[any]any{}
		for _, p := range s.get(t, "/apps/penny-university/formation").list(t) {
			quantity[p["type"]] = p["quantity"]
		}
		if quantity["web"] != 2.0 || quantity["worker"] != 1.0 || quantity["release"] != 0.0 {
			t.Errorf("got %v", quantity)
		}
	})
}

// "Maintenance: … read `.maintenance`. Stops web traffic only; other dynos go on; no release"
func TestMaintenanceMakesNoReleaseAndRestartsNothing(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		before := s.get(t, "/apps/penny-university/dynos").body
		s.app.SetMaintenance(true)
		if got := s.get(t, "/apps/penny-university").object(t)["maintenance"]; got != true {
			t.Errorf("maintenance reads %v", got)
		}
		if s.get(t, "/apps/penny-university/dynos").body != before || len(s.app.Releases()) != 3 {
			t.Error("maintenance touched dynos or releases")
		}
		s.app.SetMaintenance(false)
		if got := s.get(t, "/apps/penny-university").object(t)["maintenance"]; got != false {
			t.Errorf("afterwards it reads %v", got)
		}
	})
}

func TestHealthIsAsItWasSet(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for _, ok := range []bool{true, false, true} {
			s.app.SetHealth(ok)
			if s.app.Healthy() != ok {
				t.Errorf("set %v, reads %v", ok, s.app.Healthy())
			}
			want := map[bool]int{true: 200, false: 500}[ok]
			if got := s.get(t, "/sites/penny-university/healthz").StatusCode; got != want {
				t.Errorf("set %v, visitors get %d", ok, got)
			}
		}
		s.app.SetMaintenance(true)
		if got := s.get(t, "/sites/penny-university/").StatusCode; got != 503 {
			t.Errorf("in maintenance visitors get %d", got)
		}
	})
}
