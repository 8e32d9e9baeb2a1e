package github

import (
	"context"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"
)

// maxDescription is the longest description of a status that GitHub takes, in runes.
const maxDescription = 140

// CreateStatus adds a status to a commit; the latest of each context is the one that counts. A description that is
// longer than GitHub takes is cut. Invalid: GitHub does not take the state or the address.
func (c *Client) CreateStatus(ctx context.Context, repo Repo, sha string, s Status) (Status, error) {
	op := fmt.Sprintf("set status %s of %s of %s", s.Context, sha, repo)
	if err := checkRef(op, sha); err != nil {
		return Status{}, err
	}
	if d := []rune(s.Description); len(d) > maxDescription {
		s.Description = string(d[:maxDescription-1]) + "…"
	}
	var out Status
	err := c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		body := map[string]string{"state": s.State}
		for name, text := range map[string]string{"context": s.Context, "description": s.Description, "target_url": s.URL} {
			if text != "" {
				body[name] = text
			}
		}
		var made gh.RepoStatus
		resp, err := c.send(ctx, repo, http.MethodPost, "statuses/"+refPath(sha), body, &made)
		if err == nil {
			out, err = statusOf(&made)
		}
		return resp, err
	})
	return out, err
}
