package notices

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// tidied is #46, merged as the commit c….
func tidied() []ledger.Fact { return merged(46, "Tidy the chat form", "alice", "c", 0) }

// ci is run #21, on the commit c….
func ci(status, conclusion string, jobs ...github.Job) []ledger.Fact {
	return ran(ciRun(status, conclusion, "c"), jobs...)
}

func ciRun(status, conclusion, digit string) github.Run {
	return github.Run{ID: 21, Number: 21, SHA: sha(digit), Status: status, Conclusion: conclusion, CreatedAt: at(2), UpdatedAt: at(100)}
}

func first(t *testing.T, s *scene) notice {
	t.Helper()
	list := s.changes()
	if len(list) == 0 {
		t.Fatal("there is no notice")
	}
	return list[0]
}

func TestAChangeSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	const small = "\npenny-university · by alice · ccccccc · merged 14:00 UTC"
	tests := passed("test-frontend")
	red := failed("test-backend", "Test with pytest")
	push := github.Step{Name: "Push to Heroku", Status: "completed", Conclusion: "success"}
	other := func(id int64, status, conclusion string) github.Run {
		return github.Run{
			ID: id, Number: int(id), Path: ".github/workflows/deploy.yml", Name: "Deploy", Event: "push", Branch: "master", SHA: sha("c"),
			Status: status, Conclusion: conclusion, CreatedAt: at(3), UpdatedAt: at(90),
		}
	}
	again := ciRun("in_progress", "", "c")
	again.Attempt, again.StartedAt = 2, at(200)
	read := ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(400)}
	built := func(status string) []ledger.Fact {
		return facts(ledger.Build{App: app, Build: heroku.Build{ID: "b", Status: status, Commit: sha("c"), CreatedAt: at(3)}})
	}
	for name, tc := range map[string]struct {
		after int // seconds after the merge
		facts [][]ledger.Fact
		want  string
	}{
		"it was just merged":        {1, nil, ":hourglass_flowing_sand: *#46 Tidy the chat form*: merged, waiting for its run"},
		"no run has begun":          {401, [][]ledger.Fact{{read}}, ":warning: *#46 Tidy the chat form*: merged, and no run has begun; v122 still runs"},
		"nobody has looked":         {401, nil, ":hourglass_flowing_sand: *#46 Tidy the chat form*: merged, waiting for its run"},
		"its run is queued":         {5, [][]ledger.Fact{ci("queued", "")}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: merged, CI is queued\nCI #21: :hourglass_flowing_sand: is queued"},
		"tests run":                 {60, [][]ledger.Fact{ci("in_progress", "", tests, running("test-backend"), queued("test-integration"))}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: merged, CI runs\nCI #21: :white_check_mark: test-frontend · :hourglass_flowing_sand: test-backend · :hourglass_flowing_sand: test-integration"},
		"it is deployed":            {90, [][]ledger.Fact{ci("in_progress", "", tests, passed("test-backend"), passed("test-integration"), running("deploy"))}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: deploying\nCI #21: :white_check_mark: 3 jobs · :hourglass_flowing_sand: deploy"},
		"its release phase runs":    {95, [][]ledger.Fact{ci("in_progress", "", tests, running("deploy")), released(123, "c", heroku.Pending, 92)}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: built, the release phase of v123 runs\nCI #21: :white_check_mark: test-frontend · :hourglass_flowing_sand: deploy"},
		"it is live":                {130, [][]ledger.Fact{ci("completed", "success", tests, passed("deploy", push)), released(123, "c", heroku.Succeeded, 120)}, ":white_check_mark: *#46 Tidy the chat form*: live in v123\nLive since 14:02 UTC, 2 min 2 s after the merge\nCI #21: :white_check_mark: 2 jobs"},
		"a config var is set after": {330, [][]ledger.Fact{ci("completed", "success"), released(123, "c", heroku.Succeeded, 120), releasedAs(124, "c", "Set A config vars", heroku.Succeeded, 300)}, ":white_check_mark: *#46 Tidy the chat form*: live in v123\nLive since 14:02 UTC, 2 min 2 s after the merge\nCI #21: :white_check_mark: passed"},
		"a test is red, others run": {60, [][]ledger.Fact{ci("in_progress", "", tests, red, running("test-integration"))}, ":x: *#46 Tidy the chat form*: merged, test-backend failed, CI still runs\nCI #21: :x: test-backend, step Test with pytest · :white_check_mark: test-frontend · :hourglass_flowing_sand: test-integration"},
		"tests are red":             {100, [][]ledger.Fact{ci("completed", "failure", tests, red, passed("test-integration"), skipped("deploy"))}, ":x: *#46 Tidy the chat form*: merged, not deployed; v122 still runs\nCI #21: :x: test-backend, step Test with pytest · :white_check_mark: 2 more · deploy skipped"},
		"a matrix is red":           {100, [][]ledger.Fact{ci("completed", "failure", failed("test (3.8)", "Pytest"), failed("test (3.9)", "Pytest"), passed("test (3.10)"))}, ":x: *#46 Tidy the chat form*: merged, not deployed; v122 still runs\nCI #21: :x: test, 2 of 3 failed (3.8, 3.9), step Pytest"},
		"its run never started":     {100, [][]ledger.Fact{ci("completed", "startup_failure")}, ":x: *#46 Tidy the chat form*: merged, not deployed; v122 still runs\nCI #21: :x: failed"},
		"it runs again":             {201, [][]ledger.Fact{ci("completed", "failure", tests, red, skipped("deploy")), ran(again, running("test-backend"))}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: failed, runs again (attempt 2)\nCI #21 (attempt 2): :white_check_mark: test-frontend · :hourglass_flowing_sand: test-backend"},
		"the deploy step is red":    {100, [][]ledger.Fact{ci("completed", "failure", tests, failed("deploy", "Push to Heroku"))}, ":x: *#46 Tidy the chat form*: merged, the deploy failed; v122 still runs\nCI #21: :x: deploy, step Push to Heroku · :white_check_mark: 1 more"},
		"the release phase is red": {
			130,
			[][]ledger.Fact{ci("completed", "failure", tests, failed("deploy", "Push to Heroku")), released(123, "c", heroku.Failed, 120), {ledger.Output{App: app, ReleaseID: "r123", Text: "Applying 0004...\nProgrammingError: column exists\n"}}},
			":x: *#46 Tidy the chat form*: built, the release phase of v123 failed; v122 still runs\n`ProgrammingError: column exists`\nCI #21: :x: deploy, step Push to Heroku · :white_check_mark: 1 more",
		},
		"it is live, its tests are red": {130, [][]ledger.Fact{ci("completed", "failure", red), ran(other(22, "completed", "success"), passed("deploy", push)), released(123, "c", heroku.Succeeded, 80)}, ":warning: *#46 Tidy the chat form*: live in v123, and CI #21 failed\nLive since 14:01 UTC, 1 min 22 s after the merge\nCI #21: :x: test-backend, step Test with pytest\nDeploy #22: :white_check_mark: deploy"},
		"it waits for a person":         {100, [][]ledger.Fact{ci("waiting", "", tests, github.Job{Name: "deploy", Status: "waiting"})}, ":raised_hand: *#46 Tidy the chat form*: merged, CI waits for an approval\nCI #21: :raised_hand: deploy waits for an approval · :white_check_mark: test-frontend"},
		"a person must approve its run": {100, [][]ledger.Fact{ci("completed", "action_required")}, ":raised_hand: *#46 Tidy the chat form*: merged, CI waits for a person to approve it\nCI #21: :heavy_minus_sign: action required"},
		"its run was cancelled":         {100, [][]ledger.Fact{ci("completed", "cancelled", ended("test-frontend", "cancelled", nil), skipped("deploy"))}, ":heavy_minus_sign: *#46 Tidy the chat form*: its run was cancelled; v122 still runs\nCI #21: :heavy_minus_sign: cancelled"},
		"its deploy was skipped":        {100, [][]ledger.Fact{ci("completed", "success", tests, skipped("deploy"))}, ":heavy_minus_sign: *#46 Tidy the chat form*: passed, the deploy was skipped; v122 still runs\nCI #21: :white_check_mark: 1 job · deploy skipped"},
		"nothing deploys":               {100, [][]ledger.Fact{ci("completed", "success", tests)}, ":heavy_minus_sign: *#46 Tidy the chat form*: passed, nothing was deployed; v122 still runs\nCI #21: :white_check_mark: test-frontend"},
		"it deployed, and no release":   {100, [][]ledger.Fact{ci("completed", "success", passed("deploy", push))}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: CI deployed it, and its release is not known yet; v122 still runs\nCI #21: :white_check_mark: deploy"},
		"Heroku builds it itself":       {100, [][]ledger.Fact{built(heroku.Pending)}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: deploying"},
		"Heroku could not build it":     {100, [][]ledger.Fact{built(heroku.Failed)}, ":x: *#46 Tidy the chat form*: its build failed; v122 still runs"},
		"it was rolled back": {
			1300,
			[][]ledger.Fact{ci("completed", "success"), released(123, "c", heroku.Succeeded, 120), releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 1200)},
			":leftwards_arrow_with_hook: *#46 Tidy the chat form*: was live in v123, taken back by v124 (rolled back to v122)\nLive from 14:02 UTC to 14:20 UTC\nCI #21: :white_check_mark: passed",
		},
		"an older deploy won": {
			1300,
			[][]ledger.Fact{released(123, "c", heroku.Succeeded, 120), released(124, "b", heroku.Succeeded, 130)},
			":leftwards_arrow_with_hook: *#46 Tidy the chat form*: was live in v123, taken back by v124 (a deploy of a commit without it)\nLive from 14:02 UTC to 14:02 UTC",
		},
		"another release of unknown code": {1300, [][]ledger.Fact{ci("completed", "success", tests), releasedAs(123, "f", "Deploy main", heroku.Succeeded, 120)}, ":hourglass_flowing_sand: *#46 Tidy the chat form*: merged; the code of v123, which runs, is not read yet\nCI #21: :white_check_mark: test-frontend"},
		"another release, and red":        {1300, [][]ledger.Fact{ci("completed", "failure", red), releasedAs(123, "f", "Deploy main", heroku.Succeeded, 120)}, ":x: *#46 Tidy the chat form*: merged, test-backend failed; the code of v123, which runs, is not read yet\nCI #21: :x: test-backend, step Test with pytest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(tc.after, together(append([][]ledger.Fact{tidied()}, tc.facts...)...)...)
			if diff := cmp.Diff(tc.want+small, drawn(first(t, s))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The author is called once for a change, whatever fails later, and only while it is failed.
func TestTheAuthorIsCalledWhileTheChangeIsFailed(t *testing.T) {
	t.Parallel()
	red := failed("test-backend", "Test with pytest")
	fixed := ciRun("completed", "success", "c")
	fixed.Attempt, fixed.StartedAt = 2, at(200)
	worse := fixed
	worse.Conclusion = "failure"
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		want  string
	}{
		"a job is red, and the run goes on": {[][]ledger.Fact{ci("in_progress", "", red)}, ""},
		"its run failed":                    {[][]ledger.Fact{ci("completed", "failure", red)}, "@alice: CI #21 failed on #46 after the merge: test-backend, step Test with pytest. That run deployed nothing."},
		"its release phase failed":          {[][]ledger.Fact{ci("completed", "failure", failed("deploy", "Push")), released(123, "c", heroku.Failed, 120)}, "@alice: the release phase of v123 failed, which has #46. v122 kept running."},
		"it is live all the same":           {[][]ledger.Fact{ci("completed", "failure", failed("deploy", "Smoke")), released(123, "c", heroku.Succeeded, 90)}, "@alice: CI #21 failed on #46 after the merge: deploy, step Smoke. It was deployed as v123 all the same."},
		"it failed again":                   {[][]ledger.Fact{ci("completed", "failure", red), ran(worse, failed("test-backend", "Flake8"))}, "@alice: CI #21 (attempt 2) failed on #46 after the merge: test-backend, step Flake8. That run deployed nothing."},
		"it was fixed":                      {[][]ledger.Fact{ci("completed", "failure", red), ran(fixed, passed("test-backend"))}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := sceneAt(300, together(append([][]ledger.Fact{tidied()}, tc.facts...)...)...).changes()
			got := ""
			if len(list) == 2 {
				got = drawn(list[1])
				if key := "change " + app + " " + sha("c"); string(list[1].key) != key+" failed" || string(list[1].parent) != key || !list[1].urgent || !list[0].urgent {
					t.Errorf("the call is %q in the thread of %q", list[1].key, list[1].parent)
				}
			}
			if got != tc.want {
				t.Errorf("called: %q, want %q", got, tc.want)
			}
		})
	}
}

// People are found by the e-mail address of their commit.
func TestTheAuthorIsFoundByTheCommitsAddress(t *testing.T) {
	t.Parallel()
	landed := tidied()
	push := landed[0].(ledger.Push)
	push.By = "bob"
	push.Push.Commits = append([]github.PushedCommit{{SHA: sha("1"), Author: "alice", Email: "alice@penny.example"}}, push.Push.Commits...)
	push.Push.Commits[1].Author, push.Push.Commits[1].Email = "bob", "bob@penny.example"
	landed[0] = push
	s := sceneAt(300, together(landed, ci("completed", "failure", failed("test", "Pytest")))...)
	called := ""
	s.mention = func(login, email string) string {
		called = login + " " + email
		return ""
	}
	list := s.changes()
	if called != "alice alice@penny.example" {
		t.Errorf("%q is called", called)
	}
	if want := "penny-university · by alice · 1 commit · ccccccc · merged by bob 14:00 UTC"; !strings.HasSuffix(drawn(list[0]), want) {
		t.Errorf("the small print is not %q:\n%s", want, drawn(list[0]))
	}
}

func TestAChangeIsLookedAtAgainWhenItsRunIsOverdue(t *testing.T) {
	t.Parallel()
	s := sceneAt(60, tidied()...)
	if s.changes(); !s.due.Equal(at(180)) {
		t.Errorf("it is due at %v, want %v", s.due, at(180))
	}
}

func TestOldAndUnwantedChangesAreNotTold(t *testing.T) {
	t.Parallel()
	const day = 24 * 3600
	rolled := releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 2*day)
	live := together(tidied(), ci("completed", "success"), released(123, "c", heroku.Succeeded, 120))
	for name, tc := range map[string]struct {
		s    *scene
		want int
	}{
		"of today":                   {sceneAt(130, live...), 1},
		"of yesterday":               {sceneAt(day+200, live...), 0},
		"that was taken back today":  {sceneAt(2*day+10, append(live, rolled...)...), 1},
		"that was taken back later":  {sceneAt(8*day, append(live, releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 8*day-60)...)...), 0},
		"before the first start":     {func() *scene { s := sceneAt(130, live...); s.since = at(10); return s }(), 0},
		"that nobody wants to know":  {func() *scene { s := sceneAt(130, live...); s.settings.Notify.Changes = false; return s }(), 0},
		"that was not merged at all": {sceneAt(130), 0},
	} {
		if got := len(tc.s.changes()); got != tc.want {
			t.Errorf("a change %s: %d notices, want %d", name, got, tc.want)
		}
	}
}

func TestJobsAndStepsAreLinked(t *testing.T) {
	t.Parallel()
	s := sceneAt(100, together(tidied(), ci("completed", "failure", failed("test-backend", "Test with pytest")))...)
	job := address + "/actions/runs/21/job/21100"
	want := fmt.Sprintf("<%s/actions/runs/21|CI #21>: :x: <%s|test-backend>, step <%s#step:2:1|Test with pytest>", address, job, job)
	if got := first(t, s).page.lines[0]; got != want {
		t.Errorf("the line is\n%s, want\n%s", got, want)
	}
}
