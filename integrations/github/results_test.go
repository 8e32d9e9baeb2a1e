package github_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/github"
)

// Each result is drawn from an answer that is as bare, or as odd, as GitHub's may be.
func TestResultsOfOddAnswers(t *testing.T) {
	t.Parallel()
	at := time.Date(2021, 3, 1, 14, 5, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		body string
		ask  func(context.Context, *github.Client) (any, error)
		want any
	}{
		"a commit of no account has its author's name": {
			`{"sha":"abc","author":null,"committer":null,"commit":{"message":"m","author":{"name":"Ada","email":"ada@example.com","date":"2021-01-01T00:00:00Z"},"committer":{"name":"GitHub","date":"2021-03-01T15:05:00+01:00"}},"parents":[{"sha":"p1"},{"sha":"p2"}]}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.Commit(ctx, penny, "abc") },
			github.Commit{SHA: "abc", Message: "m", Author: "Ada", Email: "ada@example.com", At: at, Parents: []string{"p1", "p2"}},
		},
		"a commit without a committer has its author's date": {
			`{"sha":"abc","author":{"login":"ada"},"commit":{"author":{"name":"Ada","date":"2021-03-01T14:05:00Z"}}}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.Commit(ctx, penny, "abc") },
			github.Commit{SHA: "abc", Author: "ada", At: at},
		},
		"a branch is its head": {
			`{"name":"master","commit":{"sha":"abc","html_url":"https://github.com/c"}}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.Branch(ctx, penny, "master") },
			github.Commit{SHA: "abc", URL: "https://github.com/c"},
		},
		"an open pull request has no merge commit, whatever the field says": {
			`[{"number":45,"title":"T","state":"open","draft":true,"merge_commit_sha":"test","user":null,"head":{"ref":"b","sha":"h"},"base":{"ref":"master"},"merged_at":null}]`,
			func(ctx context.Context, c *github.Client) (any, error) {
				return c.Pulls(ctx, penny, github.PullQuery{})
			},
			[]github.Pull{{Number: 45, Title: "T", State: "open", Draft: true, HeadRef: "b", HeadSHA: "h", BaseRef: "master"}},
		},
		"a list tells a merge by its time": {
			`[{"number":45,"state":"closed","merge_commit_sha":"m","merged_at":"2021-03-01T14:05:00Z"}]`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.PullsOfCommit(ctx, penny, "abc") },
			[]github.Pull{{Number: 45, State: "closed", Merged: true, MergedAt: at, MergeSHA: "m"}},
		},
		"one pull request knows who merged it": {
			`{"number":45,"state":"closed","merged":true,"merge_commit_sha":"m","merged_at":"2021-03-01T14:05:00Z","merged_by":{"login":"bob"}}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.Pull(ctx, penny, 45) },
			github.Pull{Number: 45, State: "closed", Merged: true, MergedAt: at, MergeSHA: "m", MergedBy: "bob"},
		},
		"a run's path is cut at the ref": {
			`{"total_count":1,"workflow_runs":[{"id":9007199254740993,"run_number":3,"run_attempt":2,"path":".github/workflows/ci.yml@refs/heads/master","status":"completed","conclusion":"success","head_branch":null}]}`,
			func(ctx context.Context, c *github.Client) (any, error) {
				return c.Runs(ctx, penny, github.RunQuery{})
			},
			[]github.Run{{ID: 9007199254740993, Number: 3, Attempt: 2, Path: ".github/workflows/ci.yml", Status: "completed", Conclusion: "success"}},
		},
		"a run without path and attempt is a first one": {
			`{"total_count":1,"workflow_runs":[{"id":7,"path":null,"status":"queued","conclusion":null,"run_started_at":"2021-03-01T14:05:00Z","actor":{"login":"ada"}}]}`,
			func(ctx context.Context, c *github.Client) (any, error) {
				return c.Runs(ctx, penny, github.RunQuery{})
			},
			[]github.Run{{ID: 7, Attempt: 1, Status: "queued", StartedAt: at, Actor: "ada"}},
		},
		"no runs are an empty list": {
			`{"total_count":0,"workflow_runs":null}`,
			func(ctx context.Context, c *github.Client) (any, error) {
				return c.Runs(ctx, penny, github.RunQuery{})
			},
			[]github.Run{},
		},
		"a job without steps and attempt": {
			`{"total_count":1,"jobs":[{"id":5,"run_id":7,"name":"deploy","status":"queued","steps":null,"started_at":null}]}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, 7, 2) },
			[]github.Job{{ID: 5, RunID: 7, Attempt: 2, Name: "deploy", Status: "queued"}},
		},
		"a job of the latest attempt": {
			`{"total_count":1,"jobs":[{"id":5,"run_id":7,"run_attempt":3,"steps":[{"name":"s","number":1,"status":"completed","conclusion":"skipped","completed_at":"2021-03-01T14:05:00.000Z"}]}]}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, 7, 0) },
			[]github.Job{{ID: 5, RunID: 7, Attempt: 3, Steps: []github.Step{{Name: "s", Number: 1, Status: "completed", Conclusion: "skipped", CompletedAt: at}}}},
		},
		"a workflow": {
			`{"total_count":1,"workflows":[{"id":1,"name":"CI","path":".github/workflows/ci.yml","state":"active"}]}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.Workflows(ctx, penny) },
			[]github.Workflow{{ID: 1, Name: "CI", Path: ".github/workflows/ci.yml", State: "active"}},
		},
		"no statuses are pending": {
			`{"state":"pending","sha":"abc","total_count":0,"statuses":[]}`,
			func(ctx context.Context, c *github.Client) (any, error) {
				return c.CombinedStatus(ctx, penny, "feature/x")
			},
			github.Combined{State: "pending", SHA: "abc", Statuses: []github.Status{}},
		},
		"statuses": {
			`{"state":"failure","sha":"abc","total_count":1,"statuses":[{"state":"error","context":"qa","description":null,"target_url":"https://qa","updated_at":"2021-03-01T14:05:00Z"}]}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.CombinedStatus(ctx, penny, "abc") },
			github.Combined{State: "failure", SHA: "abc", Statuses: []github.Status{{Context: "qa", State: "error", URL: "https://qa", UpdatedAt: at}}},
		},
		"check runs": {
			`{"total_count":1,"check_runs":[{"id":3,"name":"build","head_sha":"abc","app":{"slug":"circleci"},"status":"completed","conclusion":"brand_new","started_at":"2021-03-01T14:05:00Z"}]}`,
			func(ctx context.Context, c *github.Client) (any, error) { return c.CheckRuns(ctx, penny, "abc") },
			[]github.CheckRun{{ID: 3, Name: "build", SHA: "abc", App: "circleci", Status: "completed", Conclusion: "brand_new", StartedAt: at}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := stage(t, says(200, c.body))
				got, err := c.ask(t.Context(), client)
				if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
					t.Errorf("%v\n%s", err, diff)
				}
			})
		})
	}
}

