package githubsim

import (
	"strings"
	"testing"
	"time"
)

func (w world) pushes(branch string) {
	w.Helper()
	first(w.r.Push(branch, CommitSpec{Author: "bob", Message: "Hotfix", Files: []File{{Path: "of_" + branch, Text: time.Now().String()}}}))
}

func TestRunsThatGitHubDoesNotStartComeLaterInTheirOrder(t *testing.T) {
	inWorld(t, func(w world) {
		w.pushes("master") // goes on
		w.s.SetRuns(false, false)
		w.pushes("migrations")
		time.Sleep(time.Second)
		w.pushes("master")
		time.Sleep(10 * time.Minute)
		if runs := w.r.Runs(); len(runs) != 1 || runs[0].Conclusion != "success" {
			w.Fatalf("the runs are %+v", runs)
		}
		if open := w.s.Open(); len(open) > 0 {
			w.Errorf("open is %q", open)
		}
		w.s.SetRuns(true, false)
		var got []string
		for _, r := range w.r.Runs() {
			got = append(got, r.Branch+" "+r.CreatedAt.Format(time.TimeOnly))
		}
		if want := "master 00:10:01, migrations 00:10:01, master 00:00:00"; strings.Join(got, ", ") != want {
			w.Errorf("the runs are %q, want %s", got, want)
		}
		w.settle()
	})
}

func TestRunsThatAreLostNeverStart(t *testing.T) {
	inWorld(t, func(w world) {
		w.s.SetRuns(false, false)
		w.pushes("master")
		w.s.SetRuns(true, true)
		time.Sleep(time.Hour)
		if runs := w.r.Runs(); len(runs) != 0 {
			w.Errorf("the runs are %+v", runs)
		}
		w.pushes("master") // the next one is as ever
		if runs := w.r.Runs(); len(runs) != 1 {
			w.Errorf("the runs are then %+v", runs)
		}
		w.settle()
	})
}

// A merge group waits for its runs, and leaves the queue when they never come.
func TestTheMergeQueueWaitsForRunsThatAreLate(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run(map[bool]string{true: "lost", false: "late"}[lost], func(t *testing.T) {
			inWorld(t, func(w world) {
				w.r.workflows[0].On = append(w.r.workflows[0].On, "merge_group")
				w.s.SetRuns(false, false)
				check(w.T, w.r.Enqueue("bob", 45, 46))
				time.Sleep(time.Hour)
				if p, _ := w.r.Pull(45); p.Merged {
					w.Fatal("it was merged without a run")
				}
				w.s.SetRuns(true, lost)
				w.settle()
				if p, _ := w.r.Pull(46); p.Merged == lost {
					w.Errorf("#46 is %+v", p)
				}
				if len(w.r.groups) > 0 {
					w.Error("the queue is not empty")
				}
			})
		})
	}
}

func TestWithoutRunnersJobsWaitInTheQueue(t *testing.T) {
	inWorld(t, func(w world) {
		w.pushes("migrations")
		time.Sleep(20 * time.Second) // its jobs have their runners
		w.s.SetRunners(false)
		w.s.SetRunners(false) // no matter
		w.pushes("master")
		time.Sleep(20 * time.Minute)
		runs := w.r.Runs()
		if runs[0].Status != "queued" || runs[0].Jobs[0].Status != "queued" || runs[1].Conclusion != "success" {
			w.Errorf("the runs are %+v", runs)
		}
		first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More"}))
		check(w.T, w.r.Script("pull/45", Outcome{Kind: "cancel"})) // one that waits can be cancelled
		time.Sleep(time.Second)
		if r := w.r.Runs()[0]; r.Conclusion != "cancelled" {
			w.Errorf("the cancelled run is %+v", r)
		}
		w.s.SetRunners(true)
		w.s.SetRunners(true)
		w.settle()
		if r := w.r.Runs()[1]; r.Conclusion != "success" || r.Jobs[0].StartedAt.Sub(r.CreatedAt) < 20*time.Minute {
			w.Errorf("the run is then %+v", r)
		}
	})
}

