package githubsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// deployment is one as somebody's integration writes it down; GitHub itself deploys nothing.
type deployment struct {
	id                                    int64
	sha, ref, task, environment, original string
	description                           string
	payload                               json.RawMessage
	transient, production                 bool
	by                                    string
	created, updated                      time.Time
	statuses                              []*deploymentStatus // oldest first
}

type deploymentStatus struct {
	id                                             int64
	state, description, environment, log, page, by string
	created                                        time.Time
}

// deploymentStates are all that GitHub has: facts 1.1.
var deploymentStates = []string{"pending", "queued", "in_progress", "success", "failure", "error", "inactive"}

func createDeployment(c *call) (any, error) {
	var asked struct {
		Ref, Task, Environment, Description string
		Payload                             json.RawMessage
		Transient                           bool  `json:"transient_environment"`
		Production                          *bool `json:"production_environment"`
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	commit := c.repo.resolve(asked.Ref)
	if commit == nil {
		return nil, &fault{status: http.StatusUnprocessableEntity, message: "No ref found for: " + asked.Ref, doc: deploymentDoc}
	}
	d := &deployment{
		id: c.s.next("deployment"), sha: commit.sha, ref: asked.Ref, task: asked.Task, environment: asked.Environment, description: asked.Description,
		payload: asked.Payload, transient: asked.Transient, by: c.who.login, created: seconds(c.s.now()), updated: seconds(c.s.now()),
	}
	if d.task == "" {
		d.task = "deploy"
	}
	if d.environment == "" {
		d.environment = "production"
	}
	if d.payload == nil {
		d.payload = json.RawMessage("{}")
	}
	d.original, d.production = d.environment, d.environment == "production"
	if asked.Production != nil {
		d.production = *asked.Production
	}
	c.s.account(d.by)
	c.repo.deployments = append(c.repo.deployments, d)
	r := c.repo
	c.s.announce(r, Event{Name: "deployment", Action: "created", Run: d.id, After: d.sha}, d.by, func() object {
		return object{"deployment": r.deploymentObject(d), "workflow": nil, "workflow_run": nil}
	})
	return reply{status: http.StatusCreated, body: r.deploymentObject(d)}, nil
}

const deploymentDoc = "rest/deployments/deployments#create-a-deployment"

// deployment finds the deployment that the address names.
func (c *call) deployment() (*deployment, error) {
	for _, d := range c.repo.deployments {
		if formatID(d.id) == c.path("deployment") {
			return d, nil
		}
	}
	return nil, notFound()
}

func createDeploymentStatus(c *call) (any, error) {
	d, err := c.deployment()
	if err != nil {
		return nil, err
	}
	var asked struct {
		State, Description, Environment string
		LogURL                          string `json:"log_url"`
		TargetURL                       string `json:"target_url"`
		EnvironmentURL                  string `json:"environment_url"`
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	if !slices.Contains(deploymentStates, asked.State) {
		return nil, &fault{
			status: http.StatusUnprocessableEntity, message: "Validation Failed", doc: "rest/deployments/statuses#create-a-deployment-status",
			errors: []object{{"resource": "DeploymentStatus", "code": "custom", "field": "state", "message": "state is not included in the list"}},
		}
	}
	if asked.LogURL == "" {
		asked.LogURL = asked.TargetURL
	}
	if asked.Environment != "" {
		d.environment = asked.Environment
	}
	st := &deploymentStatus{
		id: c.s.next("deployment status"), state: asked.State, description: asked.Description, environment: d.environment, log: asked.LogURL,
		page: asked.EnvironmentURL, by: c.who.login, created: seconds(c.s.now()),
	}
	c.s.account(st.by)
	d.updated = st.created
	d.statuses = append(d.statuses, st)
	r := c.repo
	c.s.announce(r, Event{Name: "deployment_status", Action: "created", Run: st.id, After: d.sha}, st.by, func() object {
		return object{
			"deployment_status": r.deploymentStatusObject(d, st), "deployment": r.deploymentObject(d), "check_run": nil, "workflow": nil, "workflow_run": nil,
		}
	})
	return c.created(r.deploymentStatusObject(d, st)), nil
}

// listDeployments takes sha, ref, task, environment and the page; newest first.
func listDeployments(c *call) (any, error) {
	var list []*deployment
	is := func(filter, value string) bool { return c.query.Get(filter) == "" || c.query.Get(filter) == value }
	for _, d := range slices.Backward(c.repo.deployments) {
		if is("sha", d.sha) && is("ref", d.ref) && is("task", d.task) && is("environment", d.environment) {
			list = append(list, d)
		}
	}
	return mapped(paged(c, list), c.repo.deploymentObject), nil
}

func getDeployment(c *call) (any, error) {
	d, err := c.deployment()
	if err != nil {
		return nil, err
	}
	return c.repo.deploymentObject(d), nil
}

func listDeploymentStatuses(c *call) (any, error) {
	d, err := c.deployment()
	if err != nil {
		return nil, err
	}
	list := slices.Clone(d.statuses)
	slices.Reverse(list)
	return mapped(paged(c, list), func(st *deploymentStatus) object { return c.repo.deploymentStatusObject(d, st) }), nil
}

func (r *Repo) deploymentObject(d *deployment) object {
	at := r.api("/deployments/%d", d.id)
	return object{
		"url": at, "id": d.id, "node_id": nodeID("DE", r.id, d.id), "task": d.task, "original_environment": d.original, "environment": d.environment,
		"description": orNull(d.description), "created_at": stamp(d.created), "updated_at": stamp(d.updated), "statuses_url": at + "/statuses",
		"repository_url": r.api(""), "creator": r.server.userOrNull(d.by), "sha": d.sha, "ref": d.ref, "payload": d.payload,
		"transient_environment": d.transient, "production_environment": d.production, "performed_via_github_app": nil,
	}
}

func (r *Repo) deploymentStatusObject(d *deployment, st *deploymentStatus) object {
	at := r.api("/deployments/%d", d.id)
	return object{
		"url": at + "/statuses/" + formatID(st.id), "id": st.id, "node_id": nodeID("DES", r.id, st.id), "state": st.state,
		"creator": r.server.userOrNull(st.by), "description": st.description, "environment": st.environment, "target_url": st.log,
		"created_at": stamp(st.created), "updated_at": stamp(st.created), "deployment_url": at, "repository_url": r.api(""),
		"environment_url": st.page, "log_url": st.log, "performed_via_github_app": nil,
	}
}
