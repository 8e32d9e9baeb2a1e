package herokusim

import (
	"context"
	"slices"
)

// line is a queue at a door that lets one in at a time, in the order of arrival. The server's lock guards it.
type line struct {
	busy  bool
	queue []*place
}

// place is one's place in a line.
type place struct {
	turn  chan struct{} // closed when one may go in
	words string        // what waits, for Open; "" for what it names elsewhere
}

// join takes the place at the end; the lock is held.
func (l *line) join(words string) *place {
	p := &place{turn: make(chan struct{}), words: words}
	if l.busy {
		l.queue = append(l.queue, p)
		return p
	}
	l.busy = true
	close(p.turn)
	return p
}

// await waits until it is one's turn: call it without the lock. It gives the cause when ctx ends first, and the place is
// given up.
func (s *Server) await(ctx context.Context, l *line, p *place) error {
	select {
	case <-p.turn:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(l.queue, p); i >= 0 {
		l.queue = slices.Delete(l.queue, i, i+1)
	} else {
		l.leave() // its turn came at the same moment
	}
	return context.Cause(ctx)
}

// enter joins a line and awaits one's turn: call it without the lock.
func (s *Server) enter(ctx context.Context, l *line, words string) error {
	s.mu.Lock()
	p := l.join(words)
	s.mu.Unlock()
	return s.await(ctx, l, p)
}

// leave lets the next one in; the lock is held.
func (l *line) leave() {
	if len(l.queue) == 0 {
		l.busy = false
		return
	}
	close(l.queue[0].turn)
	l.queue = l.queue[1:]
}

// waiting names those in the queue that have words; the lock is held.
func (l *line) waiting() []string {
	var words []string
	for _, p := range l.queue {
		if p.words != "" {
			words = append(words, p.words)
		}
	}
	return words
}
