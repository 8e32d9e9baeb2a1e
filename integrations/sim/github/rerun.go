package githubsim

import (
	"net/http"
	"slices"
)

// rerun makes the next attempt of a finished run: the same id, new ids for the jobs that run again (facts 1.4).
func rerun(c *call) (any, error) { return c.again(func(*job) bool { return false }) }

// rerunFailed runs again what did not succeed and what needs it.
func rerunFailed(c *call) (any, error) {
	return c.again(func(j *job) bool { return j.conclusion == "success" || j.conclusion == "skipped" && !j.blocked() })
}

// rerunJob runs one job again, and what needs it.
func rerunJob(c *call) (any, error) {
	j, err := c.job()
	if err != nil {
		return nil, err
	}
	c.r.SetPathValue("run", formatID(j.attempt.run.id))
	return c.again(func(other *job) bool { return other.def.Name != j.def.Name && !other.needs(j.def) })
}

// again starts an attempt in which the kept jobs are carried over. A run that is under way is refused with 403
// [unverified].
func (c *call) again(kept func(*job) bool) (any, error) {
	a, err := c.attempt()
	if err != nil {
		return nil, err
	}
	var asked struct {
		Debug bool `json:"enable_debug_logging"`
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	refused := func(why string) error {
		return &fault{status: http.StatusForbidden, message: why, doc: "rest/actions/workflow-runs#re-run-a-workflow"}
	}
	r := a.run
	switch {
	case !r.over():
		return nil, refused("This workflow is already running")
	case c.s.now().Sub(r.created) > rerunKept:
		return nil, refused("Unable to retry this workflow run because it was created over a month ago")
	case !slices.ContainsFunc(a.jobs, func(j *job) bool { return !kept(j) }):
		return nil, refused("The workflow run has no failed jobs to retry")
	}
	c.s.account(c.who.login)
	r.addAttempt(c.who.login, c.s.now(), kept).debug = asked.Debug
	r.enter()
	return reply{status: http.StatusCreated, body: object{}}, nil
}

// needs tells whether a job waits for another, directly or not.
func (j *job) needs(other Job) bool {
	return slices.ContainsFunc(j.needed(), func(n *job) bool { return n.def.Name == other.Name || n.needs(other) })
}

// blocked tells whether a job did not run because one that it needs did not succeed.
func (j *job) blocked() bool {
	return slices.ContainsFunc(j.needed(), func(n *job) bool { return n.conclusion != "success" })
}

// cancelRun asks for a run to end; its jobs tell of it when they have.
func cancelRun(c *call) (any, error) {
	a, err := c.attempt()
	if err != nil {
		return nil, err
	}
	if a.run.over() {
		return nil, &fault{
			status: http.StatusConflict, message: "Cannot cancel a workflow run that is completed.",
			doc: "rest/actions/workflow-runs#cancel-a-workflow-run",
		}
	}
	a.run.stop()
	return reply{status: http.StatusAccepted, body: object{}}, nil
}
