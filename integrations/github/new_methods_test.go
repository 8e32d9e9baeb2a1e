package github_test

import (
	"context"
	"time"

	"slipway/integrations/github"
)

// method is a question or a change, with what it sends and the answer that it takes.
type method struct {
	op     string
	call   func(context.Context, *github.Client) (any, error)
	asks   string // method, path and query, after the repository
	body   string // JSON; "" is none
	status int
	answer string
	want   any
}

func done(err error) (any, error) { return nil, err }

const repoPath = "/repos/penny-university/penny_university"

var t1405 = time.Date(2021, 3, 1, 14, 5, 0, 0, time.UTC)

// questions are the methods that change nothing, but for JobLog and Tarball, whose answers are redirects.
var questions = []method{
	{
		op:   "read run 7 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return c.Run(ctx, penny, 7) },
		asks: "GET " + repoPath + "/actions/runs/7", status: 200,
		answer: `{"id":7,"run_attempt":2,"path":"a.yml@main","display_title":"Deploy 4711","status":"queued"}`,
		want:   github.Run{ID: 7, Attempt: 2, Path: "a.yml", Title: "Deploy 4711", Status: "queued"},
	},
	{
		op:   "read run 7, attempt 1, of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return c.RunAttempt(ctx, penny, 7, 1) },
		asks: "GET " + repoPath + "/actions/runs/7/attempts/1", status: 200,
		answer: `{"id":7,"run_attempt":1,"path":"a.yml@main","status":"completed","conclusion":"failure"}`,
		want:   github.Run{ID: 7, Attempt: 1, Path: "a.yml", Status: "completed", Conclusion: "failure"},
	},
	{
		op:   "read the tree of master of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return c.Tree(ctx, penny, "master") },
		asks: "GET " + repoPath + "/git/trees/master?recursive=1", status: 200,
		answer: `{"sha":"abc","url":"u","truncated":true,"tree":[{"path":"a/b.py","mode":"100644","type":"blob","sha":"def","size":12,"url":"u"},{"path":"m","mode":"160000","type":"commit","sha":"123"}]}`,
		want: github.Tree{SHA: "abc", Truncated: true, Entries: []github.Entry{
			{Path: "a/b.py", Type: "blob", Mode: "100644", SHA: "def", Size: 12}, {Path: "m", Type: "commit", Mode: "160000", SHA: "123"},
		}},
	},
	{
		op:   "list files of pull request #45 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return c.PullFiles(ctx, penny, 45) },
		asks: "GET " + repoPath + "/pulls/45/files?per_page=100", status: 200,
		answer: `[{"sha":"abc","filename":"new.py","status":"renamed","previous_filename":"old.py","additions":3,"deletions":1,"patch":"@@"},{"filename":"x","status":"removed"}]`,
		want:   []github.PullFile{{Path: "new.py", Was: "old.py", Status: "renamed", SHA: "abc", Additions: 3, Deletions: 1}, {Path: "x", Status: "removed"}},
	},
	{
		op:   "list commits of pull request #45 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return c.PullCommits(ctx, penny, 45) },
		asks: "GET " + repoPath + "/pulls/45/commits?per_page=100", status: 200,
		answer: `[{"sha":"abc","author":{"login":"ada"},"commit":{"message":"m","committer":{"date":"2021-03-01T14:05:00Z"}}}]`,
		want:   []github.Commit{{SHA: "abc", Message: "m", Author: "ada", At: t1405}},
	},
	{
		op:   "list hooks of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return c.Hooks(ctx, penny) },
		asks: "GET " + repoPath + "/hooks?per_page=100", status: 200,
		answer: `[{"id":3,"name":"web","active":true,"events":["push","check_run"],"config":{"url":"https://x/webhooks/github","content_type":"json","insecure_ssl":"0","secret":"********"},"updated_at":"2021-03-01T14:05:00Z"},{"id":4,"config":{"insecure_ssl":1}}]`,
		want: []github.Hook{
			{ID: 3, URL: "https://x/webhooks/github", Events: []string{"check_run", "push"}, Active: true, ContentType: "json", UpdatedAt: t1405},
			{ID: 4, Insecure: true},
		},
	},
	{
		op: "list deliveries of hook 3 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			page, _, err := c.Deliveries(ctx, penny, 3, github.DeliveryQuery{Cursor: "v1_9", Failed: true})
			return page, err
		},
		asks: "GET " + repoPath + "/hooks/3/deliveries?cursor=v1_9&per_page=100&status=failure", status: 200,
		answer: `[{"id":9007199254740993,"guid":"g-1","delivered_at":"2021-03-01T14:05:00Z","redelivery":true,"duration":0.25,"status":"Invalid HTTP Response: 502","status_code":502,"event":"push","action":null,"installation_id":null,"repository_id":1}]`,
		want: []github.Delivery{{
			ID: 9007199254740993, GUID: "g-1", Event: "push", Redelivery: true, StatusCode: 502, Status: "Invalid HTTP Response: 502",
			Took: 250 * time.Millisecond, DeliveredAt: t1405,
		}},
	},
	{
		op:   "list what run 7 of penny-university/penny_university waits for",
		call: func(ctx context.Context, c *github.Client) (any, error) { return c.Waiting(ctx, penny, 7) },
		asks: "GET " + repoPath + "/actions/runs/7/pending_deployments", status: 200,
		answer: `[{"environment":{"id":11,"name":"production"},"wait_timer":30,"wait_timer_started_at":"2021-03-01T14:05:00Z","current_user_can_approve":true,"reviewers":[{"type":"User","reviewer":{"login":"ada"}},{"type":"Team","reviewer":{"slug":"ops"}}]},{"environment":{"id":12},"wait_timer_started_at":null,"reviewers":null}]`,
		want: []github.Waiting{
			{ID: 11, Name: "production", Since: t1405, Timer: 30 * time.Minute, MayAnswer: true, Reviewers: []string{"ada", "ops"}}, {ID: 12},
		},
	},
}

