package githubsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Outcome says how a run goes. A run passes by itself unless it is told otherwise.
type Outcome struct {
	// Kind is "fail" (the step fails at its end), "hang" (it goes on until told otherwise), "skip" (the job's
	// condition is not met, or the step's if one is named), "cancel" (the run is cancelled, at the step if one is
	// named) or "pass" (takes back what was said before; what hangs goes on).
	Kind string
	Job  string // as displayed, or without its matrix value: then its first instance
	Step string // empty: the step in progress, else the job's last
}

// scripted is an outcome for one step of one workflow; for "cancel" both may be empty.
type scripted struct {
	path string
	Outcome
}

// Script says how the run goes that runs at the target now, or else the next one there. The target is
// "pull/45" or "branch/master". "fail", "hang" and "skip" need a job; a name that is not there is an error that lists
// the valid ones.
func (r *Repo) Script(target string, o Outcome) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	event, err := r.eventAt(target)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"fail", "hang", "skip", "pass", "cancel"}, o.Kind) {
		return fmt.Errorf("%q is no outcome; a run can be told to fail, hang, skip, pass or cancel", o.Kind)
	}
	said := scripted{Outcome: o}
	if o.Job == "" && (o.Kind == "fail" || o.Kind == "hang" || o.Kind == "skip" || o.Step != "") {
		return fmt.Errorf("%s needs a job; %s has %s", o.Kind, target, quoted(r.jobNames(event)))
	}
	if o.Job != "" {
		if said, err = r.locate(event, o); err != nil {
			return err
		}
	}
	if said.Kind == "pass" {
		r.takeBack(target, said)
		return nil
	}
	if now := r.runningAt(target, said.path); now != nil {
		return now.script(said)
	}
	if said.Job != "" && said.Step == "" && said.Kind != "skip" {
		steps := r.workflow(said.path).jobNamed(said.Job).Steps
		said.Step = steps[len(steps)-1].Name
	}
	r.scripts[target] = append(r.scripts[target], said)
	return nil
}

// eventAt gives the event of the runs at a target.
func (r *Repo) eventAt(target string) (string, error) {
	if number, ok := strings.CutPrefix(target, "pull/"); ok {
		n, err := strconv.Atoi(number)
		if err != nil || r.pulls[n] == nil {
			return "", fmt.Errorf("%s has no pull request #%s", r.full(), number)
		}
		return "pull_request", nil
	}
	if branch, ok := strings.CutPrefix(target, "branch/"); ok && r.branches[branch] != "" {
		return "push", nil
	}
	if target == "queue/"+r.base {
		return "merge_group", nil
	}
	return "", fmt.Errorf("%q is no place where runs run; write pull/45 or branch/%s", target, r.base)
}

// locate finds the workflow and the job that an outcome is for among those that an event starts.
func (r *Repo) locate(event string, o Outcome) (scripted, error) {
	for _, w := range r.listening(event) {
		j := w.jobNamed(o.Job)
		if j == nil || !j.runsOn(event) || len(j.Steps) == 0 {
			continue
		}
		if o.Step != "" && !slices.ContainsFunc(j.Steps, func(s Step) bool { return s.Name == o.Step }) {
			names := make([]string, len(j.Steps))
			for i, s := range j.Steps {
				names[i] = s.Name
			}
			return scripted{}, fmt.Errorf("job %s has no step %q; its steps are %s", j.Name, o.Step, quoted(names))
		}
		o.Job = j.Name
		return scripted{path: w.Path, Outcome: o}, nil
	}
	return scripted{}, fmt.Errorf("no job %q runs on %s; the jobs are %s", o.Job, event, quoted(r.jobNames(event)))
}

// jobNamed finds a job by its name, or its matrix's first; else nil.
func (w *workflow) jobNamed(name string) *Job {
	for _, exact := range []bool{true, false} {
		for i, j := range w.Jobs {
			if j.Name == name || !exact && j.called(name) {
				return &w.Jobs[i]
			}
		}
	}
	return nil
}

