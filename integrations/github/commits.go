package github

import (
	"context"
	"fmt"
	"net/url"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Commit is one commit.
type Commit struct {
	SHA     string
	Message string
	Author  string    // the GitHub login; the name in the commit if it belongs to no account
	Email   string    // of the author, "" if it is not told. Whoever commits may write any there
	URL     string    // for people
	At      time.Time // when it was committed; a squash or rebase sets it anew, unlike the author's date
	Parents []string
}

// Branch reads the commit that a branch points to.
func (c *Client) Branch(ctx context.Context, repo Repo, name string) (Commit, error) {
	op := fmt.Sprintf("read branch %s of %s", name, repo)
	if err := checkRef(op, name); err != nil {
		return Commit{}, err
	}
	var out Commit
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		// Repositories.GetBranch goes past http.Client and loses GitHub's words in errors.
		var b gh.Branch
		resp, err := c.get(ctx, repo, "branches/"+url.PathEscape(name), nil, "", &b)
		if err == nil {
			out, err = commitOf(b.Commit)
		}
		return resp, err
	})
	return out, err
}

// Commit reads the commit that a SHA, branch or tag names. NotFound: GitHub does not know it.
func (c *Client) Commit(ctx context.Context, repo Repo, ref string) (Commit, error) {
	op := fmt.Sprintf("read commit %s of %s", ref, repo)
	if err := checkRef(op, ref); err != nil {
		return Commit{}, err
	}
	var out Commit
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		files := &gh.ListOptions{PerPage: 1} // what is paged is the commit's files with their patches, which we do not want
		r, resp, err := c.gh.Repositories.GetCommit(ctx, repo.Owner, repo.Name, refPath(ref), files)
		if err == nil {
			out, err = commitOf(r)
		}
		return resp, err
	})
	return out, err
}

// Comparison is what head has that base lacks.
type Comparison struct {
	Status    string   // ahead, behind, identical or diverged, seen from head
	Ahead     int      // commits that head has and base lacks
	Behind    int      // commits that base has and head lacks
	Commits   []Commit // those of Ahead, oldest first, at most 1,000
	Truncated bool     // Commits lacks some of Ahead
	MergeBase string   // where they parted: the newest commit that both have
	URL       string   // for people
}

// Compare reads what lies between two commits, branches or tags. NotFound: GitHub does not know one of them, or they
// have no commit in common.
func (c *Client) Compare(ctx context.Context, repo Repo, base, head string) (Comparison, error) {
	op := fmt.Sprintf("compare %s...%s of %s", base, head, repo)
	for _, ref := range []string{base, head} {
		if err := checkRef(op, ref); err != nil {
			return Comparison{}, err
		}
	}
	var out Comparison
	commits, err := pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]Commit, *gh.Response, error) {
		r, resp, err := c.gh.Repositories.CompareCommits(ctx, repo.Owner, repo.Name, base, head, &opts)
		if err != nil {
			return nil, resp, err
		}
		if r.GetStatus() == "" || r.AheadBy == nil {
			return nil, resp, lacks("status or ahead_by")
		}
		out = Comparison{Status: r.GetStatus(), Ahead: r.GetAheadBy(), Behind: r.GetBehindBy(), URL: r.GetHTMLURL(), MergeBase: r.GetMergeBaseCommit().GetSHA()}
		commits, err := each(r.Commits, commitOf)
		return commits, resp, err
	})
	if err != nil {
		return Comparison{}, err
	}
	out.Commits = commits
	out.Truncated = len(commits) < out.Ahead
	return out, nil
}

func commitOf(r *gh.RepositoryCommit) (Commit, error) {
	if r.GetSHA() == "" {
		return Commit{}, lacks("sha of a commit")
	}
	inner := r.GetCommit()
	out := Commit{
		SHA: r.GetSHA(), Message: inner.GetMessage(), URL: r.GetHTMLURL(),
		Author: r.GetAuthor().GetLogin(), Email: inner.GetAuthor().GetEmail(),
		At: when(inner.GetCommitter().GetDate()),
	}
	if out.Author == "" {
		out.Author = inner.GetAuthor().GetName()
	}
	if out.At.IsZero() {
		out.At = when(inner.GetAuthor().GetDate())
	}
	for _, p := range r.Parents {
		out.Parents = append(out.Parents, p.GetSHA())
	}
	return out, nil
}

// when gives a time in UTC, the zero time for none.
func when(t gh.Timestamp) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}
