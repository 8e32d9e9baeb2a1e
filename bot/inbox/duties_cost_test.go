package inbox_test

import (
	"strings"
	"testing"
	"time"

	"slipway/bot/ledger"
)

// The promise of the issue: in rest with webhooks at most 60 calls an hour to each far end; a merge costs at most 12 calls of
// GitHub and 6 of Heroku more, and what it changed is known seconds after its webhooks told.
func TestRestAndMergesAreCheap(t *testing.T) {
	t.Parallel()
	for i, kind := range []string{"world default", "world two-files"} {
		if i > 0 && !sweep {
			continue // a sweep
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			inWorld(t, []string{kind}, func(l *lookout) {
				l.start()
				time.Sleep(30*time.Minute + 30*time.Second)
				asked := l.counting()
				time.Sleep(time.Hour)
				restGitHub, restHeroku := asked()
				if len(restGitHub) > 60 || len(restHeroku) > 60 {
					t.Errorf("rest cost %d calls of GitHub and %d of Heroku:\n%s\n%s", len(restGitHub), len(restHeroku),
						strings.Join(restGitHub, "\n"), strings.Join(restHeroku, "\n"))
				}
				asked = l.counting()
				l.do("merge 46")
				l.settle()
				time.Sleep(15 * time.Second)
				mergeGitHub, mergeHeroku := asked()
				t.Logf("until it was live: %d and %d", len(mergeGitHub), len(mergeHeroku))
				if missing := l.known().Missing(); len(missing) > 0 {
					t.Errorf("missing is %v", missing)
				}
				if live, ok := l.known().Live(); !ok || live.Release.Version != 123 {
					t.Errorf("live is %+v", live)
				}
				time.Sleep(time.Until(begin.Add(2*time.Hour + 30*time.Minute + 30*time.Second)))
				mergeGitHub, mergeHeroku = asked()
				dGitHub, dHeroku := len(mergeGitHub)-len(restGitHub), len(mergeHeroku)-len(restHeroku)
				if dGitHub > 12 || dHeroku > 6 {
					t.Errorf("the merge cost %d calls of GitHub and %d of Heroku:\n%s\n%s", dGitHub, dHeroku,
						strings.Join(mergeGitHub, "\n"), strings.Join(mergeHeroku, "\n"))
				}
				t.Logf("rest: %d and %d calls an hour; the merge: %d and %d more", len(restGitHub), len(restHeroku), dGitHub, dHeroku)
				for _, s := range []ledger.Sender{ledger.GitHub, ledger.Heroku} {
					if st := l.standing(s); !st.Trusted || st.Missed > 0 {
						t.Errorf("%+v", st)
					}
				}
				l.current()
			})
		})
	}
}
