package githubsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lines say what came, a line each: the event, its action, and what it is about.
func lines(got []received) []string {
	var out []string
	for _, d := range got {
		o := d.payload()
		about := ""
		switch d.event() {
		case "pull_request":
			about = fmt.Sprintf("#%v merged=%v", o["number"], at(o, "pull_request.merged"))
		case "push":
			about = fmt.Sprintf("%v %d commits", o["ref"], len(o["commits"].([]any)))
		case "workflow_run", "check_suite", "check_run", "workflow_job":
			about = fmt.Sprintf("%v %v", at(o, d.event()+".status"), at(o, d.event()+".conclusion"))
			if name, ok := at(o, d.event()+".name").(string); ok {
				about = name + " " + about
			}
		case "merge_group":
			about = strings.TrimSpace(fmt.Sprintf("%v %v", at(o, "merge_group.head_ref"), o["reason"]))
		}
		out = append(out, strings.TrimSpace(d.name()+" "+strings.ReplaceAll(about, " <nil>", "")))
	}
	return out
}

// pushRun is what is told of the run that a push to master starts.
var pushRun = []string{
	"check_suite requested queued",
	"workflow_run requested CI queued",
	"workflow_job queued test-frontend queued",
	"check_run created test-frontend queued",
	"workflow_job queued test-backend (3.8) queued",
	"check_run created test-backend (3.8) queued",
	"workflow_run in_progress CI in_progress",
	"workflow_job in_progress test-frontend in_progress",
	"workflow_job in_progress test-backend (3.8) in_progress",
	"workflow_job completed test-frontend completed success",
	"check_run completed test-frontend completed success",
	"workflow_job completed test-backend (3.8) completed success",
	"check_run completed test-backend (3.8) completed success",
	"workflow_job queued deploy queued",
	"check_run created deploy queued",
	"workflow_job in_progress deploy in_progress",
	"workflow_job completed deploy completed success",
	"check_run completed deploy completed success",
	"workflow_run completed CI completed success",
	"check_suite completed completed success",
}

var everyEvent = []string{"*"}

// facts 6.1, "On merge …: `pull_request` closed with `merged: true`, `merged_by`, `merge_commit_sha`; **and `push`** on
// the base with before/after and commits; then per workflow triggered by push: `check_suite` requested, `workflow_run`
// requested, `workflow_job` queued, `workflow_run` in_progress, `workflow_job` in_progress …, `workflow_job` completed,
// `workflow_run` completed". The two jobs that begin at one instant are told in their order.
func TestWhatIsSentOfAMerge(t *testing.T) {
	for method, commits := range map[string]int{"merge": 3, "squash": 1, "rebase": 2} {
		t.Run(method, func(t *testing.T) {
			inWorld(t, func(w world) {
				rec := w.receive(everyEvent...)
				before := w.r.Head("master").SHA
				c := first(w.r.Merge(45, method, "alice"))
				w.settle()
				got := rec.take()
				want := append([]string{"pull_request closed #45 merged=true", fmt.Sprintf("push refs/heads/master %d commits", commits)}, pushRun...)
				if d := cmp.Diff(want, lines(got)); d != "" {
					w.Fatal(d)
				}
				closed, push := got[0].payload(), got[1].payload()
				for what, pair := range map[string][2]any{
					"merge_commit_sha": {at(closed, "pull_request.merge_commit_sha"), c.SHA}, "merged_by": {at(closed, "pull_request.merged_by.login"), "alice"},
					"before": {push["before"], before}, "after": {push["after"], c.SHA}, "head_commit": {at(push, "head_commit.id"), c.SHA},
					"deleted": {push["deleted"], false}, "forced": {push["forced"], false}, "the run's commit": {at(got[3].payload(), "workflow_run.head_sha"), c.SHA},
					"the run's pull requests": {len(at(got[3].payload(), "workflow_run.pull_requests").([]any)), 0},
				} {
					if pair[0] != pair[1] {
						w.Errorf("%s: %v, want %v", what, pair[0], pair[1])
					}
				}
				// facts 1.2: of a merge, the pull request's own commits are pushed too, and they are not new.
				for i, one := range push["commits"].([]any) {
					if distinct := at(one, "distinct").(bool); distinct != (method != "merge" || i == commits-1) {
						w.Errorf("commit %d: distinct %t", i, distinct)
					}
				}
				for _, d := range got {
					if !d.signed() {
						w.Errorf("%s is not signed", d.name())
					}
				}
			})
		})
	}
}

