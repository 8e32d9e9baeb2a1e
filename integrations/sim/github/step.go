package githubsim

import "context"

// executeStep runs one step and gives its conclusion. What Script said for it counts from moment to moment: a
// step that hangs ends when it is let go, failed or cancelled.
func (s *Server) executeStep(ctx context.Context, j *job, step Step, shown *StepRun) string {
	s.locked(func() { shown.begin() })
	verdict := s.stepVerdict(ctx, j, step)
	s.locked(func() { shown.end(verdict) })
	return verdict
}

func (s *Server) stepVerdict(ctx context.Context, j *job, step Step) string {
	workCtx, stop := context.WithCancel(ctx)
	defer stop()
	var done chan bool // nil before the work began
	var realWork, over, passed bool
	for {
		kind, changed := s.scripted(j, step)
		if done == nil && kind != "cancel" && (step.Run == nil || kind != "hang") {
			realWork = step.Run != nil && kind != "fail"
			done = s.work(workCtx, j, step, realWork)
		}
		if kind == "fail" && realWork {
			stop() // it would not end as a failure by itself
		}
		if over && kind != "hang" {
			return stepConclusion(ctx, passed && kind != "fail")
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
			return "cancelled"
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
			done <- step.Run(ctx, j.running(s))
			return
		}
		done <- s.sleep(ctx, step.Takes)
	}()
	return done
}

// scripted tells what a step was told to do, and gives the channel that is closed when that changes.
func (s *Server) scripted(j *job, step Step) (kind string, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := j.attempt.run
	kind = r.outcome(j.def.Name, step.Name)
	if kind == "cancel" {
		r.cancel()
	}
	return kind, r.scripted
}