func (r *Repo) jobNames(event string) []string {
	var names []string
	for _, w := range r.listening(event) {
		for _, j := range w.Jobs {
			if j.runsOn(event) {
				names = append(names, j.Name)
			}
		}
	}
	return names
}

func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strconv.Quote(n)
	}
	return strings.Join(out, ", ")
}

// runningAt finds the newest run that is not over at a target; an empty path means any workflow.
func (r *Repo) runningAt(target, path string) *run {
	for _, one := range r.runs() {
		if !one.over() && one.target() == target && (path == "" || one.workflow.Path == path) {
			return one
		}
	}
	return nil
}

// script tells a run that is under way.
func (r *run) script(said scripted) error {
	if said.Kind == "cancel" && said.Job == "" {
		r.stop()
		return nil
	}
	i := slices.IndexFunc(r.last().jobs, func(j *job) bool { return j.def.Name == said.Job })
	j := r.last().jobs[i]
	if said.Kind == "skip" {
		return r.skip(said, j)
	}
	if said.Step == "" {
		said.Step = j.def.Steps[len(j.def.Steps)-1].Name
		if at := j.current(); at != nil {
			said.Step = at.Name
		}
	}
	past := func(s *StepRun) bool { return s.Name == said.Step && s.Status == "completed" }
	if j.conclusion != "" || slices.ContainsFunc(j.steps, past) {
		return fmt.Errorf("%q of %s is over already in run %s #%d", said.Step, said.Job, r.workflow.Name, r.number)
	}
	r.outcomes = append(r.outcomes, said)
	r.wake()
	return nil
}

// skip tells a run that is under way not to begin a job or a step.
func (r *run) skip(said scripted, j *job) error {
	begun := func(s *StepRun) bool { return s.Name == said.Step && s.Status != "queued" }
	if said.Step == "" && j.listed || slices.ContainsFunc(j.steps, begun) {
		return fmt.Errorf("%s of run %s #%d has begun already and cannot be skipped", strings.TrimSpace(said.Job+" "+said.Step), r.workflow.Name, r.number)
	}
	r.outcomes = append(r.outcomes, said)
	return nil
}

// skips tells whether a job's condition was said not to be met.
func (r *run) skips(job string) bool {
	return slices.ContainsFunc(r.outcomes, func(s scripted) bool { return s.Kind == "skip" && s.Job == job && s.Step == "" })
}

// wake lets the steps look at their outcomes again.
func (r *run) wake() {
	close(r.scripted)
	r.scripted = make(chan struct{})
}

// takeBack forgets what was said for a target, for one job or step if the outcome names it.
func (r *Repo) takeBack(target string, pass scripted) {
	meant := func(s scripted) bool {
		return (pass.Job == "" || pass.path == s.path && pass.Job == s.Job) && (pass.Step == "" || pass.Step == s.Step)
	}
	r.scripts[target] = slices.DeleteFunc(r.scripts[target], meant)
	for _, one := range r.runs() {
		if !one.over() && one.target() == target {
			one.outcomes = slices.DeleteFunc(one.outcomes, meant)
			one.wake()
		}
	}
}

// takeScript gives a new run what was said for it before it was there.
func (r *Repo) takeScript(one *run) []scripted {
	var mine []scripted
	forOne := func(s scripted) bool { return s.path == "" || s.path == one.workflow.Path }
	for _, s := range r.scripts[one.target()] {
		if forOne(s) {
			mine = append(mine, s)
		}
	}
	r.scripts[one.target()] = slices.DeleteFunc(r.scripts[one.target()], forOne)
	return mine
}

// outcome is what was said last for a step, or "".
func (r *run) outcome(job, step string) string {
	for _, s := range slices.Backward(r.outcomes) {
		if s.Kind == "cancel" && s.Job == "" || s.Job == job && (s.Step == step || s.Step == "") {
			return s.Kind
		}
	}
	return ""
}
