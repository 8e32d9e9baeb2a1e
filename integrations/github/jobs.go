package github

import (
	"context"
	"fmt"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Job is one job of an attempt. A new attempt has new ids.
type Job struct {
	ID          int64
	RunID       int64
	Attempt     int
	Name        string // with the values of its matrix: "test-backend (3.8)"
	Status      string
	Conclusion  string // "" while not completed
	URL         string // for people
	StartedAt   time.Time
	CompletedAt time.Time
	Steps       []Step
}

// Step is one step of a job.
type Step struct {
	Name        string
	Number      int
	Status      string
	Conclusion  string // "" while not completed
	StartedAt   time.Time
	CompletedAt time.Time
}

// Jobs lists the jobs of one attempt of a run; attempt 0 is the latest of each job, as after "re-run failed jobs" some
// jobs are older than others.
func (c *Client) Jobs(ctx context.Context, repo Repo, runID int64, attempt int) ([]Job, error) {
	op := fmt.Sprintf("list jobs of run %d of %s", runID, repo)
	if attempt != 0 {
		op = fmt.Sprintf("list jobs of run %d, attempt %d, of %s", runID, attempt, repo)
	}
	return pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]Job, *gh.Response, error) {
		answer, resp, err := c.jobs(ctx, repo, runID, attempt, opts)
		if err != nil {
			return nil, resp, err
		}
		if answer.TotalCount == nil {
			return nil, resp, lacks("total_count")
		}
		out, err := each(answer.Jobs, jobOf(runID, attempt))
		return out, resp, err
	})
}

func (c *Client) jobs(ctx context.Context, repo Repo, runID int64, attempt int, opts gh.ListOptions) (*gh.Jobs, *gh.Response, error) {
	if attempt == 0 {
		return c.gh.Actions.ListWorkflowJobs(ctx, repo.Owner, repo.Name, runID, &gh.ListWorkflowJobsOptions{Filter: "latest", ListOptions: opts})
	}
	return c.gh.Actions.ListWorkflowJobsAttempt(ctx, repo.Owner, repo.Name, runID, int64(attempt), &opts)
}

func jobOf(runID int64, attempt int) func(*gh.WorkflowJob) (Job, error) {
	return func(j *gh.WorkflowJob) (Job, error) {
		if j.GetID() == 0 {
			return Job{}, lacks("id of a job")
		}
		out := Job{
			ID: j.GetID(), RunID: runID, Attempt: int(j.GetRunAttempt()),
			Name: j.GetName(), Status: j.GetStatus(), Conclusion: j.GetConclusion(), URL: j.GetHTMLURL(),
			StartedAt: when(j.GetStartedAt()), CompletedAt: when(j.GetCompletedAt()),
		}
		if out.Attempt == 0 {
			out.Attempt = max(attempt, 1) // older servers leave it out
		}
		for _, s := range j.Steps {
			out.Steps = append(out.Steps, Step{
				Name: s.GetName(), Number: int(s.GetNumber()), Status: s.GetStatus(), Conclusion: s.GetConclusion(),
				StartedAt: when(s.GetStartedAt()), CompletedAt: when(s.GetCompletedAt()),
			})
		}
		return out, nil
	}
}
