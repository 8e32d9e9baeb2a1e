package github_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
)

func TestSimRepository(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		got, err := w.client.Repository(t.Context(), penny)
		equal(t, github.Repository{FullName: penny.String(), DefaultBranch: "master", URL: page(""), Private: true}, got, err)
	})
}

func TestSimCommits(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		head, err := w.client.Branch(t.Context(), penny, "master")
		equal(t, commitOf(w.merged), head, err)
		side, err := w.client.Branch(t.Context(), penny, "feature/45")
		equal(t, commitOf(w.repo.Head("feature/45")), side, err)
		for _, ref := range []string{"master", w.merged.SHA, w.merged.SHA[:7]} {
			got, err := w.client.Commit(t.Context(), penny, ref)
			equal(t, commitOf(w.merged), got, err)
		}
		got, err := w.client.Commit(t.Context(), penny, "feature/45")
		equal(t, commitOf(w.repo.Head("feature/45")), got, err)
	})
}

func TestSimACommitThatIsNotThereIsNotFound(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		gone := strings.Repeat("deadbeef", 5)
		ctx, c := t.Context(), w.client
		for what, ask := range map[string]func() error{
			"commit":     func() error { _, err := c.Commit(ctx, penny, gone); return err },
			"pulls":      func() error { _, err := c.PullsOfCommit(ctx, penny, gone); return err },
			"base":       func() error { _, err := c.Compare(ctx, penny, gone, "master"); return err },
			"head":       func() error { _, err := c.Compare(ctx, penny, "master", gone); return err },
			"status":     func() error { _, err := c.CombinedStatus(ctx, penny, gone); return err },
			"checks":     func() error { _, err := c.CheckRuns(ctx, penny, gone); return err },
			"branch":     func() error { _, err := c.Branch(ctx, penny, "nope"); return err },
			"file":       func() error { _, err := c.File(ctx, penny, "nope", ""); return err },
			"ref":        func() error { _, err := c.File(ctx, penny, "Procfile", "nope"); return err },
			"pull":       func() error { _, err := c.Pull(ctx, penny, 999); return err },
			"run":        func() error { _, err := c.Jobs(ctx, penny, 1, 0); return err },
			"attempt":    func() error { _, err := c.Jobs(ctx, penny, w.deploy.ID, 2); return err },
			"workflow":   func() error { _, err := c.Runs(ctx, penny, github.RunQuery{Workflow: "nope.yml"}); return err },
			"repository": func() error { _, err := c.Repository(ctx, github.Repo{Owner: "o", Name: "n"}); return err },
		} {
			if e := fails(t, ask()); e.Kind != github.NotFound || e.RequestID == "" {
				t.Errorf("%s: %v", what, e)
			}
		}
	})
}

func TestSimCompare(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		own := commitOf(w.repo.Head("feature/44"))
		got, err := w.client.Compare(t.Context(), penny, w.root.SHA, "master")
		equal(t, github.Comparison{
			Status: "ahead", Ahead: 2, Commits: []github.Commit{own, commitOf(w.merged)}, MergeBase: w.root.SHA,
			URL: page("/compare/%s...master", w.root.SHA),
		}, got, err)
		got, err = w.client.Compare(t.Context(), penny, "master", "feature/45")
		equal(t, github.Comparison{
			Status: "diverged", Ahead: 1, Behind: 2, Commits: []github.Commit{commitOf(w.repo.Head("feature/45"))}, MergeBase: w.root.SHA,
			URL: page("/compare/master...feature/45"),
		}, got, err)
		got, err = w.client.Compare(t.Context(), penny, "master", "master")
		equal(t, github.Comparison{Status: "identical", Commits: []github.Commit{}, MergeBase: w.merged.SHA, URL: page("/compare/master...master")}, got, err)
	})
}

func TestSimCompareReadsPastTheFirstPage(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		var want []github.Commit
		for i := range 260 {
			want = append(want, commitOf(w.repo.Commit("master", githubsim.CommitSpec{Author: "bob", Message: fmt.Sprint(i), Files: []githubsim.File{{Path: "n", Text: fmt.Sprint(i)}}})))
		}
		got, err := w.client.Compare(t.Context(), penny, w.merged.SHA, "master")
		equal(t, want, got.Commits, err)
		if got.Truncated || got.Ahead != 260 {
			t.Errorf("%d ahead, truncated %v", got.Ahead, got.Truncated)
		}
	})
}

