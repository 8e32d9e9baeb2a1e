package githubsim

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// rerun makes the next attempt of a finished run: the same id, new ids for the jobs that run again (facts 1.4).
func rerun(c *call) (any, error) { return c.again(func(*job) bool { return false }) }

// rerunFailed runs again what did not succeed and what needs it.
func rerunFailed(c *call) (any, error) { return c.again((*job).succeeded) }

// succeeded tells the jobs that "re-run failed jobs" carries over.
func (j *job) succeeded() bool {
	return j.conclusion == "success" || j.conclusion == "skipped" && !j.blocked()
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

// again starts an attempt in which the kept jobs are carried over.
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
	if err := a.run.again(c.who.login, asked.Debug, kept); err != nil {
		return nil, err
	}
	return reply{status: http.StatusCreated, body: object{}}, nil
}

// Rerun lets somebody run a finished run again: all of its jobs, or those that did not succeed and what needs them.
func (r *Repo) Rerun(id int64, failed bool, by string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	one, err := r.runWith(id)
	if err != nil {
		return err
	}
	kept := func(*job) bool { return false }
	if failed {
		kept = (*job).succeeded
	}
	return inWords(one.again(by, false, kept))
}

// again starts an attempt of a run in which the kept jobs are carried over. One that is under way is refused with 403
// [unverified].
func (r *run) again(by string, debug bool, kept func(*job) bool) error {
	refused := func(why string) error {
		return &fault{status: http.StatusForbidden, message: why, doc: "rest/actions/workflow-runs#re-run-a-workflow"}
	}
	s := r.repo.server
	switch {
	case !r.over():
		return refused("This workflow is already running")
	case s.now().Sub(r.created) > rerunKept:
		return refused("Unable to retry this workflow run because it was created over a month ago")
	case !slices.ContainsFunc(r.last().jobs, func(j *job) bool { return !kept(j) }):
		return refused("The workflow run has no failed jobs to retry")
	}
	s.account(by)
	r.addAttempt(by, s.now(), kept).debug = debug
	r.enter()
	return nil
}

// runWith finds a run of this repository.
func (r *Repo) runWith(id int64) (*run, error) {
	for _, one := range r.runs() {
		if one.id == id {
			return one, nil
		}
	}
	return nil, fmt.Errorf("%s has no run %d", r.full(), id)
}

// inWords gives what GitHub says of a refusal, without the status that only clients see.
func inWords(err error) error {
	var f *fault
	if errors.As(err, &f) {
		return errors.New(f.message)
	}
	return err
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
	if err := a.run.end(); err != nil {
		return nil, err
	}
	return reply{status: http.StatusAccepted, body: object{}}, nil
}

// Cancel lets somebody cancel a run that is not over.
func (r *Repo) Cancel(id int64) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	one, err := r.runWith(id)
	if err != nil {
		return err
	}
	return inWords(one.end())
}

func (r *run) end() error {
	if r.over() {
		return &fault{
			status: http.StatusConflict, message: "Cannot cancel a workflow run that is completed.",
			doc: "rest/actions/workflow-runs#cancel-a-workflow-run",
		}
	}
	r.stop()
	return nil
}
