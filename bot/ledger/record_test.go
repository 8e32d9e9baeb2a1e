package ledger_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/sim/world"
)

// begin is when the stories of these tests begin.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

const app = "penny-university"

var repo = github.Repo{Owner: "penny-university", Name: "penny_university"}

// story is a world in a bubble that sends webhooks to somebody who takes them all.
type story struct {
	*world.World
	t *testing.T
}

// recording is what the far ends told of a story, and what could be read at its end.
type recording struct {
	told [][]ledger.Fact // of each delivery; those that tell nothing are left out
	read []ledger.Fact
	end  time.Time
}

// record plays a story in a world of its own.
func record(t *testing.T, changes []string, play func(s story)) recording {
	t.Helper()
	var r recording
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		taken := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
		w, err := world.New(world.Options{
			Changes: changes, DeliverTo: "http://bot.example.com", Client: &http.Client{Transport: served{taken}},
			GitHubURL: "http://github.example.com", HerokuURL: "http://heroku.example.com",
		})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		s := story{w, t}
		play(s)
		r = recording{told: s.told(), read: s.read(), end: time.Now()}
	})
	return r
}

// served brings requests to a server without a network.
type served struct{ http.Handler }

func (s served) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	r = r.Clone(r.Context())
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RequestURI = r.URL.RequestURI()
	s.ServeHTTP(w, r)
	return w.Result(), nil
}

// do plays lines such as "merge 46 squash", one after the other, each to its end.
func (s story) do(lines ...string) {
	s.t.Helper()
	for _, line := range lines {
		words := strings.Fields(line)
		if before, after, ok := strings.Cut(line, ` "`); ok { // the last word has spaces
			words = append(strings.Fields(before), strings.TrimSuffix(after, `"`))
		}
		if err := s.Do(words[0], words[1:]); err != nil {
			s.t.Fatalf("!%s: %v", line, err)
		}
		s.settle()
	}
}

func (s story) settle() {
	s.t.Helper()
	for range 3600 {
		synctest.Wait()
		if len(s.Open()) == 0 {
			return
		}
		time.Sleep(time.Second)
	}
	s.t.Fatalf("still open: %q", s.Open())
}

// again runs what failed of the newest run of the branch again.
func (s story) again() {
	s.t.Helper()
	time.Sleep(time.Minute)
	for _, run := range s.Repo.Runs() {
		if run.Branch != "master" {
			continue
		}
		path := fmt.Sprintf("/repos/%s/actions/runs/%d/rerun-failed-jobs", repo, run.ID)
		r := httptest.NewRequest(http.MethodPost, path, nil)
		r.Header.Set("Authorization", "Bearer "+s.env("GITHUB_TOKEN"))
		w := httptest.NewRecorder()
		s.GitHub.ServeHTTP(w, r)
		if w.Code != http.StatusCreated {
			s.t.Fatalf("run again: %d %s", w.Code, w.Body)
		}
		s.settle()
		return
	}
	s.t.Fatal("there is no run of master")
}

func (s story) env(name string) string {
	for _, line := range s.Env() {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// told parses what was delivered so far.
func (s story) told() [][]ledger.Fact {
	var list [][]ledger.Fact
	deliveries, _ := s.GitHub.Deliveries(0)
	for _, d := range deliveries {
		e, err := github.ParseEvent(d.Event, d.Body)
		if err != nil {
			s.t.Fatal(err)
		}
		list = append(list, ledger.FromGitHub(e))
	}
	tries, _ := s.Heroku.Deliveries(0)
	for _, d := range tries {
		e, err := heroku.ParseEvent(d.Body)
		if err != nil {
			s.t.Fatal(err)
		}
		list = append(list, ledger.FromHeroku(e))
	}
	return slices.DeleteFunc(list, func(f []ledger.Fact) bool { return len(f) == 0 })
}
