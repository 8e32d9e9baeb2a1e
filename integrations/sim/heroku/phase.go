package herokusim

import (
	"context"
	"strings"
	"time"
)

// How long a release phase takes in life: the dyno that runs the command starts, then the command runs.
const (
	phaseStarts = 2 * time.Second
	phaseRuns   = 8 * time.Second
)

// phase is how a release command ends and what it prints.
type phase struct {
	fail   bool
	output string
}

// runPhase runs the release command of a release that has one. Until it ends an older release is current, and stays so
// when it fails. Call it without the lock.
func (a *App) runPhase(r *release) error {
	s := a.server
	if r.log == nil {
		return nil
	}
	defer r.log.end()
	if err := s.pass(s.ctx, phaseStarts); err != nil {
		return err
	}
	s.mu.Lock()
	next := a.nextPhase
	a.nextPhase = phase{}
	s.mu.Unlock()
	r.log.start()
	if err := s.print(s.ctx, r.log, next.output, phaseRuns); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if next.fail {
		a.become(r, statusFailed, "update")
		return &ReleasePhaseError{App: a.name, Version: r.version}
	}
	a.become(r, statusSucceeded, "update")
	return nil
}

// print writes text to a stream line by line, spread over d of life.
func (s *Server) print(ctx context.Context, to *stream, text string, d time.Duration) error {
	lines := strings.SplitAfter(text, "\n")
	at := func(i int) time.Duration { return d * time.Duration(i) / time.Duration(len(lines)) }
	for i, line := range lines {
		if err := s.pass(ctx, at(i+1)-at(i)); err != nil {
			return err
		}
		to.write(line)
	}
	return nil
}
