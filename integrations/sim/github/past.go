package githubsim

import (
	"fmt"
	"time"
)

// PastRun is a run of the past. Its jobs and steps took what the workflow says.
type PastRun struct {
	Workflow          string // path
	Event             string // "push", "pull_request"
	Branch            string // empty: the pull request's head, or the default branch
	SHA               string // empty: the branch's head
	Pull              int    // for pull_request
	Actor             string // login; empty: the commit's author
	At                time.Time
	FailJob, FailStep string // what failed, if anything; no step: the job's last
}

// PastRun adds a finished run of the past. What names nothing that is there panics: the world is built wrongly.
func (r *Repo) PastRun(p PastRun) Run {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	w, t, err := r.pastTrigger(p)
	if err != nil {
		panic("githubsim: " + err.Error())
	}
	fail := scripted{}
	if p.FailJob != "" {
		if fail, err = r.locate(p.Event, Outcome{Kind: "fail", Job: p.FailJob, Step: p.FailStep}); err != nil {
			panic("githubsim: " + err.Error())
		}
		if fail.Step == "" {
			steps := w.jobNamed(fail.Job).Steps
			fail.Step = steps[len(steps)-1].Name
		}
	}
	one := r.newRun(w, t, p.At.UTC())
	a := one.last()
	for _, j := range a.jobs {
		close(j.done)
	}
	for pending := len(a.jobs); pending > 0; pending-- {
		for _, j := range a.jobs {
			j.replay(fail.Outcome)
		}
	}
	a.status, a.conclusion = "completed", a.verdict()
	for _, j := range a.jobs {
		if j.completed.After(one.updated) {
			one.updated = j.completed
		}
	}
	return one.shown()
}

func (r *Repo) pastTrigger(p PastRun) (*workflow, trigger, error) {
	t := trigger{event: p.Event, branch: p.Branch, actor: p.Actor}
	w := r.workflow(p.Workflow)
	if w == nil {
		return nil, t, fmt.Errorf("%s has no workflow %s", r.full(), p.Workflow)
	}
	sha := p.SHA
	if p.Event == "pull_request" {
		if t.pull = r.pulls[p.Pull]; t.pull == nil {
			return nil, t, fmt.Errorf("%s has no pull request #%d", r.full(), p.Pull)
		}
		t.branch = t.pull.Head
		if sha == "" {
			sha = t.pull.HeadSHA
		}
	}
	if t.branch == "" {
		t.branch = r.base
	}
	if sha == "" {
		sha = r.branches[t.branch]
	}
	if t.commit = r.git.commits[sha]; t.commit == nil {
		return nil, t, fmt.Errorf("%s has no commit %q", r.full(), sha)
	}
	if len(t.commit.parents) > 0 {
		t.before = t.commit.parents[0]
	}
	if t.actor == "" {
		t.actor = r.shown(t.commit).Author
	}
	return w, t, nil
}

// replay fills in what a job of the past did, once those that it needed are filled in.
func (j *job) replay(fail Outcome) {
	if j.listed {
		return
	}
	at, verdict := j.attempt.started, "success"
	for _, n := range j.needed() {
		if !n.listed {
			return
		}
		if n.completed.After(at) {
			at = n.completed
		}
		if n.conclusion != "success" {
			verdict = "skipped"
		}
	}
	if !j.def.runsOn(j.attempt.run.event) {
		verdict = "skipped"
	}
	j.listed, j.status, j.created, j.started = true, "completed", at, at
	if verdict != "skipped" {
		at = at.Add(j.def.Queue)
		j.started, j.runner = at, j.id%97
		at, verdict = j.replaySteps(at, fail)
	}
	j.completed, j.conclusion = at, verdict
}

func (j *job) replaySteps(at time.Time, fail Outcome) (end time.Time, verdict string) {
	verdict = "success"
	j.steps = j.def.plan()
	for i, shown := range j.steps {
		shown.Status, shown.Conclusion, shown.StartedAt = "completed", "success", at
		if i > 0 && i <= len(j.def.Steps) {
			step := j.def.Steps[i-1]
			switch {
			case verdict != "success":
				shown.Conclusion = "skipped"
			case fail.Job == j.def.Name && fail.Step == step.Name:
				verdict, shown.Conclusion = "failure", "failure"
				at = at.Add(step.Takes)
			default:
				at = at.Add(step.Takes)
			}
		}
		shown.CompletedAt = at
	}
	return at, verdict
}
