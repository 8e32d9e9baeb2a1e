package githubsim

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// Workflow is one workflow file.
type Workflow struct {
	Path, Name string
	On         []string // "push" (to the default branch), "pull_request", "merge_group", "workflow_dispatch"
	Inputs     []string // of workflow_dispatch, by name
	// Concurrency is the group that its runs are in; nil: none.
	Concurrency *Concurrency
	Text        string // the file; empty: rendered from the rest
	Jobs        []Job
}

// Job is one job of a workflow. "Set up job" and "Complete job", which GitHub adds to every job's steps, are
// added here too and take no time.
type Job struct {
	Name  string   // as displayed, a matrix value included: "test-backend (3.8)"
	Needs []string // names of jobs, with or without their matrix value
	On    []string // the events for which it runs; for others it concludes skipped; nil: all
	Steps []Step
	Queue time.Duration // waiting for a runner
}

// Step is one step of a job.
type Step struct {
	Name  string
	Takes time.Duration
	// Run, if set, is the step's work instead of Takes: it blocks until it is over and reports false for a
	// failure. Its context ends when the run is cancelled. In past runs such a step took Takes.
	Run func(ctx context.Context, j Running) bool
}

// Running tells a step's work where it runs.
type Running struct {
	Repo                    *Repo
	RunID                   int64
	Attempt                 int
	SHA, Branch, Event, Job string
	Logf                    func(format string, args ...any) // a line into the job's log
}

type workflow struct {
	Workflow
	id      int64
	created time.Time
	number  int  // of the newest run
	placed  bool // the file is in a commit
}

// AddWorkflow adds a workflow. Its file is in the tree from the default branch's next commit on; only commits
// whose tree has the file start it.
func (r *Repo) AddWorkflow(w Workflow) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if w.Text == "" {
		w.Text = w.render(r.base)
	}
	for _, j := range w.Jobs {
		for _, need := range j.Needs {
			if !slices.ContainsFunc(w.Jobs, func(o Job) bool { return o.called(need) }) {
				panic(fmt.Sprintf("githubsim: job %q of %s needs %q, which is not there", j.Name, w.Path, need))
			}
		}
	}
	r.workflows = append(r.workflows, &workflow{Workflow: w, id: r.server.next("workflow"), created: seconds(time.Now())})
}

// placeWorkflows puts the files of workflows that are not yet anywhere into the next commit's files.
func (r *Repo) placeWorkflows(files map[string]string) {
	for _, w := range r.workflows {
		if !w.placed {
			files[w.Path] = r.git.blob(w.Text)
			w.placed = true
		}
	}
}

// called tells whether a name means this job: its own, or that of all jobs of its matrix.
func (j Job) called(name string) bool { return j.Name == name || j.key() == name }

// key is the job's name without its matrix value.
func (j Job) key() string {
	key, _, _ := strings.Cut(j.Name, " (")
	return key
}

// runsOn tells whether the job runs for an event.
func (j Job) runsOn(event string) bool { return j.On == nil || slices.Contains(j.On, event) }

// file is the last element of the path, by which the API finds a workflow too.
func (w *workflow) file() string { return path.Base(w.Path) }

// workflow finds a workflow by its path, or gives nil.
func (r *Repo) workflow(path string) *workflow {
	for _, w := range r.workflows {
		if w.Path == path {
			return w
		}
	}
	return nil
}

// listening gives the workflows that an event starts.
func (r *Repo) listening(event string) []*workflow {
	var list []*workflow
	for _, w := range r.workflows {
		if slices.Contains(w.On, event) {
			list = append(list, w)
		}
	}
	return list
}