// facts 1.2, "merge queue: several PRs may land in **one** push", 1.1 "head_ref `gh-readonly-queue/main/pr-N-<sha>`".
func TestTheMergeQueueLandsSeveralPullRequestsInOnePush(t *testing.T) {
	inWorld(t, func(w world) {
		w.queueWorkflow()
		before := w.r.Head("master").SHA
		rec := w.receive("merge_group", "pull_request", "push", "workflow_run")
		check(w.T, w.r.Enqueue("alice", 45, 46))
		w.settle()
		got := rec.take()
		one := w.r.pulls[45].MergeSHA
		q45, q46 := "refs/heads/gh-readonly-queue/master/pr-45-"+before, "refs/heads/gh-readonly-queue/master/pr-46-"+one
		want := []string{
			"pull_request enqueued #45 merged=false", "pull_request enqueued #46 merged=false",
			"merge_group checks_requested " + q45, "workflow_run requested Queue queued",
			"merge_group checks_requested " + q46, "workflow_run requested Queue queued",
			"workflow_run in_progress Queue in_progress", "workflow_run in_progress Queue in_progress",
			"workflow_run completed Queue completed success", "workflow_run completed Queue completed success",
			"pull_request closed #45 merged=true", "pull_request closed #46 merged=true", "push refs/heads/master 5 commits",
			"workflow_run requested CI queued", "merge_group destroyed " + q45 + " merged", "merge_group destroyed " + q46 + " merged",
			"workflow_run in_progress CI in_progress", "workflow_run completed CI completed success",
		}
		for i, line := range lines(got) {
			got := strings.TrimSuffix(strings.ReplaceAll(line, "<nil>", ""), " ")
			if i >= len(want) || got != want[i] {
				w.Fatalf("%d: %s, want %q", i, got, want[min(i, len(want)-1)])
			}
		}
		if run := got[3].payload(); at(run, "workflow_run.event") != "merge_group" || "refs/heads/"+at(run, "workflow_run.head_branch").(string) != q45 {
			w.Errorf("%v on %v", at(run, "workflow_run.event"), at(run, "workflow_run.head_branch"))
		}
		push := got[12].payload()
		if push["before"] != before || push["after"] != w.r.pulls[46].MergeSHA {
			w.Errorf("pushed %v to %v", push["before"], push["after"])
		}
		ids := fmt.Sprint(push["commits"])
		if !strings.Contains(ids, one) || !strings.Contains(ids, w.r.pulls[46].MergeSHA) {
			w.Error("a merge is not among the commits")
		}
	})
}

func (w world) queueWorkflow() {
	w.r.AddWorkflow(Workflow{Path: ".github/workflows/queue.yml", Name: "Queue", On: []string{"merge_group"}, Jobs: []Job{
		{Name: "try", Queue: time.Second, Steps: []Step{{Name: "Try", Takes: time.Minute}}},
	}})
	w.r.Commit("master", CommitSpec{Author: "alice", Message: "Queue"})
}

// A run that fails takes the group out of the queue; nothing lands.
func TestAFailingMergeGroupLandsNothing(t *testing.T) {
	inWorld(t, func(w world) {
		w.queueWorkflow()
		before := w.r.Head("master").SHA
		rec := w.receive("merge_group", "pull_request", "push")
		check(w.T, w.r.Script("queue/master", Outcome{Kind: "fail", Job: "try"}))
		check(w.T, w.r.Enqueue("alice", 45, 46))
		w.settle()
		names := rec.names()
		want := []string{
			"pull_request enqueued", "pull_request enqueued", "merge_group checks_requested", "merge_group checks_requested",
			"pull_request dequeued", "pull_request dequeued", "merge_group destroyed", "merge_group destroyed",
		}
		if d := cmp.Diff(want, names); d != "" {
			w.Error(d)
		}
		if w.r.Head("master").SHA != before || len(w.r.OpenPulls()) != 2 {
			w.Error("something landed")
		}
		if err := w.r.Enqueue("alice", 99); err == nil {
			w.Error("an unknown pull request was taken")
		}
	})
}

