package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/weather"
)

// world is a simulated GitHub with one repository: #44 merged and deployed, #45 open with its checks failed.
type world struct {
	*githubsim.Server
	far    *far
	client *github.Client
	repo   *githubsim.Repo

	root, merged githubsim.Commit
	deploy, test githubsim.Run
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{far: &far{net: &memnet.Network{}}, Server: githubsim.New(githubsim.Options{URL: farURL})}
	t.Cleanup(w.Close)
	w.AddUser("ada", "Ada L.", "ada@example.com")
	w.AddUser("bob", "Bob", "bob@example.com")
	w.AddToken(token, "slipway-bot", penny.String())
	w.repo = w.AddRepo(penny.Owner, penny.Name, "master")
	w.build()
	w.far.listen(t, farAddr, w)
	w.client = w.far.client(t, github.Options{})
	return w
}

func (w *world) build() {
	step := func(names ...string) (steps []githubsim.Step) {
		for _, n := range names {
			steps = append(steps, githubsim.Step{Name: n, Takes: time.Minute})
		}
		return steps
	}
	// Both files are called CI, as in the first user's repository.
	w.repo.AddWorkflow(githubsim.Workflow{
		Path: ".github/workflows/deploy.yml", Name: "CI", On: []string{"push"},
		Jobs: []githubsim.Job{{Name: "deploy", Steps: step("Build Frontend", "Push to Production")}},
	})
	w.repo.AddWorkflow(githubsim.Workflow{
		Path: ".github/workflows/test.yml", Name: "CI", On: []string{"pull_request"},
		Jobs: []githubsim.Job{
			{Name: "test-backend (3.8)", Steps: step("Test with pytest", "Flake8")},
			{Name: "test-integration (12)", Needs: []string{"test-backend"}, Steps: step("Cypress Run")},
		},
	})
	day := dawn.Add(-24 * time.Hour)
	file := func(path, text string) []githubsim.File { return []githubsim.File{{Path: path, Text: text}} }
	w.root = w.repo.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Start", Files: file("Procfile", "web: gunicorn\n"), At: day})
	for n, title := range map[int]string{44: "Add a page", 45: "Break a test"} {
		branch := fmt.Sprintf("feature/%d", n)
		w.repo.Branch("master", branch)
		w.repo.Commit(branch, githubsim.CommitSpec{Author: "ada", Message: title, Files: file(fmt.Sprintf("%d.html", n), title), At: day.Add(time.Duration(n) * time.Minute)})
	}
	for _, n := range []int{44, 45} {
		w.repo.OpenPull(githubsim.PullSpec{Number: n, Title: fmt.Sprintf("Pull %d", n), Author: "ada", Head: fmt.Sprintf("feature/%d", n), At: day.Add(time.Duration(n) * time.Hour / 10)})
	}
	w.test = w.repo.PastRun(githubsim.PastRun{Workflow: ".github/workflows/test.yml", Event: "pull_request", Pull: 45, At: day.Add(5 * time.Hour), FailJob: "test-backend (3.8)", FailStep: "Flake8"})
	w.merged = w.repo.PastMerge(44, "merge", "bob", day.Add(6*time.Hour))
	w.deploy = w.repo.PastRun(githubsim.PastRun{Workflow: ".github/workflows/deploy.yml", Event: "push", Actor: "bob", At: day.Add(6*time.Hour + time.Second)})
}

// played runs a test against a world of its own, in a bubble.
func played(t *testing.T, run func(*testing.T, *world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { run(t, newWorld(t)) })
}

func equal(t *testing.T, want, got any, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func page(format string, args ...any) string {
	return "https://github.com/penny-university/penny_university" + fmt.Sprintf(format, args...)
}

func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func commitOf(c githubsim.Commit) github.Commit {
	return github.Commit{SHA: c.SHA, Message: c.Message, Author: c.Author, URL: page("/commit/%s", c.SHA), At: seconds(c.At), Parents: c.Parents}
}

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
			Status: "ahead", Ahead: 2, Commits: []github.Commit{own, commitOf(w.merged)}, URL: page("/compare/%s...master", w.root.SHA),
		}, got, err)
		got, err = w.client.Compare(t.Context(), penny, "master", "feature/45")
		equal(t, github.Comparison{
			Status: "diverged", Ahead: 1, Behind: 2, Commits: []github.Commit{commitOf(w.repo.Head("feature/45"))}, URL: page("/compare/master...feature/45"),
		}, got, err)
		got, err = w.client.Compare(t.Context(), penny, "master", "master")
		equal(t, github.Comparison{Status: "identical", Commits: []github.Commit{}, URL: page("/compare/master...master")}, got, err)
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

