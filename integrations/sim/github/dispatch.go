package githubsim

import (
	"net/http"
	"slices"
	"strings"
)

// dispatch starts a workflow by hand: 204, or 200 with the run's addresses if they are asked for (facts 3.3).
func dispatch(c *call) (any, error) {
	w, err := c.workflow()
	if err != nil {
		return nil, err
	}
	var asked struct {
		Ref     string
		Inputs  map[string]any
		Details bool `json:"return_run_details"`
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	refused := func(why string) error {
		return &fault{status: http.StatusUnprocessableEntity, message: why, doc: "rest/actions/workflows#create-a-workflow-dispatch-event"}
	}
	branch := strings.TrimPrefix(asked.Ref, "refs/heads/")
	commit := c.repo.git.commits[c.repo.branches[branch]]
	switch {
	case asked.Ref == "":
		return nil, refused(`Invalid request.` + "\n\n" + `"ref" wasn't supplied.`)
	case commit == nil:
		return nil, refused("No ref found for: " + asked.Ref)
	case !slices.Contains(w.On, "workflow_dispatch") || commit.files[w.Path] == "":
		return nil, refused("Workflow does not have 'workflow_dispatch' trigger")
	}
	inputs := object{}
	for _, name := range sortedKeys(asked.Inputs) {
		if !slices.Contains(w.Inputs, name) {
			return nil, refused(`Unexpected inputs provided: ["` + name + `"]`)
		}
		inputs[name] = asked.Inputs[name]
	}
	one := c.repo.dispatch(w, branch, commit, c.who.login, inputs)
	if !asked.Details {
		return reply{status: http.StatusNoContent}, nil
	}
	return object{
		"workflow_run_id": one.id, "run_url": c.repo.api("/actions/runs/%d", one.id), "html_url": c.repo.html("/actions/runs/%d", one.id),
	}, nil
}

func (r *Repo) dispatch(w *workflow, branch string, commit *gitCommit, by string, inputs object) *run {
	r.server.account(by)
	ref := "refs/heads/" + branch
	r.server.announce(r, Event{Name: "workflow_dispatch", Ref: ref, After: commit.sha}, by, func() object {
		return object{"inputs": inputs, "ref": ref, "workflow": w.Path}
	})
	t := trigger{event: "workflow_dispatch", branch: branch, commit: commit, actor: by, inputs: inputs}
	if len(commit.parents) > 0 {
		t.before = commit.parents[0]
	}
	return r.begin(w, t)
}