func TestASkippedJobOrStepIsNotRun(t *testing.T) {
	inWorld(t, func(w world) {
		check(w.T, w.r.Script("branch/master", Outcome{Kind: "skip", Job: "deploy"}))
		w.pushes("master")
		w.settle()
		if r := w.r.Runs()[0]; r.Conclusion != "success" || r.Jobs[2].Conclusion != "skipped" || len(r.Jobs[2].Steps) != 0 {
			w.Errorf("the run is %+v", r)
		}
		w.pushes("master")
		time.Sleep(10 * time.Second)
		check(w.T, w.r.Script("branch/master", Outcome{Kind: "skip", Job: "deploy", Step: "Push to Production"})) // while it runs
		for _, step := range []string{"", "Checkout"} {
			err := w.r.Script("branch/master", Outcome{Kind: "skip", Job: "test-frontend", Step: step})
			if err == nil || !strings.Contains(err.Error(), "has begun already and cannot be skipped") {
				w.Errorf("skipping what goes on: %v", err)
			}
		}
		w.settle()
		r := w.r.Runs()[0]
		if deploy := r.Jobs[2]; r.Conclusion != "success" || deploy.Conclusion != "success" || deploy.Steps[1].Conclusion != "skipped" || deploy.Steps[2].Conclusion != "success" {
			w.Errorf("the run is then %+v", r)
		}
		check(w.T, w.r.Script("branch/master", Outcome{Kind: "skip", Job: "deploy"}))
		check(w.T, w.r.Script("branch/master", Outcome{Kind: "pass"})) // takes it back
		w.pushes("master")
		w.settle()
		if r := w.r.Runs()[0]; r.Jobs[2].Steps[1].Conclusion != "success" {
			w.Errorf("the last run is %+v", r)
		}
	})
}

func TestSomebodyRerunsAndCancelsAndCloses(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.failed()
		check(w.T, w.r.Rerun(run.ID, true, "alice"))
		for _, refused := range []struct {
			err  error
			want string
		}{
			{w.r.Rerun(run.ID, false, "alice"), "This workflow is already running"},
			{w.r.Rerun(7, false, "alice"), "penny/university has no run 7"},
			{w.r.Cancel(7), "penny/university has no run 7"},
		} {
			if refused.err == nil || refused.err.Error() != refused.want {
				w.Errorf("%v, want %s", refused.err, refused.want)
			}
		}
		w.settle()
		if r := w.r.Runs()[0]; r.Attempt != 2 || r.Conclusion != "success" || r.Jobs[0].ID != run.Jobs[0].ID {
			w.Errorf("the second attempt is %+v", r)
		}
		if err := w.r.Cancel(run.ID); err == nil || err.Error() != "Cannot cancel a workflow run that is completed." {
			w.Errorf("a late cancel: %v", err)
		}
		check(w.T, w.r.Rerun(run.ID, false, "alice"))
		check(w.T, w.r.Cancel(run.ID))
		w.settle()
		if r := w.r.Runs()[0]; r.Attempt != 3 || r.Conclusion != "cancelled" {
			w.Errorf("the third attempt is %+v", r)
		}

		rec := w.receive("pull_request")
		check(w.T, w.r.ClosePull(45, "bob"))
		w.settle()
		got := rec.take()
		if p, _ := w.r.Pull(45); p.State != "closed" || p.Merged || len(got) != 1 || !strings.Contains(string(got[0].body), `"action":"closed"`) {
			w.Errorf("#45 is %+v, and %d webhooks tell of it", p, len(got))
		}
		if err := w.r.ClosePull(45, "bob"); err == nil || err.Error() != "pull request #45 is closed" {
			w.Errorf("closed twice: %v", err)
		}
	})
}
