package github

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Run is one attempt of a run of a workflow. Its key is (ID, Attempt); its workflow's key is Path, as two files may
// share a Name.
type Run struct {
	ID         int64
	Number     int    // counts the runs of one workflow
	Attempt    int    // counts the re-runs, from 1
	Path       string // the workflow's file: ".github/workflows/deploy.yml"
	Name       string // the workflow's name
	Title      string // what people see: the title of the pull request, or what the file's run-name says
	Event      string // push, pull_request, …
	Branch     string
	SHA        string // of a pull request, its head and not the commit that was tested
	Status     string // completed, or what it waits for or does
	Conclusion string // "" while not completed
	Actor      string // who caused the first attempt; GitHub login
	URL        string // for people
	CreatedAt  time.Time
	StartedAt  time.Time // of this attempt
	UpdatedAt  time.Time
}

// RunQuery chooses runs. What is empty is not asked for.
type RunQuery struct {
	Branch   string
	Event    string // push, pull_request, …
	HeadSHA  string
	Workflow string    // its file, with or without the folder, or its id
	Since    time.Time // created then or later, in whole seconds
	Limit    int       // 0: 100; at most 1,000
}

// Run reads a run with its latest attempt.
func (c *Client) Run(ctx context.Context, repo Repo, id int64) (Run, error) {
	return c.run(ctx, fmt.Sprintf("read run %d of %s", id, repo), repo, fmt.Sprintf("actions/runs/%d", id))
}

// RunAttempt reads one attempt of a run, counted from 1; after a re-run GitHub's lists tell only the latest. NotFound:
// there is no such run, or it had no such attempt.
func (c *Client) RunAttempt(ctx context.Context, repo Repo, id int64, attempt int) (Run, error) {
	op := fmt.Sprintf("read run %d, attempt %d, of %s", id, attempt, repo)
	return c.run(ctx, op, repo, fmt.Sprintf("actions/runs/%d/attempts/%d", id, attempt))
}

func (c *Client) run(ctx context.Context, op string, repo Repo, where string) (Run, error) {
	var out Run
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		var r run
		resp, err := c.get(ctx, repo, where, nil, "", &r)
		if err == nil {
			out, err = runOf(r)
		}
		return resp, err
	})
	return out, err
}

// Runs lists runs, newest first, each with its latest attempt.
func (c *Client) Runs(ctx context.Context, repo Repo, q RunQuery) ([]Run, error) {
	op := fmt.Sprintf("list runs of %s", repo)
	where := "actions/runs"
	if q.Workflow != "" {
		op = fmt.Sprintf("list runs of %s of %s", q.Workflow, repo)
		if err := checkPath(op, q.Workflow); err != nil {
			return nil, err
		}
		where = "actions/workflows/" + url.PathEscape(path.Base(q.Workflow)) + "/runs"
	}
	return pages(ctx, c, op, repo, q.Limit, func(ctx context.Context, opts gh.ListOptions) ([]Run, *gh.Response, error) {
		var answer struct {
			TotalCount   *int  `json:"total_count"`
			WorkflowRuns []run `json:"workflow_runs"`
		}
		resp, err := c.get(ctx, repo, where, q.values(opts), "", &answer)
		if err != nil {
			return nil, resp, err
		}
		if answer.TotalCount == nil {
			return nil, resp, lacks("total_count")
		}
		out, err := each(answer.WorkflowRuns, runOf)
		return out, resp, err
	})
}

func (q RunQuery) values(opts gh.ListOptions) url.Values {
	v := paging(opts)
	for name, value := range map[string]string{"branch": q.Branch, "event": q.Event, "head_sha": q.HeadSHA} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if !q.Since.IsZero() {
		v.Set("created", ">="+q.Since.UTC().Format(time.RFC3339))
	}
	return v
}

// run is go-github's run with what it lacks.
type run struct {
	gh.WorkflowRun
	Path string `json:"path"`
}

func runOf(r run) (Run, error) {
	if r.GetID() == 0 {
		return Run{}, lacks("id of a run")
	}
	file, _, _ := strings.Cut(r.Path, "@") // it may end in the ref that the file was read at
	return Run{
		ID: r.GetID(), Number: r.GetRunNumber(), Attempt: max(r.GetRunAttempt(), 1),
		Path: file, Name: r.GetName(), Title: r.GetDisplayTitle(), Event: r.GetEvent(), Branch: r.GetHeadBranch(), SHA: r.GetHeadSHA(),
		Status: r.GetStatus(), Conclusion: r.GetConclusion(),
		Actor: r.GetActor().GetLogin(), URL: r.GetHTMLURL(),
		CreatedAt: when(r.GetCreatedAt()), StartedAt: when(r.GetRunStartedAt()), UpdatedAt: when(r.GetUpdatedAt()),
	}, nil
}

// Workflow is one workflow file.
type Workflow struct {
	ID    int64
	Name  string
	Path  string // ".github/workflows/deploy.yml"
	State string // active, or a word that says by what it is disabled
	URL   string // for people
}

// Workflows lists the workflows of a repository.
func (c *Client) Workflows(ctx context.Context, repo Repo) ([]Workflow, error) {
	op := fmt.Sprintf("list workflows of %s", repo)
	return pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]Workflow, *gh.Response, error) {
		answer, resp, err := c.gh.Actions.ListWorkflows(ctx, repo.Owner, repo.Name, &opts)
		if err != nil {
			return nil, resp, err
		}
		if answer.TotalCount == nil {
			return nil, resp, lacks("total_count")
		}
		out, err := each(answer.Workflows, func(w *gh.Workflow) (Workflow, error) {
			if w.GetID() == 0 || w.GetPath() == "" {
				return Workflow{}, lacks("id or path of a workflow")
			}
			return Workflow{ID: w.GetID(), Name: w.GetName(), Path: w.GetPath(), State: w.GetState(), URL: w.GetHTMLURL()}, nil
		})
		return out, resp, err
	})
}