func TestSimPulls(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		pull := func(n int) github.Pull {
			p, _ := w.repo.Pull(n)
			out := github.Pull{
				Number: n, Title: p.Title, Author: "ada", State: p.State, BaseRef: "master", HeadRef: p.Head, HeadSHA: p.HeadSHA,
				URL: page("/pull/%d", n), CreatedAt: seconds(p.CreatedAt), UpdatedAt: seconds(p.UpdatedAt),
			}
			if p.Merged {
				out.Merged, out.MergedAt, out.MergeSHA = true, seconds(p.MergedAt), p.MergeSHA
			}
			return out
		}
		for _, c := range []struct {
			query github.PullQuery
			want  []github.Pull
		}{
			{github.PullQuery{}, []github.Pull{pull(45)}},
			{github.PullQuery{State: "closed"}, []github.Pull{pull(44)}},
			{github.PullQuery{State: "all", Sort: "created", Direction: "asc"}, []github.Pull{pull(44), pull(45)}},
			{github.PullQuery{State: "all", Sort: "updated", Direction: "desc", Limit: 1}, []github.Pull{pull(44)}},
			{github.PullQuery{State: "all", Base: "release"}, []github.Pull{}},
		} {
			got, err := w.client.Pulls(t.Context(), penny, c.query)
			equal(t, c.want, got, err)
		}
		if _, err := w.client.Pulls(t.Context(), penny, github.PullQuery{State: "merged"}); github.KindOf(err) != github.Invalid {
			t.Errorf("a state that is none: %v", err)
		}
		want := pull(44)
		want.MergedBy = "bob"
		got, err := w.client.Pull(t.Context(), penny, 44)
		equal(t, want, got, err)
		for sha, number := range map[string]int{w.merged.SHA: 44, w.repo.Head("feature/44").SHA: 44, w.repo.Head("feature/45").SHA: 45} {
			got, err := w.client.PullsOfCommit(t.Context(), penny, sha)
			equal(t, []github.Pull{pull(number)}, got, err)
		}
		none, err := w.client.PullsOfCommit(t.Context(), penny, w.root.SHA)
		equal(t, []github.Pull{}, none, err)
	})
}

func TestSimRuns(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		deploy, test := runOf(w.deploy, "bob"), runOf(w.test, "ada")
		workflows, err := w.client.Workflows(t.Context(), penny)
		if err != nil || len(workflows) != 2 || workflows[0].Path != ".github/workflows/deploy.yml" || workflows[0].Name != "CI" || workflows[0].State != "active" {
			t.Fatalf("workflows: %+v, %v", workflows, err)
		}
		for _, c := range []struct {
			query github.RunQuery
			want  []github.Run
		}{
			{github.RunQuery{}, []github.Run{deploy, test}},
			{github.RunQuery{Limit: 1}, []github.Run{deploy}},
			{github.RunQuery{Branch: "feature/45"}, []github.Run{test}},
			{github.RunQuery{Event: "push"}, []github.Run{deploy}},
			{github.RunQuery{HeadSHA: w.merged.SHA}, []github.Run{deploy}},
			{github.RunQuery{Workflow: "test.yml"}, []github.Run{test}},
			{github.RunQuery{Workflow: ".github/workflows/deploy.yml", Branch: "master", Event: "push"}, []github.Run{deploy}},
			{github.RunQuery{Workflow: fmt.Sprint(workflows[0].ID)}, []github.Run{deploy}},
			{github.RunQuery{Branch: "none"}, []github.Run{}},
		} {
			got, err := w.client.Runs(t.Context(), penny, c.query)
			equal(t, c.want, got, err)
		}
		if deploy.Outcome() != github.Green || test.Outcome() != github.Red {
			t.Errorf("deploy %s, test %s", deploy.Outcome(), test.Outcome())
		}
	})
}