// facts 6.1, "Opening a PR: `push` on the branch, `pull_request` opened, `workflow_run` requested... A new commit:
// `push` + `pull_request` synchronize + new runs", and "branch deletion (`push` with `deleted: true`)", 1.2 "`after` all
// zeros, `head_commit` null".
func TestWhatIsSentOfAPullRequestsLife(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("push", "pull_request", "workflow_run")
		w.r.Branch("master", "new")
		first(w.r.Push("new", CommitSpec{Author: "bob", Message: "New", Files: []File{{Path: "new", Text: "1"}}}))
		first(w.r.Propose(PullSpec{Title: "New", Author: "bob", Head: "new"}))
		w.settle()
		first(w.r.Push("new", CommitSpec{Author: "bob", Message: "More", Files: []File{{Path: "new", Text: "2"}}}))
		w.settle()
		first(w.r.Merge(47, "squash", "alice"))
		check(w.T, w.r.DeleteBranch("new", "alice"))
		w.settle()
		got := rec.take()
		var names []string
		for _, d := range got {
			names = append(names, d.name())
		}
		runs := []string{"workflow_run requested", "workflow_run in_progress", "workflow_run completed"}
		want := slices.Concat([]string{"push", "pull_request opened"}, runs, []string{"push", "pull_request synchronize"}, runs,
			[]string{"pull_request closed", "push", "workflow_run requested", "push"}, runs[1:])
		if d := cmp.Diff(want, names); d != "" {
			w.Fatal(d)
		}
		if sync := got[6].payload(); sync["before"] != got[5].payload()["before"] || sync["after"] != got[5].payload()["after"] {
			w.Errorf("synchronize %v..%v", sync["before"], sync["after"])
		}
		gone := got[13].payload()
		if gone["deleted"] != true || gone["after"] != noCommit || gone["head_commit"] != nil {
			w.Errorf("deleted %v, after %v, head_commit %v", gone["deleted"], gone["after"], gone["head_commit"])
		}
	})
}

// facts 6.1, `PUT .../pulls/{n}/merge` -> 200 `{sha, merged, message}`; 405 not mergeable, 409 head moved.
func TestMergingByREST(t *testing.T) {
	inWorld(t, func(w world) {
		head := w.r.Head("migrations").SHA
		for _, c := range []struct {
			name, path, body string
			status           int
		}{
			{"the head moved", "/pulls/45/merge", `{"sha":"` + strings.Repeat("a", 40) + `"}`, 409},
			{"no such way", "/pulls/45/merge", `{"merge_method":"octopus"}`, 422},
			{"not there", "/pulls/99/merge", `{}`, 404},
			{"merged", "/pulls/45/merge", `{"sha":"` + head + `","merge_method":"squash","commit_title":"Mine (#45)","commit_message":"Body"}`, 200},
			{"merged already", "/pulls/45/merge", `{}`, 405},
		} {
			a := w.do(http.MethodPut, below(c.path), c.body)
			if a.StatusCode != c.status {
				w.Errorf("%s: %s %s, want %d", c.name, a.Status, a.body, c.status)
			}
		}
		c := w.r.Head("master")
		if c.Message != "Mine (#45)\n\nBody" || w.r.pulls[45].MergedBy != "alice" {
			w.Errorf("%q by %s", c.Message, w.r.pulls[45].MergedBy)
		}
		if a := w.get(below("/pulls/45/merge")); a.StatusCode != http.StatusNoContent {
			w.Errorf("merged? %s", a.Status)
		}
	})
}

// facts 6.1, "Pushes by `GITHUB_TOKEN`, `[skip ci]` … start no run; the `push` event is still sent [unverified]".
func TestSomePushesAreToldAndStartNothing(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("push", "workflow_run")
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Built", ByActions: true}))
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Docs [skip ci]"}))
		w.settle()
		if names := rec.names(); !slices.Equal(names, []string{"push", "push"}) {
			w.Errorf("%q", names)
		}
	})
}
