package ledger

import (
	"slices"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// longestRun is how long a run may take, waiting included (GitHub ends it then); one that seems to go on after that has
// ended unheard.
const longestRun = 35 * 24 * time.Hour

// Going is what goes on.
type Going struct {
	Runs     []github.Run     // of the deploy branch, newest first
	Builds   []heroku.Build   // newest first
	Releases []heroku.Release // whose command runs, newest first
	Dynos    []heroku.Dyno    // that run one command: one-off, scheduled and releasing ones, by name
}

// Going is what goes on now.
func (k *Known) Going(now time.Time) Going {
	return Going{
		Runs:     only(k.BranchRuns(), func(r github.Run) bool { return r.Status != completed && now.Sub(began(r)) < longestRun }),
		Builds:   going(k.Builds()),
		Releases: only(k.Releases(), func(r heroku.Release) bool { return r.Status == heroku.Pending }),
		Dynos:    only(k.Dynos(), func(d heroku.Dyno) bool { return d.Type == "run" || d.Type == "scheduler" || d.Type == "release" }),
	}
}

// going are the builds that go on. An app has one at a time, so one that is older than another has ended unheard.
func going(builds []heroku.Build) []heroku.Build {
	if len(builds) == 0 {
		return nil
	}
	return only(builds[:1], func(b heroku.Build) bool { return b.Status == heroku.Pending })
}

func only[T any](list []T, keep func(T) bool) []T {
	return slices.DeleteFunc(list, func(x T) bool { return !keep(x) })
}
