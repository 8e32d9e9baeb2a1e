package ledger_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// at is a moment of the minute in which these tests' release was made, at 15.3 s.
func at(s int) time.Time { return begin.Add(time.Duration(s) * time.Second) }

func sha(letter string) string { return strings.Repeat(letter, 40) }

// run is one of the branch with one job of these steps.
func run(id int64, from, to int, steps ...github.Step) []ledger.Fact {
	return attempt(id, 1, from, to, steps...)
}

func attempt(id int64, n, from, to int, steps ...github.Step) []ledger.Fact {
	r := github.Run{
		ID: id, Number: int(id), Attempt: n, Path: "deploy.yml", Event: "push", Branch: "master", SHA: sha(fmt.Sprint(id)), Status: "completed",
		Conclusion: "success", CreatedAt: at(0), StartedAt: at(from), UpdatedAt: at(to),
	}
	if n == 1 {
		r.CreatedAt = at(from)
	}
	job := github.Job{ID: 100*id + int64(n), RunID: id, Attempt: n, Name: "deploy", Status: "completed", Conclusion: "success", CompletedAt: at(to)}
	for i, s := range steps {
		s.Number = i + 1
		job.Steps = append(job.Steps, s)
	}
	return []ledger.Fact{ledger.Run{Repo: repo, Run: r}, ledger.Job{Repo: repo, Job: job}}
}

func step(name string, from, to int) github.Step {
	return github.Step{Name: name, Status: "completed", Conclusion: "success", StartedAt: at(from), CompletedAt: at(to)}
}