func TestSimJobs(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		for _, attempt := range []int{0, 1} {
			got, err := w.client.Jobs(t.Context(), penny, w.test.ID, attempt)
			if err != nil || len(got) != 2 {
				t.Fatalf("%+v, %v", got, err)
			}
			backend, integration := got[0], got[1]
			if backend.Name != "test-backend (3.8)" || backend.Outcome() != github.Red || backend.RunID != w.test.ID || backend.Attempt != 1 || backend.ID == 0 ||
				!strings.HasPrefix(backend.URL, page("/actions/runs/%d/job/", w.test.ID)) {
				t.Errorf("%+v", backend)
			}
			if integration.Name != "test-integration (12)" || integration.Outcome() != github.Grey || integration.Conclusion != "skipped" {
				t.Errorf("%+v", integration)
			}
			var steps []string
			for i, s := range backend.Steps {
				steps = append(steps, s.Name+" "+string(s.Outcome()))
				if s.Number <= i || s.StartedAt.IsZero() || s.CompletedAt.Before(s.StartedAt) {
					t.Errorf("step %d: %+v", i, s)
				}
			}
			equal(t, []string{"Set up job green", "Test with pytest green", "Flake8 red", "Complete job green"}, steps, nil)
		}
	})
}

func TestSimARunUnderWay(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		if _, err := w.repo.Merge(45, "squash", "bob"); err != nil {
			t.Fatal(err)
		}
		query := github.RunQuery{Workflow: "deploy.yml", Limit: 1}
		for _, c := range []struct {
			wait time.Duration
			want github.Outcome
			step []github.Outcome
		}{
			{30 * time.Second, github.Going, []github.Outcome{github.Green, github.Going}},
			{5 * time.Minute, github.Green, []github.Outcome{github.Green, github.Green}},
		} {
			time.Sleep(c.wait)
			runs, err := w.client.Runs(t.Context(), penny, query)
			if err != nil || len(runs) != 1 || runs[0].Outcome() != c.want || runs[0].SHA != w.repo.Head("master").SHA {
				t.Fatalf("%+v, %v", runs, err)
			}
			jobs, err := w.client.Jobs(t.Context(), penny, runs[0].ID, 1)
			if err != nil || len(jobs) != 1 || jobs[0].Outcome() != c.want {
				t.Fatalf("%+v, %v", jobs, err)
			}
			for i, want := range c.step {
				if got := jobs[0].Steps[i].Outcome(); got != want {
					t.Errorf("after %v, step %s: %s, want %s", c.wait, jobs[0].Steps[i].Name, got, want)
				}
			}
		}
	})
}

func TestSimChecks(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		head := w.repo.Head("feature/45").SHA
		none, err := w.client.CombinedStatus(t.Context(), penny, "feature/45")
		equal(t, github.Combined{State: "pending", SHA: head, Statuses: []github.Status{}}, none, err)
		if err := w.repo.SetStatus(githubsim.Status{SHA: head, State: "error", Context: "qa", Description: "no dyno", TargetURL: "https://qa.example.com", By: "bob"}); err != nil {
			t.Fatal(err)
		}
		got, err := w.client.CombinedStatus(t.Context(), penny, head)
		equal(t, github.Combined{State: "failure", SHA: head, Statuses: []github.Status{{Context: "qa", State: "error", Description: "no dyno", URL: "https://qa.example.com", UpdatedAt: dawn}}}, got, err)

		checks, err := w.client.CheckRuns(t.Context(), penny, "feature/45")
		if err != nil {
			t.Fatal(err)
		}
		var seen []string
		for _, c := range checks {
			seen = append(seen, c.Name+" "+c.Conclusion+" of "+c.App)
			if c.SHA != head || c.ID == 0 || c.URL == "" || c.CompletedAt.IsZero() {
				t.Errorf("%+v", c)
			}
		}
		equal(t, []string{"test-backend (3.8) failure of github-actions", "test-integration (12) skipped of github-actions"}, seen, nil)
	})
}

func TestSimFiles(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		w.repo.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "odd", Files: []githubsim.File{
			{Path: "a b/ü#?.txt", Text: "odd"}, {Path: "big.txt", Text: strings.Repeat("x", 3<<20)}, {Path: "data.json", Text: `{"a":1}`},
		}})
		for path, want := range map[string]string{
			"Procfile": "web: gunicorn\n", "a b/ü#?.txt": "odd", "big.txt": strings.Repeat("x", 3<<20), "data.json": `{"a":1}`,
		} {
			got, err := w.client.File(t.Context(), penny, path, "")
			equal(t, want, string(got), err)
		}
		got, err := w.client.File(t.Context(), penny, "45.html", "feature/45")
		equal(t, "Break a test", string(got), err)
		if _, err := w.client.File(t.Context(), penny, ".github/workflows", ""); github.KindOf(err) != github.Invalid || !strings.Contains(err.Error(), "is a folder") {
			t.Errorf("a folder: %v", err)
		}
	})
}
