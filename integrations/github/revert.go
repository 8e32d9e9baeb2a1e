package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Revert is the pull request to be made.
type Revert struct {
	Title string // "" is GitHub's: Revert "…"
	Body  string
	Draft bool
}

// Revert opens a pull request that takes a merged one back, on a new branch; it does not merge it. NodeID is
// Pull.NodeID. Invalid: it is not merged, or taking it back meets conflicts. There is no other sign of what went wrong
// than GitHub's sentence.
func (c *Client) Revert(ctx context.Context, repo Repo, nodeID string, r Revert) (Pull, error) {
	op := fmt.Sprintf("open a revert in %s", repo)
	if nodeID == "" {
		return Pull{}, invalid(op, "the pull request's node id is missing")
	}
	input := map[string]any{"pullRequestId": nodeID, "draft": r.Draft}
	for name, text := range map[string]string{"title": r.Title, "body": r.Body} {
		if text != "" {
			input[name] = text
		}
	}
	var out Pull
	err := c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		var data struct {
			RevertPullRequest struct{ RevertPullRequest *revertedPull }
		}
		resp, err := c.graphql(ctx, revertQuery, map[string]any{"input": input}, &data)
		if err != nil {
			return resp, err
		}
		made := data.RevertPullRequest.RevertPullRequest
		if made == nil || made.Number == 0 {
			return resp, lacks("number of the new pull request")
		}
		out = made.ours()
		return resp, nil
	})
	return out, err
}

const revertQuery = `mutation($input: RevertPullRequestInput!) {
  revertPullRequest(input: $input) {
    revertPullRequest {
      id number title state isDraft url baseRefName headRefName headRefOid createdAt updatedAt author { login }
    }
  }
}`

type revertedPull struct {
	ID, Title, State, URL                string
	Number                               int
	IsDraft                              bool
	BaseRefName, HeadRefName, HeadRefOid string
	CreatedAt, UpdatedAt                 time.Time
	Author                               *struct{ Login string }
}

func (p revertedPull) ours() Pull {
	out := Pull{
		Number: p.Number, NodeID: p.ID, Title: p.Title, State: strings.ToLower(p.State), Draft: p.IsDraft, URL: p.URL,
		BaseRef: p.BaseRefName, HeadRef: p.HeadRefName, HeadSHA: p.HeadRefOid,
		CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
	}
	if p.Author != nil {
		out.Author = p.Author.Login
	}
	return out
}

// graphql asks the other API. An enterprise host has it beside /api/v3, GitHub below the root.
func (c *Client) graphql(ctx context.Context, query string, variables map[string]any, data any) (*gh.Response, error) {
	where := "graphql"
	if strings.HasSuffix(c.wire.root.Path, "/api/v3/") {
		where = "../graphql"
	}
	req, err := c.gh.NewRequest(http.MethodPost, where, map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	answer := struct {
		Data   any
		Errors []graphqlError
	}{Data: data}
	resp, err := c.gh.Do(ctx, req, &answer)
	if err == nil && len(answer.Errors) > 0 {
		err = refusedByGraphQL(answer.Errors, resp)
	}
	return resp, err
}
