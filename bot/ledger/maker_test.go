package ledger_test

import (
	"slices"
	"testing"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

func TestAReleaseIsMadeByHandOnlyWhenNoRunCanHaveMadeIt(t *testing.T) {
	t.Parallel()
	release := heroku.Release{ID: "r9", Version: 9, Description: "Deploy 22222222", SlugID: "s9", CreatedAt: at(50)}
	code := func(commit string) []ledger.Fact {
		return []ledger.Fact{ledger.Release{App: app, Release: release}, ledger.Slug{App: app, Slug: heroku.Slug{ID: "s9", Commit: commit}}}
	}
	read := ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(100)}
	known2 := []ledger.Fact{read, ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("2")}}}
	unknown2 := []ledger.Fact{read, ledger.Absent{Repo: repo, SHA: sha("2"), At: at(100)}}
	ships, tests := step("Push to Heroku", 40, 60), step("Run tests", 40, 60)
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		want  ledger.Maker
	}{
		"its commit's run deployed then":        {[][]ledger.Fact{code(sha("2")), known2, run(2, 0, 60, ships)}, ledger.ARun},
		"its commit's run only tested":          {[][]ledger.Fact{code(sha("2")), known2, run(2, 0, 60, tests)}, ledger.ByHand},
		"its commit's run goes on":              {[][]ledger.Fact{code(sha("2")), known2, going("in_progress")}, ledger.NotKnownYet},
		"its commit's run is over, jobs unread": {[][]ledger.Fact{code(sha("2")), known2, run(2, 0, 60)[:1]}, ledger.NotKnownYet},
		"its commit's run was over before":      {[][]ledger.Fact{code(sha("2")), known2, run(2, -60, -30, ships)}, ledger.ByHand},
		"another commit's run deploys":          {[][]ledger.Fact{code(sha("2")), known2, run(3, 0, 60, ships)}, ledger.ByHand},
		"no run":                                {[][]ledger.Fact{code(sha("2")), known2}, ledger.ByHand},
		"no run is known, and none was read":    {[][]ledger.Fact{code(sha("2")), known2[1:]}, ledger.NotKnownYet},
		"code that is not known":                {[][]ledger.Fact{code(sha("2"))[:1], known2}, ledger.NotKnownYet},
		"a commit not asked for":                {[][]ledger.Fact{code(sha("2")), {read}}, ledger.NotKnownYet},
		"no commit of GitHub's, one run":        {[][]ledger.Fact{code(sha("2")), unknown2, run(3, 0, 60, ships)}, ledger.ARun},
		"no commit of GitHub's, two runs":       {[][]ledger.Fact{code(sha("2")), unknown2, run(3, 0, 60, ships), run(4, 0, 60, ships)}, ledger.ARun},
		"no commit of GitHub's, no run":         {[][]ledger.Fact{code(sha("2")), unknown2}, ledger.ByHand},
		"no commit of GitHub's, a run tests":    {[][]ledger.Fact{code(sha("9")), {read, ledger.Absent{Repo: repo, SHA: sha("9"), At: at(100)}}, going("in_progress", github.Job{Name: "t", Status: "in_progress"})}, ledger.NotKnownYet},
		"no commit named, no run":               {[][]ledger.Fact{code(""), known2}, ledger.ByHand},
		"no commit named, a run deploys":        {[][]ledger.Fact{code("master"), known2, run(3, 0, 60, ships)}, ledger.ARun},
	} {
		k := known(slices.Concat(tc.facts...)...)
		if got := k.Maker(release); got != tc.want {
			t.Errorf("%s: maker %d, want %d", name, got, tc.want)
		}
	}
}
