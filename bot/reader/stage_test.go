package reader_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/reader"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/weather"
	"slipway/integrations/sim/world"
)

const (
	githubAddr = "127.0.0.1:4002"
	herokuAddr = "127.0.0.1:4003"
	hooksAddr  = "127.0.0.1:4004"
)

// begin is when every story takes place: Monday 2026-01-05 14:00 UTC.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// stage is a world with a reader in it.
type stage struct {
	*world.World
	t       *testing.T
	network *memnet.Network
	app     config.App
	github  *github.Client
	heroku  *heroku.Client
	reader  *reader.Reader
}

// on sets the stage in a bubble. Told takes the webhooks; nil: there are none.
func on(t *testing.T, changes []string, told http.Handler, play func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		s := &stage{t: t, network: &memnet.Network{}}
		transport := &http.Transport{DialContext: s.network.DialContext, MaxIdleConnsPerHost: 32}
		o := world.Options{Changes: changes, GitHubURL: "http://" + githubAddr, HerokuURL: "http://" + herokuAddr, Client: &http.Client{Transport: transport}}
		if told != nil {
			defer s.serve(hooksAddr, told)()
			o.DeliverTo = "http://" + hooksAddr
		}
		var err error
		if s.World, err = world.New(o); err != nil {
			t.Fatal(err)
		}
		defer s.serve(githubAddr, s.World.GitHub)()
		defer s.serve(herokuAddr, s.World.Heroku)()
		defer transport.CloseIdleConnections()
		defer s.World.Close()
		s.meet(transport)
		play(s)
	})
}

func (s *stage) serve(addr string, h http.Handler) (stop func()) {
	l, err := s.network.Listen(addr)
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.t.Error(err)
		}
	})
	return func() {
		_ = server.Close()
		serving.Wait()
	}
}

// meet makes the reader, with the tokens of the world.
func (s *stage) meet(transport http.RoundTripper) {
	var apps config.Apps
	if err := apps.Decode(s.env("APPS")); err != nil {
		s.t.Fatal(err)
	}
	s.app = apps[len(apps)-1]
	gh, err := github.New(github.Options{URL: s.env("GITHUB_API_URL"), Token: s.env("GITHUB_TOKEN"), HTTP: transport})
	if err != nil {
		s.t.Fatal(err)
	}
	hk, err := heroku.New(heroku.Options{URL: s.env("HEROKU_API_URL"), Token: s.env("HEROKU_API_KEY"), HTTP: transport})
	if err != nil {
		s.t.Fatal(err)
	}
	s.github, s.heroku, s.reader = gh, hk, reader.New(gh, hk)
}

func (s *stage) env(name string) string {
	for _, line := range s.Env() {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	s.t.Fatalf("the world has no %s", name)
	return ""
}

// nothing is what is known at first.
func (s *stage) nothing() *ledger.Known { return ledger.New(s.app.Name, s.app.Repo) }

// do lets something happen: a line of a conversation, without its "!".
func (s *stage) do(line string) {
	s.t.Helper()
	words := strings.Fields(line)
	if err := s.Do(words[0], words[1:]); err != nil {
		s.t.Fatalf("!%s: %v", line, err)
	}
}

// again runs the newest run again: all its jobs, or those that failed.
func (s *stage) again(failed bool) {
	s.t.Helper()
	again := s.github.Rerun
	if failed {
		again = s.github.RerunFailed
	}
	if err := again(s.t.Context(), s.app.Repo, s.Repo.Runs()[0].ID, github.RerunOptions{}); err != nil {
		s.t.Fatal(err)
	}
}

// scale has two web dynos run.
func (s *stage) scale() {
	s.t.Helper()
	if _, err := s.heroku.Scale(s.t.Context(), s.app.Name, heroku.Scale{Type: "web", Quantity: 2}); err != nil {
		s.t.Fatal(err)
	}
}

// settle waits until nothing goes on any more.
func (s *stage) settle() {
	s.t.Helper()
	for range 3600 {
		time.Sleep(time.Second)
		if len(s.Open()) == 0 {
			return
		}
	}
	s.t.Fatalf("this goes on: %q", s.Open())
}

// fault lets a fault hit the requests to a server: "github GET /x drop".
func (s *stage) fault(line string) {
	s.t.Helper()
	s.do("fault " + line)
}

// counting counts the requests to GitHub and Heroku from now on.
func (s *stage) counting() func() (github, heroku []string) {
	_, atGitHub := s.World.GitHub.Weather().Requests(0)
	_, atHeroku := s.World.Heroku.Weather().Requests(0)
	return func() (github, heroku []string) {
		toGitHub, _ := s.World.GitHub.Weather().Requests(atGitHub)
		toHeroku, _ := s.World.Heroku.Weather().Requests(atHeroku)
		return lines(toGitHub), lines(toHeroku)
	}
}

func lines(requests []weather.Request) []string {
	var list []string
	for _, r := range requests {
		list = append(list, strings.TrimSuffix(r.Method+" "+r.Path+"?"+r.Query, "?"))
	}
	slices.Sort(list)
	return list
}

// took runs f and tells how long it took.
func took(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}
