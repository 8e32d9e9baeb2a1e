package github

import (
	"context"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"
)

// RerunOptions say how to run again.
type RerunOptions struct {
	Debug bool // with the runner's debug logging
}

// Rerun starts a new attempt of a run, with all its jobs. The run keeps its id. Forbidden: it still goes on, is too old,
// or the token may not.
func (c *Client) Rerun(ctx context.Context, repo Repo, runID int64, o RerunOptions) error {
	return c.rerun(ctx, fmt.Sprintf("re-run run %d of %s", runID, repo), repo, fmt.Sprintf("actions/runs/%d/rerun", runID), o)
}

// RerunFailed starts a new attempt of a run with the jobs that failed and those that need them; the others are carried
// over as they are.
func (c *Client) RerunFailed(ctx context.Context, repo Repo, runID int64, o RerunOptions) error {
	return c.rerun(ctx, fmt.Sprintf("re-run failed jobs of run %d of %s", runID, repo), repo, fmt.Sprintf("actions/runs/%d/rerun-failed-jobs", runID), o)
}

// RerunJob starts a new attempt of a job's run with that job and those that need it.
func (c *Client) RerunJob(ctx context.Context, repo Repo, jobID int64, o RerunOptions) error {
	return c.rerun(ctx, fmt.Sprintf("re-run job %d of %s", jobID, repo), repo, fmt.Sprintf("actions/jobs/%d/rerun", jobID), o)
}

func (c *Client) rerun(ctx context.Context, op string, repo Repo, path string, o RerunOptions) error {
	return c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		body := map[string]bool{"enable_debug_logging": o.Debug} // go-github has no way to say it
		return c.send(ctx, repo, http.MethodPost, path, body, nil)
	})
}

// Cancel asks a run to end. It ends some time later, as its conclusion "cancelled" will say. Invalid with status 409: it
// has ended already.
func (c *Client) Cancel(ctx context.Context, repo Repo, runID int64) error {
	op := fmt.Sprintf("cancel run %d of %s", runID, repo)
	return c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		return c.send(ctx, repo, http.MethodPost, fmt.Sprintf("actions/runs/%d/cancel", runID), nil, nil)
	})
}
