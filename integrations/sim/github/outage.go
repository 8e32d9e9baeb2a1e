package githubsim

import (
	"context"
	"slices"
)

// Two of the ways in which Actions is late while everything else of GitHub is well.

// lateStart is what runs would have started for while none did.
type lateStart struct {
	repo    *Repo
	trigger trigger
}

// SetRuns lets Actions start runs, or no longer: neither for pushes nor for pull requests or the merge queue; what runs goes
// on. What happened meanwhile starts its runs when they start again, in its order, as of then [unverified]; with lost it never
// does, which is the other thing that people tell of GitHub's outages.
func (s *Server) SetRuns(start, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runless = !start
	if !start {
		return
	}
	late := s.late
	s.late = nil
	for _, l := range late {
		switch {
		case !lost:
			l.repo.startNow(l.trigger)
		case l.trigger.group != nil:
			l.repo.giveUp(l.trigger.group)
		}
	}
	for _, name := range sortedKeys(s.repos) {
		s.repos[name].settleGroups()
	}
}

// giveUp takes a merge group whose runs never come out of the queue.
func (r *Repo) giveUp(g *mergeGroup) {
	if i := slices.Index(r.groups, g); i >= 0 { // else it was given up with another of its runs
		r.groups = slices.Delete(r.groups, i, i+1)
		r.dequeue(g, "CI_TIMEOUT")
	}
}

// owes tells whether runs of a merge group are yet to start.
func (s *Server) owes(g *mergeGroup) bool {
	return slices.ContainsFunc(s.late, func(l lateStart) bool { return l.trigger.group == g })
}

// SetRunners lets there be runners, or none: runs start, and their jobs wait in the queue until there are some. A job that has
// its runner goes on.
func (s *Server) SetRunners(there bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !there && s.runners == nil:
		s.runners = make(chan struct{})
	case there && s.runners != nil:
		close(s.runners)
		s.runners = nil
	}
}

// findRunner waits until there are runners, and tells whether the job still wants one. Those that waited get theirs in turn.
func (s *Server) findRunner(ctx context.Context, j *job) bool {
	for {
		s.mu.Lock()
		away := s.runners
		s.mu.Unlock()
		if away == nil {
			return ctx.Err() == nil
		}
		select {
		case <-away:
			s.turn(j.id)
		case <-ctx.Done():
			return false
		}
	}
}