func TestAReleaseIsPlacedByItsCommitOrByTheOnlyRunThatDeployedThen(t *testing.T) {
	t.Parallel()
	skipped := step("Push to Heroku", 10, 20)
	skipped.Conclusion = "skipped"
	going := run(1, 0, 12)
	unfinished := going[0].(ledger.Run)
	unfinished.Run.Status, unfinished.Run.Conclusion = "in_progress", ""
	pushing := going[1].(ledger.Job)
	pushing.Job.Status, pushing.Job.Conclusion = "in_progress", ""
	pushing.Job.Steps = []github.Step{{Name: "Push", Number: 1, StartedAt: at(10)}}

	read := ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(100)}
	absent := ledger.Absent{Repo: repo, SHA: sha("c"), At: at(100)}
	unknown := []ledger.Fact{read, absent}
	ships := step("Push to Heroku", 10, 20)
	tests := []struct {
		name  string
		code  string // the commit that Heroku names, "-" if its code is not known
		facts [][]ledger.Fact
		want  ledger.Place
		runs  string
	}{
		{"code that is not known", "-", [][]ledger.Fact{unknown}, ledger.Unread, "[]"},
		{"no commit named", "", [][]ledger.Fact{unknown}, ledger.Unsaid, "[]"},
		{"a branch named", "master", [][]ledger.Fact{unknown}, ledger.Unsaid, "[]"},
		{"a commit on GitHub", sha("c"), [][]ledger.Fact{{ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("c")}}}}, ledger.Exact, "[]"},
		{"one that GitHub knows by now", sha("c"), [][]ledger.Fact{unknown, {ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("c")}}}}, ledger.Exact, "[]"},
		{"the head", sha("c"), [][]ledger.Fact{{ledger.Head{Repo: repo, Branch: "master", SHA: sha("c"), At: at(0)}}}, ledger.Exact, "[]"},
		{"a merge", sha("c"), [][]ledger.Fact{{ledger.Pull{Repo: repo, Pull: github.Pull{Number: 1, Merged: true, MergeSHA: sha("c")}}}}, ledger.Exact, "[]"},
		{"not asked yet", sha("c"), [][]ledger.Fact{{read}, run(1, 0, 30, ships)}, ledger.Unread, "[1]"},
		{"runs not read", sha("c"), [][]ledger.Fact{{absent}, run(1, 0, 30, ships)}, ledger.Unread, "[1]"},
		{"runs heard of", sha("c"), [][]ledger.Fact{{absent, ledger.Heard{Scope: ledger.RepoScope(repo), Sender: ledger.GitHub, At: at(50)}}, run(1, 0, 30, ships)}, ledger.Inferred, "[1]"},
		{"jobs not read", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30)[:1]}, ledger.Unread, "[]"},
		{"one run", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30, ships)}, ledger.Inferred, "[1]"},
		{"that only tests", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30, step("Run Tests", 10, 20))}, ledger.Nowhere, "[]"},
		{"whose step was over", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30, step("Push to Heroku", 10, 13))}, ledger.Nowhere, "[]"},
		{"whose step ended in that second", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30, step("Push to Heroku", 10, 15))}, ledger.Inferred, "[1]"},
		{"whose step was skipped", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30, skipped)}, ledger.Nowhere, "[]"},
		{"that is over", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 13, ships)}, ledger.Nowhere, "[]"},
		{"still going on", sha("c"), [][]ledger.Fact{unknown, {unfinished, pushing}}, ledger.Inferred, "[1]"},
		{"two, one of which only tests", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30, ships), run(2, 5, 30, step("Run Tests", 10, 20))}, ledger.Inferred, "[1]"},
		{"two that deploy", sha("c"), [][]ledger.Fact{unknown, run(1, 0, 30, ships), run(2, 5, 30, step("Push to Heroku", 12, 22))}, ledger.Several, "[2 1]"},
		{"the attempt of then", sha("c"), [][]ledger.Fact{unknown, attempt(1, 1, 0, 9, ships), attempt(1, 2, 9, 30, ships), attempt(1, 3, 60, 90, ships)}, ledger.Inferred, "[1]"},
		{"none", sha("c"), [][]ledger.Fact{unknown}, ledger.Nowhere, "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := heroku.Release{ID: "r", Version: 7, SlugID: "slug", Status: heroku.Succeeded, Description: "Deploy cccccccc", Current: true, CreatedAt: at(15).Add(300 * time.Millisecond)}
			k := known(ledger.Release{App: app, Release: r})
			if tt.code != "-" {
				k.Add(ledger.Slug{App: app, Slug: heroku.Slug{ID: "slug", Commit: tt.code}})
			}
			for _, facts := range tt.facts {
				k.Add(facts...)
			}
			p := k.Placed(r)
			ids := []int64{}
			for _, run := range p.Runs {
				ids = append(ids, run.ID)
			}
			if p.Place != tt.want || fmt.Sprint(ids) != tt.runs {
				t.Errorf("placed %v with the runs %v, want %v and %s", p.Place, ids, tt.want, tt.runs)
			}
			want := map[ledger.Place]string{ledger.Exact: sha("c"), ledger.Inferred: sha("1")}[tt.want]
			if p.Commit != want {
				t.Errorf("the commit is %q, want %q", p.Commit, want)
			}
		})
	}
}

