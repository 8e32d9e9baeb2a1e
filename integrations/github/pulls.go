package github

import (
	"context"
	"fmt"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Pull is one pull request.
type Pull struct {
	Number    int
	NodeID    string // what GraphQL, and so Client.Revert, knows it by
	Title     string
	Author    string // GitHub login
	State     string // open or closed
	Draft     bool
	BaseRef   string // the branch it goes to
	HeadRef   string // the branch it comes from
	HeadSHA   string
	Merged    bool
	MergedAt  time.Time // zero if not merged
	MergeSHA  string    // the commit on the base branch; "" if not merged, when GitHub's field means something else
	MergedBy  string    // GitHub login; only Client.Pull knows it, GitHub's lists leave it out
	URL       string    // for people
	CreatedAt time.Time
	UpdatedAt time.Time
}

// PullQuery chooses pull requests. The zero value is the 100 newest open ones.
type PullQuery struct {
	State     string // open, closed or all; "" is open
	Base      string // the branch they go to; "" is any
	Sort      string // created, updated, popularity or long-running; "" is created
	Direction string // asc or desc; "" is desc, unless Sort is something else than created
	Limit     int    // 0: 100; at most 1,000
}

// Pulls lists pull requests.
func (c *Client) Pulls(ctx context.Context, repo Repo, q PullQuery) ([]Pull, error) {
	op := fmt.Sprintf("list pull requests of %s", repo)
	return pages(ctx, c, op, repo, q.Limit, func(ctx context.Context, opts gh.ListOptions) ([]Pull, *gh.Response, error) {
		pulls, resp, err := c.gh.PullRequests.List(ctx, repo.Owner, repo.Name, &gh.PullRequestListOptions{
			State: q.State, Base: q.Base, Sort: q.Sort, Direction: q.Direction, ListOptions: opts,
		})
		if err != nil {
			return nil, resp, err
		}
		out, err := each(pulls, pullOf)
		return out, resp, err
	})
}

// Pull reads one pull request, with who merged it.
func (c *Client) Pull(ctx context.Context, repo Repo, number int) (Pull, error) {
	op := fmt.Sprintf("read pull request #%d of %s", number, repo)
	var out Pull
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		p, resp, err := c.gh.PullRequests.Get(ctx, repo.Owner, repo.Name, number)
		if err == nil {
			out, err = pullOf(p)
		}
		return resp, err
	})
	return out, err
}

// PullsOfCommit lists the pull requests of a commit: the merged one that brought it, if it is on the default branch;
// else those that hold it, open or merged. NotFound: GitHub does not know the commit.
func (c *Client) PullsOfCommit(ctx context.Context, repo Repo, sha string) ([]Pull, error) {
	op := fmt.Sprintf("list pull requests of commit %s of %s", sha, repo)
	if err := checkRef(op, sha); err != nil {
		return nil, err
	}
	return pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]Pull, *gh.Response, error) {
		pulls, resp, err := c.gh.PullRequests.ListPullRequestsWithCommit(ctx, repo.Owner, repo.Name, refPath(sha), &opts)
		if err != nil {
			return nil, resp, err
		}
		out, err := each(pulls, pullOf)
		return out, resp, err
	})
}

func pullOf(p *gh.PullRequest) (Pull, error) {
	if p.GetNumber() == 0 {
		return Pull{}, lacks("number of a pull request")
	}
	out := Pull{
		Number: p.GetNumber(), NodeID: p.GetNodeID(), Title: p.GetTitle(), Author: p.GetUser().GetLogin(),
		State: p.GetState(), Draft: p.GetDraft(),
		BaseRef: p.GetBase().GetRef(), HeadRef: p.GetHead().GetRef(), HeadSHA: p.GetHead().GetSHA(),
		MergedAt: when(p.GetMergedAt()), MergedBy: p.GetMergedBy().GetLogin(), URL: p.GetHTMLURL(),
		CreatedAt: when(p.GetCreatedAt()), UpdatedAt: when(p.GetUpdatedAt()),
	}
	out.Merged = p.GetMerged() || !out.MergedAt.IsZero() // lists have no "merged"
	if out.Merged {
		out.MergeSHA = p.GetMergeCommitSHA()
	}
	return out, nil
}
