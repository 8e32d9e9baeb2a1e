package githubsim

import (
	"context"
	"slices"
	"strings"
	"time"
)

// trigger is what starts runs.
type trigger struct {
	event  string // "push", "pull_request"
	branch string // for pull_request the head's
	commit *gitCommit
	before string
	actor  string
	pull   *pull // for pull_request
}

// skipWords in the head commit's message keep pushes and pull requests from starting runs.
var skipWords = []string{"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]"}

// start starts the runs of all workflows that listen to what happened and whose file the commit has; of a pull
// request, the commit that tries out its merge, so that one with conflicts starts none.
func (r *Repo) start(t trigger) {
	if slices.ContainsFunc(skipWords, func(w string) bool { return strings.Contains(t.commit.message, w) }) {
		return
	}
	tested := t.commit
	if t.pull != nil {
		if tested = r.testMerge(t.pull); tested == nil {
			return
		}
	}
	for _, w := range r.listening(t.event) {
		if tested.files[w.Path] != "" {
			r.begin(w, t)
		}
	}
}

// begin makes a run and lets it go. The jobs that wait for no other are queued before it returns.
func (r *Repo) begin(w *workflow, t trigger) {
	one := r.newRun(w, t, time.Now().UTC())
	one.outcomes = r.takeScript(one)
	one.tell("requested")
	for _, j := range one.last().jobs {
		if len(j.def.Needs) == 0 {
			j.admit()
		}
	}
	ctx, cancel := context.WithCancel(r.server.ctx)
	one.cancel = cancel
	r.server.wg.Go(func() {
		defer cancel()
		r.server.execute(ctx, one.last())
	})
}

// tell announces what became of a run.
func (r *run) tell(action string) {
	r.updated = time.Now().UTC()
	r.repo.server.announce(Event{Repo: r.repo.full(), Name: "workflow_run", Action: action, Run: r.id, Attempt: r.last().number})
}

// tell announces what became of a job.
func (j *job) tell(action string) {
	r := j.attempt.run
	r.updated = time.Now().UTC()
	r.repo.server.announce(Event{Repo: r.repo.full(), Name: "workflow_job", Action: action, Run: r.id, Job: j.id, Attempt: j.attempt.number})
}
