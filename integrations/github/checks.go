package github

import (
	"context"
	"fmt"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Combined is what the statuses of one commit say together.
type Combined struct {
	State    string // failure if any failed, pending if any is pending or there are none, else success
	SHA      string
	Statuses []Status // the latest of each context; State means nothing if there are none
}

// Status is a classic commit status, as services other than Actions leave it.
type Status struct {
	Context     string
	State       string // success, pending, failure or error
	Description string
	URL         string // where it leads people
	UpdatedAt   time.Time
}

// CombinedStatus reads the statuses of a commit, branch or tag.
func (c *Client) CombinedStatus(ctx context.Context, repo Repo, ref string) (Combined, error) {
	op := fmt.Sprintf("read the status of %s of %s", ref, repo)
	if err := checkRef(op, ref); err != nil {
		return Combined{}, err
	}
	var out Combined
	statuses, err := pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]Status, *gh.Response, error) {
		answer, resp, err := c.gh.Repositories.GetCombinedStatus(ctx, repo.Owner, repo.Name, ref, &opts)
		if err != nil {
			return nil, resp, err
		}
		if answer.GetState() == "" || answer.GetSHA() == "" {
			return nil, resp, lacks("state or sha")
		}
		out = Combined{State: answer.GetState(), SHA: answer.GetSHA()}
		statuses, err := each(answer.Statuses, statusOf)
		return statuses, resp, err
	})
	if err != nil {
		return Combined{}, err
	}
	out.Statuses = statuses
	return out, nil
}

func statusOf(s *gh.RepoStatus) (Status, error) {
	if s.GetState() == "" {
		return Status{}, lacks("state of a status")
	}
	return Status{
		Context: s.GetContext(), State: s.GetState(), Description: s.GetDescription(), URL: s.GetTargetURL(),
		UpdatedAt: when(s.GetUpdatedAt()),
	}, nil
}

// CheckRun is one check of a commit. A job of Actions is one too.
type CheckRun struct {
	ID          int64
	Name        string
	SHA         string
	App         string // who made it; "github-actions" for a job
	Status      string
	Conclusion  string // "" while not completed
	URL         string // for people
	StartedAt   time.Time
	CompletedAt time.Time
}

// CheckRuns lists the latest check runs of a commit, branch or tag. Some tokens may not read them: Forbidden.
func (c *Client) CheckRuns(ctx context.Context, repo Repo, ref string) ([]CheckRun, error) {
	op := fmt.Sprintf("list check runs of %s of %s", ref, repo)
	if err := checkRef(op, ref); err != nil {
		return nil, err
	}
	return pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]CheckRun, *gh.Response, error) {
		answer, resp, err := c.gh.Checks.ListCheckRunsForRef(ctx, repo.Owner, repo.Name, ref, &gh.ListCheckRunsOptions{ListOptions: opts})
		if err != nil {
			return nil, resp, err
		}
		if answer == nil || answer.Total == nil {
			return nil, resp, lacks("total_count")
		}
		out, err := each(answer.CheckRuns, checkRunOf)
		return out, resp, err
	})
}

func checkRunOf(r *gh.CheckRun) (CheckRun, error) {
	if r.GetID() == 0 {
		return CheckRun{}, lacks("id of a check run")
	}
	return CheckRun{
		ID: r.GetID(), Name: r.GetName(), SHA: r.GetHeadSHA(), App: r.GetApp().GetSlug(),
		Status: r.GetStatus(), Conclusion: r.GetConclusion(), URL: r.GetHTMLURL(),
		StartedAt: when(r.GetStartedAt()), CompletedAt: when(r.GetCompletedAt()),
	}, nil
}