// changes are the methods that change something.
var changes = []method{
	{
		op: "re-run run 7 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return done(c.Rerun(ctx, penny, 7, github.RerunOptions{}))
		},
		asks: "POST " + repoPath + "/actions/runs/7/rerun", body: `{"enable_debug_logging":false}`, status: 201, answer: `{}`,
	},
	{
		op: "re-run failed jobs of run 7 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return done(c.RerunFailed(ctx, penny, 7, github.RerunOptions{Debug: true}))
		},
		asks: "POST " + repoPath + "/actions/runs/7/rerun-failed-jobs", body: `{"enable_debug_logging":true}`, status: 201, answer: `{}`,
	},
	{
		op: "re-run job 8 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return done(c.RerunJob(ctx, penny, 8, github.RerunOptions{}))
		},
		asks: "POST " + repoPath + "/actions/jobs/8/rerun", body: `{"enable_debug_logging":false}`, status: 201,
	},
	{
		op:   "cancel run 7 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return done(c.Cancel(ctx, penny, 7)) },
		asks: "POST " + repoPath + "/actions/runs/7/cancel", status: 202, answer: `{}`,
	},
	{
		op: "start .github/workflows/deploy.yml on master of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return done(c.Dispatch(ctx, penny, github.Dispatch{Workflow: ".github/workflows/deploy.yml", Ref: "master", Inputs: map[string]string{"key": "4711"}}))
		},
		asks: "POST " + repoPath + "/actions/workflows/deploy.yml/dispatches", body: `{"ref":"master","inputs":{"key":"4711"}}`, status: 204,
	},
	{
		op: "set status slipway of abc of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return c.CreateStatus(ctx, penny, "abc", github.Status{Context: "slipway", State: "success", Description: "Live as v122", URL: "https://x"})
		},
		asks: "POST " + repoPath + "/statuses/abc", body: `{"context":"slipway","description":"Live as v122","state":"success","target_url":"https://x"}`,
		status: 201, answer: `{"id":1,"state":"success","context":"slipway","description":"Live as v122","target_url":"https://x","updated_at":"2021-03-01T14:05:00Z"}`,
		want: github.Status{Context: "slipway", State: "success", Description: "Live as v122", URL: "https://x", UpdatedAt: t1405},
	},
	{
		op: "create a hook of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return c.CreateHook(ctx, penny, github.HookSpec{URL: "https://x/h", Secret: "s3cret", Events: []string{"push"}})
		},
		asks:   "POST " + repoPath + "/hooks",
		body:   `{"name":"web","active":true,"events":["push"],"config":{"url":"https://x/h","content_type":"json","secret":"s3cret","insecure_ssl":"0"}}`,
		status: 201, answer: `{"id":3,"active":true,"events":["push"],"config":{"url":"https://x/h","content_type":"json","insecure_ssl":"0"}}`,
		want: github.Hook{ID: 3, URL: "https://x/h", Events: []string{"push"}, Active: true, ContentType: "json"},
	},
	{
		op: "edit hook 3 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return c.EditHook(ctx, penny, 3, github.HookSpec{URL: "https://x/h", Secret: "s3cret", Events: []string{"push"}})
		},
		asks:   "PATCH " + repoPath + "/hooks/3",
		body:   `{"active":true,"events":["push"],"config":{"url":"https://x/h","content_type":"json","secret":"s3cret","insecure_ssl":"0"}}`,
		status: 200, answer: `{"id":3,"active":true}`, want: github.Hook{ID: 3, Active: true},
	},
	{
		op:   "ping hook 3 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return done(c.PingHook(ctx, penny, 3)) },
		asks: "POST " + repoPath + "/hooks/3/pings", status: 204,
	},
	{
		op:   "redeliver 9 of hook 3 of penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) { return done(c.Redeliver(ctx, penny, 3, 9)) },
		asks: "POST " + repoPath + "/hooks/3/deliveries/9/attempts", status: 202, answer: `{}`,
	},
	{
		op: "answer run 7 of penny-university/penny_university, which waits",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return done(c.Review(ctx, penny, 7, github.Review{Environments: []int64{11}, Approve: true, Comment: "go"}))
		},
		asks: "POST " + repoPath + "/actions/runs/7/pending_deployments", body: `{"environment_ids":[11],"state":"approved","comment":"go"}`, status: 200, answer: `[]`,
	},
	{
		op: "open a revert in penny-university/penny_university",
		call: func(ctx context.Context, c *github.Client) (any, error) {
			return c.Revert(ctx, penny, "PR_1", github.Revert{Title: "T", Draft: true})
		},
		asks: "POST /graphql", status: 200,
		answer: `{"data":{"revertPullRequest":{"revertPullRequest":{"id":"PR_2","number":46,"title":"T","state":"OPEN","isDraft":true,"url":"u","baseRefName":"master","headRefName":"revert-45-b","headRefOid":"abc","createdAt":"2021-03-01T14:05:00Z","updatedAt":"2021-03-01T14:05:00Z","author":{"login":"bot"}}}}}`,
		want: github.Pull{
			Number: 46, NodeID: "PR_2", Title: "T", Author: "bot", State: "open", Draft: true, URL: "u", BaseRef: "master",
			HeadRef: "revert-45-b", HeadSHA: "abc", CreatedAt: t1405, UpdatedAt: t1405,
		},
	},
}