func TestATeamSaysWhatShips(t *testing.T) {
	t.Parallel()
	const deploy = "deploy.yml" // the workflow of all runs here
	tests := []struct {
		name string
		way  settings.Way
		step string // of the run that went on when the release was made
		want ledger.Place
	}{
		{"nothing said", settings.Way{}, "Push to Heroku", ledger.Inferred},
		{"the workflow", settings.Way{Workflow: deploy}, "Push to Heroku", ledger.Inferred},
		{"another workflow", settings.Way{Workflow: "other.yml"}, "Push to Heroku", ledger.Nowhere},
		{"a step of no telling name", settings.Way{Step: regexp.MustCompile("^Go live$")}, "Go live", ledger.Inferred},
		{"another step", settings.Way{Step: regexp.MustCompile("^Go live$")}, "Push to Heroku", ledger.Nowhere},
		{"both", settings.Way{Workflow: deploy, Step: regexp.MustCompile("^Go live$")}, "Go live", ledger.Inferred},
		{"the step of another workflow", settings.Way{Workflow: "other.yml", Step: regexp.MustCompile("^Go live$")}, "Go live", ledger.Nowhere},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := heroku.Release{ID: "r", Version: 7, SlugID: "slug", Status: heroku.Succeeded, Description: "Deploy cccccccc", Current: true, CreatedAt: at(15)}
			k := known(
				ledger.Release{App: app, Release: r}, ledger.Slug{App: app, Slug: heroku.Slug{ID: "slug", Commit: sha("c")}},
				ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(100)}, ledger.Absent{Repo: repo, SHA: sha("c"), At: at(100)},
			)
			k.Add(run(1, 0, 30, step(tt.step, 10, 20))...)
			k.Way = tt.way
			if p := k.Placed(r); p.Place != tt.want {
				t.Errorf("placed %v, want %v", p.Place, tt.want)
			}
		})
	}
}

// What is missing is asked for in rounds; here each answer shows what is missing next.
func TestWhatIsMissingIsNamedUntilItIsKnown(t *testing.T) {
	t.Parallel()
	r := heroku.Release{ID: "r7", Version: 7, SlugID: "slug", Description: "Deploy cccccccc", Current: true, CreatedAt: at(15)}
	failed := heroku.Release{ID: "r8", Version: 8, SlugID: "other", Status: heroku.Failed, Description: "Deploy dddddddd", CreatedAt: at(40)}
	second := attempt(1, 2, 50, 90)
	second[0] = reread(second[0], at(100))
	first := attempt(1, 1, 0, 30, step("Push to Heroku", 10, 20))
	k := known(
		ledger.Release{App: app, Release: r}, ledger.Release{App: app, Release: failed},
		ledger.Head{Repo: repo, Branch: "master", SHA: sha("e"), At: at(100), Read: at(100)},
		ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(100)}, second[0],
	)
	for i, tc := range []struct {
		then []ledger.Fact
		want []ledger.Want
	}{
		{nil, []ledger.Want{ledger.WantSlug{Version: 7, SlugID: "slug"}, ledger.WantSlug{Version: 8, SlugID: "other"}, ledger.WantOutput{Version: 8, ReleaseID: "r8"}, ledger.WantAttempt{RunID: 1, Attempt: 1}}},
		{
			[]ledger.Fact{
				ledger.Slug{App: app, Slug: heroku.Slug{ID: "slug", Commit: sha("c")}},
				ledger.Slug{App: app, Slug: heroku.Slug{ID: "other", Commit: sha("d")}},
				ledger.Output{App: app, ReleaseID: "r8"},
				reread(first[0], at(101)),
			},
			[]ledger.Want{
				ledger.WantJobs{RunID: 1, Attempt: 1},
				ledger.WantCommit{Version: 7, SHA: sha("c")},
				ledger.WantSpan{Base: sha("c"), Head: sha("e")},
				ledger.WantCommit{Version: 8, SHA: sha("d")},
			},
		},
		{
			[]ledger.Fact{first[1], readingOf(ledger.WantJobs{RunID: 1, Attempt: 1}, at(102)), ledger.Absent{Repo: repo, SHA: sha("c"), At: at(102)}, ledger.Absent{Repo: repo, SHA: sha("d"), At: at(102)}},
			[]ledger.Want{ledger.WantSpan{Base: sha("1"), Head: sha("e")}},
		},
		{[]ledger.Fact{ledger.Span{Repo: repo, Base: sha("1"), Head: sha("e")}}, nil},
	} {
		k.Add(tc.then...)
		if diff := cmp.Diff(tc.want, k.Missing()); diff != "" {
			t.Errorf("%d: missing (-want +got):\n%s", i, diff)
		}
	}
}

func reread(f ledger.Fact, read time.Time) ledger.Fact {
	run := f.(ledger.Run)
	run.Read = read
	return run
}
