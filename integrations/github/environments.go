package github

import (
	"context"
	"fmt"
	"net/http"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Waiting is an environment that a run waits to deploy to.
type Waiting struct {
	ID        int64 // of the environment
	Name      string
	Since     time.Time // when its wait timer began; zero if it has none
	Timer     time.Duration
	MayAnswer bool     // whoever the token belongs to is one of Reviewers
	Reviewers []string // logins of people, slugs of teams
}

// Waiting lists the environments that a run waits for.
func (c *Client) Waiting(ctx context.Context, repo Repo, runID int64) ([]Waiting, error) {
	op := fmt.Sprintf("list what run %d of %s waits for", runID, repo)
	var out []Waiting
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		var answer []pendingDeployment // go-github has no method for this
		resp, err := c.get(ctx, repo, pendingPath(runID), nil, "", &answer)
		if err == nil {
			out, err = each(answer, pendingDeployment.ours)
		}
		return resp, err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

type pendingDeployment struct {
	Environment struct {
		ID   int64
		Name string
	}
	WaitTimer  int   `json:"wait_timer"` // minutes
	WaitSince  stamp `json:"wait_timer_started_at"`
	MayApprove bool  `json:"current_user_can_approve"`
	Reviewers  []struct {
		Reviewer struct{ Login, Slug string }
	}
}

func (p pendingDeployment) ours() (Waiting, error) {
	if p.Environment.ID == 0 {
		return Waiting{}, lacks("id of an environment")
	}
	out := Waiting{
		ID: p.Environment.ID, Name: p.Environment.Name, Timer: time.Duration(p.WaitTimer) * time.Minute, MayAnswer: p.MayApprove,
		Since: p.WaitSince.time(),
	}
	for _, r := range p.Reviewers {
		out.Reviewers = append(out.Reviewers, r.Reviewer.Login+r.Reviewer.Slug) // it is either
	}
	return out, nil
}

// Review is an answer to a run that waits.
type Review struct {
	Environments []int64
	Approve      bool // false: reject
	Comment      string
}

// Review lets a run go on to environments, or ends its waiting. Forbidden, Invalid: whoever the token belongs to is no
// reviewer, or the run does not wait for them.
func (c *Client) Review(ctx context.Context, repo Repo, runID int64, r Review) error {
	op := fmt.Sprintf("answer run %d of %s, which waits", runID, repo)
	state := "rejected"
	if r.Approve {
		state = "approved"
	}
	return c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		body := map[string]any{"environment_ids": r.Environments, "state": state, "comment": r.Comment}
		return c.send(ctx, repo, http.MethodPost, pendingPath(runID), body, nil)
	})
}

func pendingPath(runID int64) string {
	return fmt.Sprintf("actions/runs/%d/pending_deployments", runID)
}
