package githubsim

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// story is a run in a line a job: its conclusion, and those of the steps that are not Actions' own.
func story(r Run) []string {
	lines := []string{fmt.Sprintf("%s #%d %s %s", r.Name, r.Number, r.Status, r.Conclusion)}
	for _, j := range r.Jobs {
		line := j.Name + " " + j.Status + " " + j.Conclusion
		for _, s := range j.Steps {
			if s.Name != "Set up job" && s.Name != "Complete job" {
				line += fmt.Sprintf(" [%s %s %s]", s.Name, s.Status, s.Conclusion)
			}
		}
		lines = append(lines, line)
	}
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(strings.Join(strings.Fields(line), " "), " ]", "]")
	}
	return lines
}

func (w world) story(want ...string) {
	w.Helper()
	soon()
	if d := cmp.Diff(want, story(w.r.Runs()[0])); d != "" {
		w.Error(d)
	}
}

// facts 1.3, the statuses of runs, jobs and steps; a conclusion is null until completed.
func TestARunTakesItsTimeJobByJob(t *testing.T) {
	inWorld(t, func(w world) {
		start := time.Now()
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix", Files: []File{{Path: "x", Text: "1"}}}))
		w.story("CI #1 queued", "test-frontend queued", "test-backend (3.8) queued")
		time.Sleep(6 * time.Second)
		w.story("CI #1 in_progress",
			"test-frontend in_progress [Checkout in_progress] [Run Tests queued]",
			"test-backend (3.8) in_progress [Checkout in_progress] [Test with pytest queued]")
		w.open("run CI #1 of master (test-frontend, test-backend (3.8))")
		run := w.get(below("/actions/runs")).json(w.T)["workflow_runs"].([]any)[0].(map[string]any)
		if run["status"] != "in_progress" || run["conclusion"] != nil {
			w.Errorf("REST: %v, %v", run["status"], run["conclusion"])
		}
		time.Sleep(60 * time.Second)
		w.story("CI #1 in_progress",
			"test-frontend completed success [Checkout completed success] [Run Tests completed success]",
			"test-backend (3.8) in_progress [Checkout completed success] [Test with pytest in_progress]")
		w.settle()
		w.story("CI #1 completed success",
			"test-frontend completed success [Checkout completed success] [Run Tests completed success]",
			"test-backend (3.8) completed success [Checkout completed success] [Test with pytest completed success]",
			"deploy completed success [Push to Production completed success]")
		deploy := w.r.Runs()[0].Jobs[2]
		if began, ended := deploy.StartedAt.Sub(start), deploy.CompletedAt.Sub(start); began != 97*time.Second || ended != 127*time.Second {
			w.Errorf("deploy from %s to %s, want 1m37s to 2m7s", began, ended)
		}
		w.open()
	})
}

// facts 8.1, "deploy … green with every step skipped on PRs" is the old file's way; here, as the default world
// has it, the whole job is skipped.
func TestAPushToAPullRequestRunsItsChecksOnly(t *testing.T) {
	inWorld(t, func(w world) {
		c := first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More", Files: []File{{Path: "x", Text: "1"}}}))
		w.settle()
		run := w.r.Runs()[0]
		if run.Event != "pull_request" || run.Branch != "migrations" || run.SHA != c.SHA {
			w.Errorf("%s of %s at %s", run.Event, run.Branch, run.SHA)
		}
		if last := run.Jobs[2]; last.Name != "deploy" || last.Conclusion != "skipped" || run.Conclusion != "success" {
			w.Errorf("%s %s, run %s", last.Name, last.Conclusion, run.Conclusion)
		}
		if p, _ := w.r.Pull(45); p.HeadSHA != c.SHA {
			w.Error("the pull request did not follow its branch")
		}
	})
}

// facts 1.3 and the rule of `needs`: what depends on a failed job is skipped.
func TestAFailingStepFailsItsRun(t *testing.T) {
	inWorld(t, func(w world) {
		check(w.T, w.r.Script("branch/master", Outcome{Kind: "fail", Job: "test-backend", Step: "Checkout"}))
		first(w.r.Merge(46, "merge", "alice"))
		w.settle()
		w.story("CI #1 completed failure",
			"test-frontend completed success [Checkout completed success] [Run Tests completed success]",
			"test-backend (3.8) completed failure [Checkout completed failure] [Test with pytest completed skipped]",
			"deploy completed skipped")
		first(w.r.Merge(45, "merge", "alice"))
		w.settle()
		if run := w.r.Runs()[0]; run.Conclusion != "success" {
			w.Errorf("an outcome is for one run, but the next one ended as %s", run.Conclusion)
		}
	})
}