func runOf(r githubsim.Run, actor string) github.Run {
	return github.Run{
		ID: r.ID, Number: r.Number, Attempt: r.Attempt, Path: r.Path, Name: r.Name, Event: r.Event, Branch: r.Branch, SHA: r.SHA,
		Status: r.Status, Conclusion: r.Conclusion, Actor: actor, URL: page("/actions/runs/%d", r.ID),
		CreatedAt: seconds(r.CreatedAt), StartedAt: seconds(r.StartedAt), UpdatedAt: seconds(r.UpdatedAt),
	}
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

func TestSimTokens(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		w.AddToken("ghp_elsewhere", "eve", "other/repo")
		if _, err := w.client.Repository(t.Context(), penny); err != nil {
			t.Fatal(err)
		}
		_, err := w.far.client(t, github.Options{Token: "ghp_elsewhere"}).Repository(t.Context(), penny)
		if github.KindOf(err) != github.NotFound {
			t.Errorf("a token without right: %v", err)
		}
		_, err = w.far.client(t, github.Options{Token: "ghp_wrong"}).Repository(t.Context(), penny)
		if github.KindOf(err) != github.Unauthorized || !strings.Contains(err.Error(), "Bad credentials") {
			t.Errorf("a wrong token: %v", err)
		}
	})
}

func TestSimA304CostsNothing(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		for op, ask := range simMethods(w) {
			first, err := ask(t.Context(), w.client)
			if err != nil {
				t.Fatalf("%s: %v", op, err)
			}
			before := w.client.Quota()
			again, err := ask(t.Context(), w.client)
			equal(t, first, again, err)
			if after := w.client.Quota(); after != before || after.Limit != 5000 {
				t.Errorf("%s: quota was %+v, is %+v", op, before, after)
			}
			if all, _ := w.Weather().Requests(0); all[len(all)-1].Status != http.StatusNotModified {
				t.Errorf("%s: the second time answered %d", op, all[len(all)-1].Status)
			}
		}
	})
}

func TestSimAnswersChangeWhenTheWorldDoes(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		before, err := w.client.Branch(t.Context(), penny, "master")
		if err != nil {
			t.Fatal(err)
		}
		pushed, err := w.repo.Push("master", githubsim.CommitSpec{Author: "bob", Message: "more", Files: []githubsim.File{{Path: "x", Text: "x"}}})
		if err != nil {
			t.Fatal(err)
		}
		after, err := w.client.Branch(t.Context(), penny, "master")
		equal(t, commitOf(pushed), after, err)
		if before.SHA == after.SHA {
			t.Error("nothing changed")
		}
	})
}

func TestSimOutOfQuota(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		until := dawn.Add(20 * time.Minute)
		w.SetQuota(0, until)
		for i, want := range []int{1, 1, 1} {
			_, err := w.client.Repository(t.Context(), penny)
			if e := fails(t, err); e.Kind != github.OutOfQuota || !e.Until.Equal(until) || !strings.Contains(e.Error(), "until 2000-01-01 00:20:00 UTC") {
				t.Errorf("call %d: %v", i+1, e)
			}
			if w.far.asked() != want {
				t.Errorf("call %d: asked %d times, want %d", i+1, w.far.asked(), want)
			}
		}
		equal(t, github.Quota{Limit: 5000, Remaining: 0, Reset: until}, w.client.Quota(), nil)
		time.Sleep(20 * time.Minute)
		if _, err := w.client.Repository(t.Context(), penny); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
}

func TestSimTheLastOfTheQuota(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		until := dawn.Add(20 * time.Minute)
		w.SetQuota(1, until)
		if _, err := w.client.Repository(t.Context(), penny); err != nil {
			t.Fatal(err)
		}
		_, err := w.client.Branch(t.Context(), penny, "master")
		if e := fails(t, err); e.Kind != github.OutOfQuota || !e.Until.Equal(until) || e.Status != 0 || w.far.asked() != 1 {
			t.Errorf("after %d requests: %v", w.far.asked(), e)
		}
	})
}

func TestSimSecondaryLimit(t *testing.T) {
	for name, c := range map[string]struct{ said, wait time.Duration }{
		"said": {30 * time.Second, 30 * time.Second}, "unsaid": {0, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			played(t, func(t *testing.T, w *world) {
				w.SecondaryLimit(c.said)
				for range 2 {
					_, err := w.client.Repository(t.Context(), penny)
					if e := fails(t, err); e.Kind != github.SlowDown || !e.Until.Equal(dawn.Add(c.wait)) {
						t.Errorf("got %v", e)
					}
				}
				if w.far.asked() != 1 {
					t.Errorf("asked %d times", w.far.asked())
				}
				time.Sleep(c.wait)
				if _, err := w.client.Repository(t.Context(), penny); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			})
		})
	}
}

