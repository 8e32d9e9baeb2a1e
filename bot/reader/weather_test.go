package reader_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/reader/readertest"
)

// lists are what can be asked for, and where.
var lists = []struct {
	what   ledger.List
	server string
	path   string
	kinds  []ledger.Kind // of the facts that it gives
}{
	{ledger.Branches, "github", "/repos/*/*", []ledger.Kind{ledger.KindBranch}},
	{ledger.Heads, "github", "/repos/*/*/branches/*", []ledger.Kind{ledger.KindHead, ledger.KindCommit}},
	{ledger.Runs, "github", "/repos/*/*/actions/runs", []ledger.Kind{ledger.KindRun}},
	{ledger.Pulls, "github", "/repos/*/*/pulls", []ledger.Kind{ledger.KindPull}},
	{ledger.Statuses, "github", "/repos/*/*/commits/*/status", []ledger.Kind{ledger.KindStatus}},
	{ledger.Checks, "github", "/repos/*/*/commits/*/check-runs", []ledger.Kind{ledger.KindCheck}},
	{ledger.Apps, "heroku", "/apps/*", []ledger.Kind{ledger.KindApp}},
	{ledger.Releases, "heroku", "/apps/*/releases", []ledger.Kind{ledger.KindRelease}},
	{ledger.Builds, "heroku", "/apps/*/builds", []ledger.Kind{ledger.KindBuild}},
	{ledger.Dynos, "heroku", "/apps/*/dynos", []ledger.Kind{ledger.KindDyno, ledger.KindListed}},
	{ledger.Formation, "heroku", "/apps/*/formation", []ledger.Kind{ledger.KindProcess}},
}

// A list that cannot be read is a gap with its reason. Nothing is made up in its place, the others are read, and when it can
// be read again all is known.
func TestAListThatCannotBeReadIsAGapUntilItCanBe(t *testing.T) {
	t.Parallel()
	weathers := []string{"drop", "html-503", "429 5m", "429-bare", "delay 20s"}
	for i, l := range lists {
		for j, weather := range weathers {
			if j != i%len(weathers) && !sweep {
				continue // a sweep
			}
			t.Run(fmt.Sprint(l.what, " ", weather), func(t *testing.T) {
				t.Parallel()
				on(t, nil, nil, func(s *stage) {
					k := s.nothing()
					s.reader.Know(s.t.Context(), s.app, k, nobody)
					time.Sleep(time.Hour) // now each list is due
					s.do("direct hotfix")
					s.settle()
					s.fault(l.server + " GET " + l.path + " " + weather + " always")
					var facts []ledger.Fact
					if d := took(func() { facts = s.reader.Know(s.t.Context(), s.app, k, nobody) }); d > 12*time.Second {
						t.Errorf("it took %v", d)
					}
					if !k.Lost(l.what) || len(k.Gaps()) == 0 {
						t.Errorf("it is no gap: %v", k.Gaps())
					}
					for _, f := range facts {
						if kind := f.Subject().Kind; slices.Contains(l.kinds, kind) && kind != ledger.KindCommit && kind != ledger.KindListed {
							t.Errorf("it was not read, and gave %v", f.Subject())
						}
					}
					if l.server == "github" && k.Lost(ledger.Releases) || l.server == "heroku" && k.Lost(ledger.Runs) {
						t.Errorf("the other far end suffers: %v", k.Gaps())
					}
					s.do("fault " + l.server + " clear")
					time.Sleep(10 * time.Minute)
					s.reader.Know(s.t.Context(), s.app, k, nobody)
					s.wholly(k)
				})
			})
		}
	}
}

// wholly fails the test when something else is known than a first reading shows, or something is missing.
func (s *stage) wholly(k *ledger.Known) {
	s.t.Helper()
	time.Sleep(2 * time.Minute) // a far end may have said how long to stay away
	s.reader.Know(s.t.Context(), s.app, k, nobody)
	fresh := s.nothing()
	s.reader.Know(s.t.Context(), s.app, fresh, nobody)
	if len(k.Gaps())+len(k.Missing())+len(fresh.Gaps()) > 0 {
		s.t.Errorf("gaps are %v, missing %v; of a first reading the gaps are %v", k.Gaps(), k.Missing(), fresh.Gaps())
	}
	if behind := readertest.Behind(k, fresh); len(behind) > 0 {
		s.t.Error(readertest.Short(behind))
	}
}

// A far end that is down costs 1.2 s when something is known of it, and what is known of it stays.
func TestAFarEndThatHangsCostsLittle(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"github", "heroku"} {
		for name, first := range map[string]bool{"first": true, "later": false} {
			t.Run(server+" "+name, func(t *testing.T) {
				t.Parallel()
				on(t, []string{"latency 10ms"}, nil, func(s *stage) {
					k := s.nothing()
					if !first {
						s.reader.Know(s.t.Context(), s.app, k, nobody)
					}
					before := len(k.Runs()) + len(k.Releases())
					time.Sleep(time.Hour)
					for depth := 1; depth < 8; depth++ {
						s.fault(server + " GET " + strings.Repeat("/*", depth) + " delay 1m always")
					}
					want := 1200 * time.Millisecond
					if first {
						want = 6 * time.Second
					}
					if d := took(func() { s.reader.Know(s.t.Context(), s.app, k, nobody) }); d < want || d > want+100*time.Millisecond {
						t.Errorf("it took %v, want %v", d, want)
					}
					if len(k.Gaps()) == 0 || !first && len(k.Runs())+len(k.Releases()) < before {
						t.Errorf("gaps are %v; known are %d runs and %d releases of %d", k.Gaps(), len(k.Runs()), len(k.Releases()), before)
					}
				})
			})
		}
	}
}

// Who said until when to stay away is not asked before, by nobody.
func TestAFarEndOutOfQuotaIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, l := range []struct{ server, path string }{{"github", "/repos/*/*/actions/runs"}, {"heroku", "/apps/*/dynos"}} {
		t.Run(l.server, func(t *testing.T) {
			t.Parallel()
			on(t, nil, nil, func(s *stage) {
				k := s.nothing()
				s.reader.Know(s.t.Context(), s.app, k, nobody)
				time.Sleep(time.Hour)
				s.fault(l.server + " GET " + l.path + " 429 10m")
				s.reader.Know(s.t.Context(), s.app, k, nobody)
				asked := s.counting()
				for range 9 {
					time.Sleep(time.Minute)
					s.reader.Know(s.t.Context(), s.app, k, nobody)
					s.reader.GitHub(s.t.Context(), s.app, k, false)
					s.reader.Heroku(s.t.Context(), s.app, k, false)
				}
				github, heroku := asked()
				quiet, busy := github, heroku
				if l.server == "heroku" {
					quiet, busy = heroku, github
				}
				if len(quiet) > 0 || len(busy) == 0 {
					t.Errorf("asked %d times of the one that is out of quota, and %d of the other: %q", len(quiet), len(busy), quiet)
				}
				time.Sleep(2 * time.Minute)
				s.wholly(k)
			})
		})
	}
}
