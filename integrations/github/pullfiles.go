package github

import (
	"context"
	"fmt"

	gh "github.com/google/go-github/v60/github"
)

const maxPullFiles = 3000 // where GitHub's list ends

// PullFile is one file that a pull request changes.
type PullFile struct {
	Path      string
	Was       string // its path before it was renamed; "" if it was not
	Status    string // added, removed, modified, renamed, copied, changed or unchanged
	SHA       string // of its content now
	Additions int    // lines
	Deletions int
}

// PullFiles lists the files that a pull request changes; of more than 3,000, GitHub lists the first 3,000.
func (c *Client) PullFiles(ctx context.Context, repo Repo, number int) ([]PullFile, error) {
	op := fmt.Sprintf("list files of pull request #%d of %s", number, repo)
	return pagesUpTo(ctx, c, op, repo, maxPullFiles, func(ctx context.Context, opts gh.ListOptions) ([]PullFile, *gh.Response, error) {
		files, resp, err := c.gh.PullRequests.ListFiles(ctx, repo.Owner, repo.Name, number, &opts)
		if err != nil {
			return nil, resp, err
		}
		out, err := each(files, func(f *gh.CommitFile) (PullFile, error) {
			if f.GetFilename() == "" || f.GetStatus() == "" {
				return PullFile{}, lacks("filename or status of a file")
			}
			return PullFile{
				Path: f.GetFilename(), Was: f.GetPreviousFilename(), Status: f.GetStatus(), SHA: f.GetSHA(),
				Additions: f.GetAdditions(), Deletions: f.GetDeletions(),
			}, nil
		})
		return out, resp, err
	})
}

// PullCommits lists the commits of a pull request, oldest first; of more than 250, GitHub lists 250.
func (c *Client) PullCommits(ctx context.Context, repo Repo, number int) ([]Commit, error) {
	op := fmt.Sprintf("list commits of pull request #%d of %s", number, repo)
	return pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]Commit, *gh.Response, error) {
		commits, resp, err := c.gh.PullRequests.ListCommits(ctx, repo.Owner, repo.Name, number, &opts)
		if err != nil {
			return nil, resp, err
		}
		out, err := each(commits, commitOf)
		return out, resp, err
	})
}
