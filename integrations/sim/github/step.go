package githubsim

import (
	"context"
	"slices"
	"time"
)

// executeStep runs one step and gives its conclusion. What Script said for it counts from moment to moment: a
// step that hangs ends when it is let go, failed or cancelled.
func (s *Server) executeStep(ctx context.Context, j *job, step Step, shown *StepRun) string {
	s.locked(func() { shown.begin(s.now()) })
	verdict, held := s.stepVerdict(ctx, j, step)
	if held && ctx.Err() == nil {
		s.turn(j.id) // what was held with others is let go with them, at one instant
	}
	s.locked(func() { j.hanging = false })
	s.locked(func() { shown.end(verdict, s.now()) })
	return verdict
}

// stepVerdict also tells whether the step was held by its script while other jobs were, too.
func (s *Server) stepVerdict(ctx context.Context, j *job, step Step) (verdict string, held bool) {
	workCtx, stop := context.WithCancel(ctx)
	defer stop()
	var done chan bool // nil before the work began
	var realWork, over, passed bool
	for {
		kind, changed, others := s.scripted(j, step)
		held = others
		if kind == "skip" {
			return "skipped", held
		}
		if done == nil && kind != "cancel" && (step.Run == nil || kind != "hang") {
			realWork = step.Run != nil && kind != "fail"
			done = s.work(workCtx, j, step, realWork)
		}
		if kind == "fail" && realWork {
			stop() // it would not end as a failure by itself
		}
		if over && kind != "hang" {
			return stepConclusion(ctx, passed && kind != "fail"), held
		}
		select {
		case passed = <-done:
			over = true
			done = make(chan bool)
		case <-changed:
		case <-ctx.Done():
			if done != nil && !over {
				<-done
			}
			return "cancelled", held
		}
	}
}

func stepConclusion(ctx context.Context, passed bool) string {
	switch {
	case ctx.Err() != nil:
		return "cancelled"
	case passed:
		return "success"
	}
	return "failure"
}

// work begins a step's real work, or only lets its time pass, and gives where its end is told.
func (s *Server) work(ctx context.Context, j *job, step Step, realWork bool) chan bool {
	done := make(chan bool, 1)
	go func() { // stepVerdict waits for it
		if realWork {
			until(ctx, time.Now().Round(tick)) // its own world has no places
			done <- step.Run(ctx, j.running(s))
			return
		}
		done <- s.sleep(ctx, step.Takes, j.id)
	}()
	return done
}

// scripted tells what a step was told to do, gives the channel that is closed when that changes, and tells whether
// it hung until now beside other jobs that do.
func (s *Server) scripted(j *job, step Step) (kind string, changed <-chan struct{}, others bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := j.attempt.run
	kind = r.outcome(j.def.Name, step.Name)
	if kind == "cancel" {
		r.stop()
	}
	j.hanging = j.hanging || kind == "hang"
	for _, other := range s.runs {
		others = others || !other.over() && slices.ContainsFunc(other.last().own(), func(o *job) bool { return o != j && o.hanging })
	}
	return kind, r.scripted, j.hanging && others
}
