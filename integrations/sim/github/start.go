package githubsim

import (
	"context"
	"slices"
	"strings"
)

// trigger is what starts runs.
type trigger struct {
	event  string // "push", "pull_request", "merge_group", "workflow_dispatch"
	branch string // for pull_request the head's
	commit *gitCommit
	before string
	actor  string
	pull   *pull  // for pull_request
	inputs object // for workflow_dispatch
	quiet  bool   // pushed by a run: nothing starts

	group *mergeGroup // for merge_group
}

// skipWords in the head commit's message keep pushes and pull requests from starting runs.
var skipWords = []string{"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]"}

// start starts the runs of all workflows that listen to what happened and whose file the commit has; of a pull
// request, the commit that tries out its merge, so that one with conflicts starts none.
func (r *Repo) start(t trigger) {
	if t.quiet || slices.ContainsFunc(skipWords, func(w string) bool { return strings.Contains(t.commit.message, w) }) {
		return
	}
	if r.server.runless {
		r.server.late = append(r.server.late, lateStart{r, t})
		return
	}
	r.startNow(t)
}

func (r *Repo) startNow(t trigger) {
	tested := t.commit
	if t.pull != nil {
		if tested = r.testMerge(t.pull); tested == nil {
			return
		}
	}
	for _, w := range r.listening(t.event) {
		if tested.files[w.Path] != "" {
			one := r.begin(w, t)
			if t.group != nil {
				t.group.runs = append(t.group.runs, one)
			}
		}
	}
}

// begin makes a run and lets it go.
func (r *Repo) begin(w *workflow, t trigger) *run {
	one := r.newRun(w, t, r.server.now())
	one.tellSuite("requested")
	one.enter()
	return one
}

// launch lets the newest attempt of a run go. The jobs that wait for no other are queued before it returns.
func (r *run) launch() {
	s, a := r.repo.server, r.last()
	a.status = "queued"
	r.outcomes = r.repo.takeScript(r)
	r.tell("requested")
	for _, j := range a.own() {
		if len(j.needed()) == 0 {
			j.admit()
		}
	}
	ctx, cancel := context.WithCancel(s.ctx)
	r.cancel = cancel
	s.wg.Go(func() {
		defer cancel()
		s.execute(ctx, a)
	})
}