func TestAHangingStepGoesOnWhenItIsLetTo(t *testing.T) {
	for _, c := range []struct{ kind, step, job, run string }{
		{"pass", "success", "success", "success"}, {"fail", "failure", "failure", "failure"}, {"cancel", "cancelled", "cancelled", "cancelled"},
	} {
		t.Run(c.kind, func(t *testing.T) {
			inWorld(t, func(w world) {
				first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More", Files: []File{{Path: "x", Text: "1"}}}))
				check(w.T, w.r.Script("pull/45", Outcome{Kind: "hang", Job: "test-backend"})) // the last step: the job waits for a runner
				time.Sleep(time.Hour)
				w.open("run CI #1 of migrations (test-backend (3.8) hangs at Test with pytest)")
				o := Outcome{Kind: c.kind}
				if c.kind == "fail" {
					o.Job = "test-backend (3.8)" // no step: the one in progress
				}
				check(w.T, w.r.Script("pull/45", o))
				w.open()
				run := w.r.Runs()[0]
				if got := run.Jobs[1].Steps[2].Conclusion; got != c.step || run.Jobs[1].Conclusion != c.job || run.Conclusion != c.run {
					w.Errorf("step %s, job %s, run %s", got, run.Jobs[1].Conclusion, run.Conclusion)
				}
			})
		})
	}
}

func TestACancelledRunEndsAtOnce(t *testing.T) {
	inWorld(t, func(w world) {
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix", Files: []File{{Path: "x", Text: "1"}}}))
		time.Sleep(20 * time.Second)
		check(w.T, w.r.Script("branch/master", Outcome{Kind: "cancel"}))
		w.story("CI #1 completed cancelled",
			"test-frontend completed cancelled [Checkout completed success] [Run Tests completed cancelled]",
			"test-backend (3.8) completed cancelled [Checkout completed success] [Test with pytest completed cancelled]",
			"deploy completed skipped")
	})
}

func TestAScriptThatNamesNothingListsWhatIsThere(t *testing.T) {
	inWorld(t, func(w world) {
		for _, c := range []struct {
			target string
			o      Outcome
			want   string
		}{
			{"pull/99", Outcome{Kind: "pass"}, "penny/university has no pull request #99"},
			{"branch/main", Outcome{Kind: "pass"}, `"branch/main" is no place where runs run; write pull/45 or branch/master`},
			{"pull/45", Outcome{Kind: "explode"}, `"explode" is no outcome; a run can be told to fail, hang, skip, pass or cancel`},
			{"pull/45", Outcome{Kind: "skip"}, `skip needs a job; pull/45 has "test-frontend", "test-backend (3.8)"`},
			{"pull/45", Outcome{Kind: "fail"}, `fail needs a job; pull/45 has "test-frontend", "test-backend (3.8)"`},
			{"pull/45", Outcome{Kind: "fail", Job: "deploy"}, `no job "deploy" runs on pull_request; the jobs are "test-frontend", "test-backend (3.8)"`},
			{"branch/master", Outcome{Kind: "hang", Job: "tests"}, `no job "tests" runs on push; the jobs are "test-frontend", "test-backend (3.8)", "deploy"`},
			{"pull/45", Outcome{Kind: "fail", Job: "test-frontend", Step: "Lint"}, `job test-frontend has no step "Lint"; its steps are "Checkout", "Run Tests"`},
		} {
			if err := w.r.Script(c.target, c.o); err == nil || err.Error() != c.want {
				w.Errorf("%s %v: %v\nwant %s", c.target, c.o, err, c.want)
			}
		}
		first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More", Files: []File{{Path: "x", Text: "1"}}}))
		time.Sleep(10 * time.Second)
		err := w.r.Script("pull/45", Outcome{Kind: "fail", Job: "test-frontend", Step: "Checkout"})
		if want := `"Checkout" of test-frontend is over already in run CI #1`; err == nil || err.Error() != want {
			w.Errorf("%v, want %s", err, want)
		}
	})
}

// A step's Run is how a world deploys; its word decides, its log is kept, and a cancelled run ends its context.
func TestRealWorkDecidesItsStep(t *testing.T) {
	for _, c := range []struct {
		name       string
		passes     bool
		script     *Outcome
		conclusion string
		ran        bool
	}{
		{"passes", true, nil, "success", true},
		{"fails", false, nil, "failure", true},
		{"is told to fail and does not run", true, &Outcome{Kind: "fail", Job: "deploy"}, "failure", false},
		{"is cancelled", true, &Outcome{Kind: "cancel"}, "cancelled", true},
		{"is cancelled at its step", true, &Outcome{Kind: "cancel", Job: "deploy", Step: "Push"}, "cancelled", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(w world) {
				var told []Running
				work := func(ctx context.Context, j Running) bool {
					j.Logf("released v%d", 123)
					told = append(told, j)
					return w.s.sleep(ctx, time.Minute, 0) && c.passes
				}
				w.r.AddWorkflow(Workflow{Path: ".github/workflows/deploy.yml", Name: "CI", On: []string{"push"}, Jobs: []Job{
					{Name: "deploy", Steps: []Step{{Name: "Push", Run: work, Takes: time.Second}}},
				}})
				w.r.workflows = w.r.workflows[1:] // only this one
				late := c.script != nil && c.script.Job == ""
				if c.script != nil && !late {
					check(w.T, w.r.Script("branch/master", *c.script))
				}
				head := first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix", Files: []File{{Path: "x", Text: "1"}}}))
				if late {
					time.Sleep(time.Second)
					check(w.T, w.r.Script("branch/master", *c.script))
				}
				w.settle()
				run := w.r.Runs()[0]
				if run.Conclusion != c.conclusion || (len(told) == 1) != c.ran {
					w.Fatalf("%s, ran %d times", run.Conclusion, len(told))
				}
				if !c.ran {
					return
				}
				told[0].Logf, told[0].Repo = nil, nil
				want := Running{RunID: run.ID, Attempt: 1, SHA: head.SHA, Branch: "master", Event: "push", Job: "deploy"}
				if d := cmp.Diff(want, told[0]); d != "" {
					w.Error(d)
				}
				if d := cmp.Diff([]string{"released v123"}, run.Jobs[0].Log); d != "" {
					w.Error(d)
				}
			})
		})
	}
}

