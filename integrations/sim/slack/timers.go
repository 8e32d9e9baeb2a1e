package slacksim

import "time"

// timer is something that Slack will do later.
type timer struct {
	t       *time.Timer
	stopped bool
}

// after runs f, under the lock, d from now, unless it is stopped or the server closed first. It is called with the
// lock held, and so is the function that it gives back, which stops it.
func (s *Server) after(d time.Duration, f func()) (stop func()) {
	if s.closed {
		return func() {}
	}
	tm := &timer{}
	s.wg.Add(1)
	s.timers[tm] = struct{}{}
	tm.t = time.AfterFunc(d, func() {
		defer s.wg.Done()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.timers, tm)
		if !tm.stopped {
			f()
		}
	})
	return func() { s.stopTimer(tm) }
}

func (s *Server) stopTimer(tm *timer) {
	tm.stopped = true
	delete(s.timers, tm)
	if tm.t.Stop() {
		s.wg.Done()
	}
}

func (s *Server) stopTimers() {
	for tm := range s.timers {
		s.stopTimer(tm)
	}
}
