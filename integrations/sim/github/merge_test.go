package githubsim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// facts 1.2, "merge commit: PR commits + the merge commit; `after == merge_commit_sha`; two parents".
func TestAMergeCommitHasTwoParentsAndIsThePullRequestsMergeSHA(t *testing.T) {
	inWorld(t, func(w world) {
		before, head := w.r.Head("master"), w.r.Head("migrations")
		c := first(w.r.Merge(45, "merge", "alice"))
		if d := cmp.Diff([]string{before.SHA, head.SHA}, c.Parents); d != "" {
			w.Error(d)
		}
		if want := "Merge pull request #45 from penny/migrations\n\nAdd a field"; c.Message != want || c.Author != "alice" {
			w.Errorf("%q by %s, want %q by alice", c.Message, c.Author, want)
		}
		w.merged(45, c, "alice")
	})
}

// facts 1.2, "squash: one commit, title usually ends in `(#123)`; the PR's own SHAs are not ancestors of main".
func TestASquashIsOneCommitByThePullRequestsAuthor(t *testing.T) {
	inWorld(t, func(w world) {
		before, head := w.r.Head("master"), w.r.Head("migrations")
		c := first(w.r.Merge(45, "squash", "alice"))
		if d := cmp.Diff([]string{before.SHA}, c.Parents); d != "" {
			w.Error(d)
		}
		if want := "Add a field (#45)\n\n* Add a field\n\n* Add its migration"; c.Message != want || c.Author != "bob" {
			w.Errorf("%q by %s, want %q by bob", c.Message, c.Author, want)
		}
		if w.r.git.ancestors(c.SHA)[head.SHA] {
			w.Error("the pull request's own commits are on the base")
		}
		w.merged(45, c, "alice")
		one := first(w.r.Merge(46, "squash", "bob"))
		if one.Message != "Fix the readme (#46)" {
			w.Errorf("the only commit's message gave %q", one.Message)
		}
	})
}

// facts 1.2, "rebase: N commits with new SHAs; only the last equals merge_commit_sha; runs exist for the pushed tip only".
func TestARebaseMakesNewCommitsAndTheLastIsTheMergeSHA(t *testing.T) {
	inWorld(t, func(w world) {
		before, head := w.r.Head("master"), w.r.Head("migrations")
		c := first(w.r.Merge(45, "rebase", "alice"))
		log := w.r.git.between(before.SHA, c.SHA)
		var titles []string
		for _, l := range log {
			titles = append(titles, l.message+" by "+l.author.name+", "+l.committer.name)
		}
		if d := cmp.Diff([]string{"Add a field by Bob, Alice", "Add its migration by Bob, Alice"}, titles); d != "" {
			w.Error(d)
		}
		if c.SHA == head.SHA {
			w.Error("the commits kept their SHAs")
		}
		w.merged(45, c, "alice")
		soon()
		for _, run := range w.r.Runs() {
			if run.Event == "push" && run.SHA != c.SHA {
				w.Errorf("run of %s, which is not the tip", run.SHA)
			}
		}
	})
}

// merged checks what is true after every merge; facts 0.9 and 1.2, "There is no `merged` action. It is `closed`
// + `pull_request.merged == true`, with `merged_by`, `merged_at`".
func (w world) merged(number int, c Commit, by string) {
	w.Helper()
	p, _ := w.r.Pull(number)
	if p.State != "closed" || !p.Merged || p.MergeSHA != c.SHA || p.MergedBy != by || p.MergedAt.IsZero() {
		w.Errorf("after the merge: %+v", p)
	}
	if w.r.Head("master").SHA != c.SHA {
		w.Error("the base is not where the merge left it")
	}
	o := w.get(below("/pulls/45")).json(w.T)
	if number == 45 && (o["merged"] != true || o["merge_commit_sha"] != c.SHA || o["merged_at"] == nil || o["state"] != "closed") {
		w.Errorf("REST says merged %v, sha %v, at %v, state %v", o["merged"], o["merge_commit_sha"], o["merged_at"], o["state"])
	}
	files := w.r.git.commits[c.SHA].files
	if w.r.git.blobs[files["app/models.py"]] != "a = 2\n" || files["app/views.py"] == "" {
		w.Error("the tree is not both sides' work")
	}
}