// facts 6.1, "`[skip ci]` and filtered paths start no run; the `push` event is still sent".
func TestSkipWordsStartNoRunButThePushIsTold(t *testing.T) {
	inWorld(t, func(w world) {
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Docs [skip ci]", Files: []File{{Path: "x", Text: "1"}}}))
		w.open()
		events, _ := w.s.Events(0)
		if len(w.r.Runs()) != 0 || len(events) != 1 || events[0].Name != "push" || events[0].Ref != "refs/heads/master" {
			w.Errorf("%d runs, events %+v", len(w.r.Runs()), events)
		}
	})
}

// facts 0.7 and 6.1, "Two workflow files with one `name` must be possible".
func TestTwoFilesMayShareAName(t *testing.T) {
	inWorld(t, func(w world) {
		w.r.AddWorkflow(Workflow{Path: ".github/workflows/deploy.yml", Name: "CI", On: []string{"push"}, Jobs: []Job{{Name: "deploy"}}})
		first(w.r.Merge(46, "squash", "alice"))
		if got := len(w.r.Runs()); got != 1 {
			w.Errorf("%d runs for a commit without the second file", got)
		}
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Add the file"}))
		var paths []string
		for _, r := range w.r.Runs()[:2] {
			paths = append(paths, fmt.Sprintf("%s %s #%d", r.Name, r.Path, r.Number))
		}
		if d := cmp.Diff([]string{"CI .github/workflows/deploy.yml #1", "CI .github/workflows/ci.yml #2"}, paths); d != "" {
			w.Error(d)
		}
	})
}

func TestAPastRunIsWhatItWouldHaveBeen(t *testing.T) {
	inWorld(t, func(w world) {
		past := w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: hour(-4)})
		live := first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix", Files: []File{{Path: "x", Text: "1"}}}))
		begun := time.Now()
		w.settle()
		run := w.r.Runs()[0]
		if run.SHA != live.SHA {
			w.Fatal("the newest run is not first")
		}
		for i := range past.Jobs {
			for _, pair := range [][2]time.Time{{past.Jobs[i].StartedAt, run.Jobs[i].StartedAt}, {past.Jobs[i].CompletedAt, run.Jobs[i].CompletedAt}} {
				if then, now := pair[0].Sub(hour(-4)), pair[1].Sub(begun); then != now {
					w.Errorf("%s: %s in the past, %s now", past.Jobs[i].Name, then, now)
				}
			}
		}
		w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "pull_request", Pull: 45, At: hour(-2), FailJob: "test-backend"})
		failed := w.r.Runs()[1]
		if d := cmp.Diff([]string{
			"CI #3 completed failure",
			"test-frontend completed success [Checkout completed success] [Run Tests completed success]",
			"test-backend (3.8) completed failure [Checkout completed success] [Test with pytest completed failure]",
			"deploy completed skipped",
		}, story(failed)); d != "" {
			w.Error(d)
		}
	})
}

func TestCloseEndsRunsThatHang(t *testing.T) {
	inWorld(t, func(w world) {
		first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More", Files: []File{{Path: "x", Text: "1"}}}))
		check(w.T, w.r.Script("pull/45", Outcome{Kind: "hang", Job: "test-backend", Step: "Checkout"}))
		time.Sleep(time.Minute)
		w.s.Close()
		if got := w.r.Runs()[0].Conclusion; got != "cancelled" {
			w.Errorf("the run ended as %q", got)
		}
	})
}

func TestSpeedShortensRunsAndNothingElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Speed: 60})
		defer s.Close()
		r := build(s)
		start := time.Now()
		first(r.Push("migrations", CommitSpec{Author: "bob", Message: "More", Files: []File{{Path: "x", Text: "1"}}}))
		time.Sleep(97*time.Second/60 + time.Millisecond)
		synctest.Wait()
		run := r.Runs()[0]
		if run.Status != "completed" || run.UpdatedAt.Sub(start) > 2*time.Second {
			t.Errorf("%s after %s", run.Status, run.UpdatedAt.Sub(start))
		}
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
