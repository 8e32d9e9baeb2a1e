package github_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/memnet"
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
	w := &world{far: &far{net: &memnet.Network{}}}
	hooks := &http.Transport{DialContext: w.far.net.DialContext, DisableKeepAlives: true}
	w.Server = githubsim.New(githubsim.Options{URL: farURL, Blob: "http://" + storeAddr, Client: &http.Client{Transport: hooks}})
	t.Cleanup(w.Close)
	w.AddUser("ada", "Ada L.", "ada@example.com")
	w.AddUser("bob", "Bob", "bob@example.com")
	w.AddToken(token, "slipway-bot", penny.String())
	w.repo = w.AddRepo(penny.Owner, penny.Name, "master")
	w.build()
	w.far.listen(t, farAddr, w)
	w.far.listen(t, storeAddr, w.Blob())
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
		Path: ".github/workflows/deploy.yml", Name: "CI", On: []string{"push", "workflow_dispatch"}, Inputs: []string{"key"},
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

// unknown is what the simulator's own view of things does not tell.
var unknown = []cmp.Option{cmpopts.IgnoreFields(github.Pull{}, "NodeID"), cmpopts.IgnoreFields(github.Run{}, "Title")}

func equal(t *testing.T, want, got any, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, unknown...); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func page(format string, args ...any) string {
	return "https://github.com/penny-university/penny_university" + fmt.Sprintf(format, args...)
}

func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func commitOf(c githubsim.Commit) github.Commit {
	return github.Commit{SHA: c.SHA, Message: c.Message, Author: c.Author, Email: c.Author + "@example.com", URL: page("/commit/%s", c.SHA), At: seconds(c.At), Parents: c.Parents}
}

func runOf(r githubsim.Run, actor string) github.Run {
	return github.Run{
		ID: r.ID, Number: r.Number, Attempt: r.Attempt, Path: r.Path, Name: r.Name, Event: r.Event, Branch: r.Branch, SHA: r.SHA,
		Status: r.Status, Conclusion: r.Conclusion, Actor: actor, URL: page("/actions/runs/%d", r.ID),
		CreatedAt: seconds(r.CreatedAt), StartedAt: seconds(r.StartedAt), UpdatedAt: seconds(r.UpdatedAt),
	}
}

// simMethods are all methods with questions that this world can answer.
func simMethods(w *world) map[string]func(context.Context, *github.Client) (any, error) {
	all := map[string]func(context.Context, *github.Client) (any, error){
		"jobs":    func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, w.deploy.ID, 0) },
		"attempt": func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, w.deploy.ID, 1) },
		"run":     func(ctx context.Context, c *github.Client) (any, error) { return c.Run(ctx, penny, w.deploy.ID) },
		"run attempt": func(ctx context.Context, c *github.Client) (any, error) {
			return c.RunAttempt(ctx, penny, w.deploy.ID, 1)
		},
		"tree":    func(ctx context.Context, c *github.Client) (any, error) { return c.Tree(ctx, penny, "master") },
		"files":   func(ctx context.Context, c *github.Client) (any, error) { return c.PullFiles(ctx, penny, 45) },
		"commits": func(ctx context.Context, c *github.Client) (any, error) { return c.PullCommits(ctx, penny, 45) },
		"hooks":   func(ctx context.Context, c *github.Client) (any, error) { return c.Hooks(ctx, penny) },
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
