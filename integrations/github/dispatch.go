package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Dispatch is a workflow to be started by hand.
type Dispatch struct {
	Workflow string            // its file, with or without the folder, or its id
	Ref      string            // the branch or tag to run on
	Inputs   map[string]string // as the file declares them; at most 10
}

// Dispatch starts a workflow. GitHub does not say which run comes of it: see Dispatched. Invalid: the file does not
// listen to workflow_dispatch, the ref is not there, or an input is not declared.
func (c *Client) Dispatch(ctx context.Context, repo Repo, d Dispatch) error {
	op := fmt.Sprintf("start %s on %s of %s", d.Workflow, d.Ref, repo)
	if err := checkPath(op, d.Workflow); err != nil {
		return err
	}
	if err := checkRef(op, d.Ref); err != nil {
		return err
	}
	where := "actions/workflows/" + url.PathEscape(path.Base(d.Workflow)) + "/dispatches"
	return c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		body := struct {
			Ref    string            `json:"ref"`
			Inputs map[string]string `json:"inputs,omitempty"`
		}{d.Ref, d.Inputs}
		return c.send(ctx, repo, http.MethodPost, where, body, nil)
	})
}

// Dispatched lists the runs that such a dispatch may have started at or after a time, newest first; by GitHub's clock,
// so allow for a few seconds. None: it has not begun yet, or never will. Several: somebody else started it too, and
// only an input that the file shows in its run-name, so that it is in Run.Title, tells them apart.
func (c *Client) Dispatched(ctx context.Context, repo Repo, d Dispatch, since time.Time) ([]Run, error) {
	return c.Runs(ctx, repo, RunQuery{Workflow: d.Workflow, Branch: d.Ref, Event: "workflow_dispatch", Since: since})
}
