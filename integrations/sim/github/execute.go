package githubsim

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// execute runs an attempt from its first job to its conclusion. Each job has a goroutine of its own, and all
// have ended when it returns.
func (s *Server) execute(ctx context.Context, a *attempt) {
	var jobs sync.WaitGroup
	for _, j := range a.own() {
		jobs.Go(func() {
			defer close(j.done)
			s.executeJob(ctx, j)
		})
	}
	jobs.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(a.done)
	a.status, a.conclusion = "completed", a.verdict()
	a.run.tell("completed")
	a.run.tellSuite("completed")
	a.run.leave()
}

// verdict is a run's conclusion from those of its jobs.
func (a *attempt) verdict() string {
	has := func(conclusion string) bool {
		return slices.ContainsFunc(a.jobs, func(j *job) bool { return j.conclusion == conclusion })
	}
	for _, c := range []string{"cancelled", "failure", "success"} {
		if has(c) {
			return c
		}
	}
	return "skipped"
}

// needed gives the jobs that this one waits for.
func (j *job) needed() []*job {
	var needs []*job
	for _, other := range j.attempt.jobs {
		if slices.ContainsFunc(j.def.Needs, other.def.called) {
			needs = append(needs, other)
		}
	}
	return needs
}

func (s *Server) executeJob(ctx context.Context, j *job) {
	for _, need := range j.needed() {
		<-need.done
	}
	if s.contended(j) {
		s.turn(j.id)
	}
	wanted := false
	s.locked(func() { wanted = j.admit() })
	if !wanted {
		return
	}
	if !s.sleep(ctx, j.def.Queue, j.id) || !s.findRunner(ctx, j) {
		s.afterOthers(j)
		s.locked(func() { j.complete("cancelled") })
		return
	}
	s.locked(j.begin)
	verdict := "success"
	for i, step := range j.def.Steps {
		shown := j.steps[i+1] // behind "Set up job"
		if verdict == "success" {
			if said := s.executeStep(ctx, j, step, shown); said != "skipped" {
				verdict = said
			}
			continue
		}
		s.locked(func() { shown.begin(s.now()).end("skipped", s.now()) })
	}
	if ctx.Err() != nil {
		s.afterOthers(j)
	}
	s.locked(func() {
		j.steps[len(j.steps)-1].begin(s.now()).end("success", s.now())
		j.complete(verdict)
	})
}

// contended tells whether another job, too, may only just have got what it needs.
func (s *Server) contended(j *job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !j.listed && slices.ContainsFunc(j.attempt.own(), func(o *job) bool { return o != j && !o.listed && len(o.def.Needs) > 0 })
}

// afterOthers waits for the runs, and for the jobs of this one, that were cancelled at the same instant before this
// job, so that they are told in order.
func (s *Server) afterOthers(j *job) {
	var before []<-chan struct{}
	s.locked(func() {
		a := j.attempt
		for _, r := range s.runs {
			if b := r.last(); !r.over() && 0 < b.stopped && b.stopped < a.stopped && b.stoppedAt.Equal(a.stoppedAt) {
				before = append(before, b.done)
			}
		}
		for _, other := range a.own() {
			if other == j {
				return
			}
			if other.listed {
				before = append(before, other.done)
			}
		}
	})
	for _, done := range before {
		<-done
	}
}

// admit lists a job whose needs are over: queued, or skipped because one of them did not succeed or because the
// job is not for this event. It reports whether the job is to run; asked again, it says the same.
func (j *job) admit() bool {
	if j.listed {
		return j.conclusion == ""
	}
	j.listed = true
	j.created = j.attempt.run.repo.server.now()
	j.started = j.created // GitHub shows a start for jobs that only wait, too
	failed := slices.ContainsFunc(j.needed(), func(n *job) bool { return n.conclusion != "success" })
	if r := j.attempt.run; failed || !j.def.runsOn(r.event) || r.skips(j.def.Name) {
		j.complete("skipped")
		return false
	}
	j.status = "queued"
	j.tell("queued")
	return true
}

// begin gives the job a runner, which at once knows all of its steps.
func (j *job) begin() {
	a := j.attempt
	if a.status == "queued" {
		a.status = "in_progress"
		a.run.tell("in_progress")
	}
	now := a.run.repo.server.now()
	j.status, j.started = "in_progress", now
	j.runner = j.id % 97 // told by the job, so that runs beside each other cannot race for it
	j.steps = j.def.plan()
	j.steps[0].begin(now).end("success", now)
	j.tell("in_progress")
}

// plan lists a job's steps before they began.
func (j Job) plan() []*StepRun {
	names := []string{"Set up job"}
	for _, s := range j.Steps {
		names = append(names, s.Name)
	}
	var steps []*StepRun
	for i, name := range append(names, "Complete job") {
		steps = append(steps, &StepRun{Number: i + 1, Name: name, Status: "queued"})
	}
	return steps
}

func (j *job) complete(conclusion string) {
	j.status, j.conclusion, j.completed = "completed", conclusion, j.attempt.run.repo.server.now()
	j.tell("completed")
}

func (s *StepRun) begin(at time.Time) *StepRun {
	s.Status, s.StartedAt = "in_progress", at
	return s
}

func (s *StepRun) end(conclusion string, at time.Time) {
	s.Status, s.Conclusion, s.CompletedAt = "completed", conclusion, at
}

// locked runs f under the mutex.
func (s *Server) locked(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// running is what a step's work is told.
func (j *job) running(s *Server) Running {
	r := j.attempt.run
	return Running{
		Repo: r.repo, RunID: r.id, Attempt: j.attempt.number, SHA: r.sha, Branch: r.branch, Event: r.event, Job: j.def.Name,
		Logf: func(format string, args ...any) {
			s.locked(func() {
				j.log = append(j.log, logLine{at: s.now(), step: j.currentIndex(), text: fmt.Sprintf(format, args...)})
			})
		},
	}
}
