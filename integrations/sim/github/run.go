package githubsim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Run is a workflow run as worlds and tests see it, with the jobs of its newest attempt.
type Run struct {
	ID                              int64
	Number, Attempt                 int
	Path, Name, Event, Branch, SHA  string
	Status, Conclusion              string // facts 1.3; no conclusion until completed
	CreatedAt, StartedAt, UpdatedAt time.Time
	Jobs                            []JobRun
}

// JobRun is one job of an attempt. A job that waits for others is not listed before they are over.
type JobRun struct {
	ID                                int64
	Name, Status, Conclusion          string
	CreatedAt, StartedAt, CompletedAt time.Time
	Steps                             []StepRun
	Log                               []string // what its steps logged, without the runner's own lines
}

// StepRun is one step. A job has none while it waits, and all of them, most of them queued, once it has a runner.
type StepRun struct {
	Number                   int
	Name, Status, Conclusion string
	StartedAt, CompletedAt   time.Time
}

type run struct {
	repo             *Repo
	workflow         *workflow
	id, suite        int64
	number           int
	inputs           object // of workflow_dispatch
	event            string
	branch, sha      string
	before           string // where the branch stood; for the check suite
	pull             int    // for pull_request
	actor, title     string
	created, updated time.Time
	attempts         []*attempt // the newest is last; never empty

	outcomes []scripted
	scripted chan struct{} // closed, and made anew, when the outcomes change
	cancel   context.CancelFunc
}

type attempt struct {
	run                *run
	debug              bool  // runner's debug logging was asked for
	stopped            int64 // when it was cancelled, in the order of that; 0: it was not
	stoppedAt          time.Time
	done               chan struct{} // closed when it is over
	number             int
	actor              string
	started            time.Time
	status, conclusion string
	jobs               []*job // those carried over from earlier attempts too
}

type job struct {
	attempt                     *attempt
	def                         Job
	id                          int64
	runner                      int64 // 0 until one was found
	listed                      bool
	hanging                     bool // at a step that was told to
	status, conclusion          string
	created, started, completed time.Time
	steps                       []*StepRun
	log                         []logLine
	done                        chan struct{} // closed when it is over
}

// Runs lists the runs of this repository, newest first.
func (r *Repo) Runs() []Run {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	var list []Run
	for _, one := range r.runs() {
		list = append(list, one.shown())
	}
	return list
}

// runs lists the runs of this repository, newest first.
func (r *Repo) runs() []*run {
	var list []*run
	for _, one := range r.server.runs {
		if one.repo == r {
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(a, b *run) int {
		if n := b.created.Compare(a.created); n != 0 {
			return n
		}
		return int(b.id - a.id)
	})
	return list
}

func (r *run) last() *attempt { return r.attempts[len(r.attempts)-1] }
func (r *run) over() bool     { return r.last().status == "completed" }

// target is what a conversation calls the place where this run runs.
func (r *run) target() string {
	if r.event == "pull_request" {
		return fmt.Sprintf("pull/%d", r.pull)
	}
	if r.event == "merge_group" {
		return "queue/" + r.repo.base
	}
	return "branch/" + r.branch
}

// words say what is going on: "run CI #12 of master (test-backend)".
func (r *run) words() string {
	var jobs []string
	for _, j := range r.last().jobs {
		if !j.listed || j.status == "completed" {
			continue
		}
		words := j.def.Name
		if at := j.current(); at != nil && r.outcome(j.def.Name, at.Name) == "hang" {
			words += " hangs at " + at.Name
		}
		jobs = append(jobs, words)
	}
	if len(jobs) == 0 {
		return fmt.Sprintf("run %s #%d of %s", r.workflow.Name, r.number, r.branch)
	}
	return fmt.Sprintf("run %s #%d of %s (%s)", r.workflow.Name, r.number, r.branch, strings.Join(jobs, ", "))
}

// current is the step in progress, or nil.
func (j *job) current() *StepRun {
	if i := j.currentIndex(); i >= 0 {
		return j.steps[i]
	}
	return nil
}

// currentIndex is the position of the step in progress, or -1.
func (j *job) currentIndex() int {
	return slices.IndexFunc(j.steps, func(s *StepRun) bool { return s.Status == "in_progress" })
}

func (r *run) shown() Run {
	a := r.last()
	out := Run{
		ID: r.id, Number: r.number, Attempt: a.number, Path: r.workflow.Path, Name: r.workflow.Name, Event: r.event,
		Branch: r.branch, SHA: r.sha, Status: a.status, Conclusion: a.conclusion,
		CreatedAt: r.created, StartedAt: a.started, UpdatedAt: r.updated,
	}
	for _, j := range a.jobs {
		if j.listed {
			out.Jobs = append(out.Jobs, j.shown())
		}
	}
	return out
}

func (j *job) shown() JobRun {
	out := JobRun{
		ID: j.id, Name: j.def.Name, Status: j.status, Conclusion: j.conclusion,
		CreatedAt: j.created, StartedAt: j.started, CompletedAt: j.completed,
	}
	for _, line := range j.log {
		out.Log = append(out.Log, line.text)
	}
	for _, s := range j.steps {
		out.Steps = append(out.Steps, *s)
	}
	return out
}

// newRun makes a run with all its ids.
func (r *Repo) newRun(w *workflow, t trigger, at time.Time) *run {
	s := r.server
	w.number++
	one := &run{
		repo: r, workflow: w, id: s.next("run"), suite: s.next("suite"), number: w.number, event: t.event,
		branch: t.branch, sha: t.commit.sha, before: t.before, actor: t.actor, title: title(t.commit.message),
		created: at, updated: at, scripted: make(chan struct{}), cancel: func() {},
	}
	one.inputs = t.inputs
	if t.pull != nil {
		one.pull, one.title = t.pull.Number, t.pull.Title
	}
	one.addAttempt(t.actor, at, func(*job) bool { return false })
	s.account(t.actor)
	s.runs = append(s.runs, one)
	return one
}

// addAttempt makes the next attempt with all its ids. Jobs of the one before that are kept are carried over as
// they are.
func (r *run) addAttempt(actor string, at time.Time, kept func(*job) bool) *attempt {
	a := &attempt{run: r, number: len(r.attempts) + 1, actor: actor, started: at, status: "queued", done: make(chan struct{})}
	for i, def := range r.workflow.Jobs {
		if a.number > 1 {
			if old := r.last().jobs[i]; kept(old) {
				a.jobs = append(a.jobs, old)
				continue
			}
		}
		a.jobs = append(a.jobs, &job{attempt: a, def: def, id: r.repo.server.next("job"), done: make(chan struct{})})
	}
	r.attempts = append(r.attempts, a)
	return a
}

// own gives the jobs that were made for this attempt.
func (a *attempt) own() []*job {
	return slices.DeleteFunc(slices.Clone(a.jobs), func(j *job) bool { return j.attempt != a })
}