// everyMethod asks each method once; the keys are what the error must begin with.
var everyMethod = map[string]func(context.Context, *github.Client) (any, error){
	"read repository penny-university/penny_university":       func(ctx context.Context, c *github.Client) (any, error) { return c.Repository(ctx, penny) },
	"read branch master of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) { return c.Branch(ctx, penny, "master") },
	"read commit master of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) { return c.Commit(ctx, penny, "master") },
	"compare a...b of penny-university/penny_university":      func(ctx context.Context, c *github.Client) (any, error) { return c.Compare(ctx, penny, "a", "b") },
	"list pull requests of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) {
		return c.Pulls(ctx, penny, github.PullQuery{})
	},
	"read pull request #45 of penny-university/penny_university":            func(ctx context.Context, c *github.Client) (any, error) { return c.Pull(ctx, penny, 45) },
	"list pull requests of commit abc of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) { return c.PullsOfCommit(ctx, penny, "abc") },
	"list runs of penny-university/penny_university":                        func(ctx context.Context, c *github.Client) (any, error) { return c.Runs(ctx, penny, github.RunQuery{}) },
	"list jobs of run 7 of penny-university/penny_university":               func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, 7, 0) },
	"list jobs of run 7, attempt 2, of penny-university/penny_university":   func(ctx context.Context, c *github.Client) (any, error) { return c.Jobs(ctx, penny, 7, 2) },
	"list workflows of penny-university/penny_university":                   func(ctx context.Context, c *github.Client) (any, error) { return c.Workflows(ctx, penny) },
	"read the status of master of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) {
		return c.CombinedStatus(ctx, penny, "master")
	},
	"list check runs of master of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) { return c.CheckRuns(ctx, penny, "master") },
	"read file Procfile at master of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) {
		return c.File(ctx, penny, "Procfile", "master")
	},
	"list runs of .github/workflows/ci.yml of penny-university/penny_university": func(ctx context.Context, c *github.Client) (any, error) {
		return c.Runs(ctx, penny, github.RunQuery{Workflow: ".github/workflows/ci.yml"})
	},
}