// simMethods are all methods with questions that this world can answer.
func simMethods(w *world) map[string]func(context.Context, *github.Client) (any, error) {
	all := map[string]func(context.Context, *github.Client) (any, error){
		"jobs":    func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, w.deploy.ID, 0) },
		"attempt": func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, w.deploy.ID, 1) },
		"compare": func(ctx context.Context, c *github.Client) (any, error) {
			return c.Compare(ctx, penny, w.root.SHA, "master")
		},
		"pulls of": func(ctx context.Context, c *github.Client) (any, error) {
			return c.PullsOfCommit(ctx, penny, w.merged.SHA)
		},
		"runs of": func(ctx context.Context, c *github.Client) (any, error) {
			return c.Runs(ctx, penny, github.RunQuery{Workflow: "test.yml"})
		},
		"all pulls": func(ctx context.Context, c *github.Client) (any, error) {
			return c.Pulls(ctx, penny, github.PullQuery{State: "all"})
		},
	}
	for op, ask := range everyMethod {
		if !strings.Contains(op, "run 7") && !strings.Contains(op, "commit abc") && !strings.Contains(op, "a...b") && !strings.Contains(op, "ci.yml") {
			all[op] = ask
		}
	}
	return all
}

func TestSimEveryMethodInEveryWeather(t *testing.T) {
	const lag = 300 * time.Millisecond
	for name, c := range map[string]struct {
		fault weather.Fault
		kind  github.Kind   // "" if the call succeeds
		took  time.Duration // of the call, exactly
		until time.Duration
	}{
		"fair":          {weather.Fault{}, "", lag, 0},
		"delay":         {weather.Fault{Kind: weather.Delay, D: 2 * time.Second}, "", 2*time.Second + lag, 0},
		"long delay":    {weather.Fault{Kind: weather.Delay, D: time.Minute}, github.Unreachable, 10 * time.Second, 0},
		"drop":          {weather.Fault{Kind: weather.Drop}, "", 200*time.Millisecond + lag, 0},
		"drops":         {weather.Fault{Kind: weather.Drop, Always: true}, github.Unreachable, time.Second, 0},
		"cut":           {weather.Fault{Kind: weather.Cut}, "", lag + 200*time.Millisecond + lag, 0},
		"cuts":          {weather.Fault{Kind: weather.Cut, Always: true}, github.Unreachable, 3*lag + time.Second, 0},
		"late":          {weather.Fault{Kind: weather.Late, D: 5 * time.Second}, "", lag + 200*time.Millisecond + lag, 0},
		"duplicate":     {weather.Fault{Kind: weather.Duplicate}, "", lag, 0},
		"429":           {weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, github.SlowDown, lag, lag + 7*time.Second},
		"429 bare":      {weather.Fault{Kind: weather.TooManyBare}, github.SlowDown, lag, lag + time.Minute},
		"html 503 once": {weather.Fault{Kind: weather.HTML503}, "", lag + 200*time.Millisecond + lag, 0},
		"html 503":      {weather.Fault{Kind: weather.HTML503, Always: true}, github.Unavailable, 3*lag + time.Second, 0},
		"down":          {weather.Fault{}, github.Unreachable, time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			played(t, func(t *testing.T, w *world) {
				w.Weather().SetLatency(lag)
				for op, ask := range simMethods(w) {
					client := w.far.client(t, github.Options{}) // the hold of one method is not the next one's
					start := time.Now()
					w.Weather().SetDown(name == "down")
					if c.fault.Kind != "" {
						c.fault.Method, c.fault.Path = "*", "*"
						w.Weather().Add(c.fault)
					}
					_, err := ask(t.Context(), client)
					if took := time.Since(start); took != c.took {
						t.Errorf("%s: took %v, want %v", op, took, c.took)
					}
					if c.kind != github.KindOf(err) || c.kind == "" && err != nil {
						t.Errorf("%s: got %v, want %q", op, err, c.kind)
					}
					var e *github.Error
					if c.until != 0 && errors.As(err, &e) && !e.Until.Equal(start.Add(c.until).UTC()) {
						t.Errorf("%s: until %v, want %v", op, e.Until, start.Add(c.until))
					}
					w.Weather().Clear()
				}
			})
		})
	}
}

func TestSimACancelledCallReturnsAtOnce(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		w.Weather().SetLatency(time.Minute)
		for op, ask := range simMethods(w) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			start := time.Now()
			_, err := ask(ctx, w.client)
			if took := time.Since(start); took != 50*time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: after %v: %v", op, took, err)
			}
			cancel()
			start = time.Now()
			if _, err := ask(ctx, w.client); time.Since(start) != 0 || err == nil {
				t.Errorf("%s: after %v: %v", op, time.Since(start), err)
			}
		}
	})
}

// Connections that are kept must not turn one trouble into many, nor end the next call.
func TestSimKeptConnections(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		transport := &http.Transport{DialContext: w.far.net.DialContext}
		client, err := github.New(github.Options{URL: farURL, Token: token, HTTP: transport})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		for _, kind := range []weather.Kind{weather.Drop, weather.Cut, weather.HTML503} {
			if _, err := client.Repository(t.Context(), penny); err != nil {
				t.Fatal(err)
			}
			w.Weather().Add(weather.Fault{Method: "GET", Path: "*", Kind: kind})
			if _, err := client.Repository(t.Context(), penny); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
	})
}