func TestWhatCannotBeMergedIsRefusedInWords(t *testing.T) {
	inWorld(t, func(w world) {
		if _, err := w.r.Merge(46, "octopus", "alice"); err == nil || err.Error() != `"octopus" is no way to merge; GitHub has merge, squash and rebase` {
			w.Errorf("octopus: %v", err)
		}
		first(w.r.Merge(46, "squash", "alice"))
		first(w.r.Push("master", CommitSpec{Author: "alice", Message: "Hotfix", Files: []File{{Path: "app/models.py", Text: "a = 3\n"}}}))
		for _, c := range []struct {
			number       int
			method, want string
		}{
			{99, "merge", "penny/university has no pull request #99"},
			{46, "merge", "pull request #46 is merged already"},
			{45, "merge", "pull request #45 is not mergeable: it conflicts with master"},
		} {
			if _, err := w.r.Merge(c.number, c.method, "alice"); err == nil || !strings.Contains(err.Error(), c.want) {
				w.Errorf("#%d %s: %v, want %q", c.number, c.method, err, c.want)
			}
		}
		o := w.get(below("/pulls/45")).json(w.T)
		if o["mergeable"] != false || o["mergeable_state"] != "dirty" || o["merge_commit_sha"] != nil {
			w.Errorf("conflicting: mergeable %v, %v, %v", o["mergeable"], o["mergeable_state"], o["merge_commit_sha"])
		}
	})
}

// facts 1.2, "`merge_commit_sha`: while open = the *test* merge commit, on no branch".
func TestAnOpenPullRequestCarriesATestMergeThatIsOnNoBranch(t *testing.T) {
	inWorld(t, func(w world) {
		o := w.get(below("/pulls/45")).json(w.T)
		sha, _ := o["merge_commit_sha"].(string)
		if len(sha) != 40 || o["merged"] != false || o["merged_at"] != nil || o["mergeable"] != true {
			w.Fatalf("merge_commit_sha %q, merged %v, mergeable %v", sha, o["merged"], o["mergeable"])
		}
		for _, branch := range []string{"master", "migrations", "readme/fix"} {
			if w.r.git.ancestors(w.r.Head(branch).SHA)[sha] {
				w.Errorf("it is on %s", branch)
			}
		}
		w.get(below("/commits/" + sha)).json(w.T)
	})
}

// facts 6.1, "On merge: `pull_request` closed …; and `push` on the base …; then per workflow triggered by push:
// … `workflow_run` requested, `workflow_job` queued, `workflow_run` in_progress, `workflow_job` in_progress,
// `workflow_job` completed, `workflow_run` completed".
func TestAMergeIsToldInGitHubsOrder(t *testing.T) {
	inWorld(t, func(w world) {
		first(w.r.Merge(46, "merge", "alice"))
		w.settle()
		events, _ := w.s.Events(0)
		var got []string
		seen := map[string]bool{}
		for _, e := range events {
			name := strings.TrimSpace(e.Name + " " + e.Action)
			if !seen[name] {
				seen[name] = true
				got = append(got, name)
			}
		}
		want := []string{
			"pull_request closed", "push", "check_suite requested", "workflow_run requested", "workflow_job queued", "check_run created",
			"workflow_run in_progress", "workflow_job in_progress", "workflow_job completed", "check_run completed", "workflow_run completed",
			"check_suite completed",
		}
		if d := cmp.Diff(want, got); d != "" {
			w.Error(d)
		}
	})
}

// first gives the result of what must not fail.
func first[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
