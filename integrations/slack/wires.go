package slack

import (
	"net"
	"slices"
	"time"
)

// newWire puts a wire over a network connection and keeps account of it.
func (s *Session) newWire(c net.Conn) *wire {
	w := newWire(c, &s.lastRead, s.forget)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wires[w] = struct{}{}
	return w
}

func (s *Session) forget(w *wire) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.wires, w)
	s.ready = slices.DeleteFunc(s.ready, func(r *wire) bool { return r == w })
}

// opened makes a wire available to all sockets' acknowledgements.
func (s *Session) opened(w *wire) {
	s.mu.Lock()
	s.ready = append(s.ready, w)
	s.stats.Connects++
	s.mu.Unlock()
	s.unpark(w)
}

// wiresBut gives the other wires that take acknowledgements, the oldest first, and how many were ever opened.
func (s *Session) wiresBut(own *wire) (others []*wire, opened int) {
	s.mu.Lock()
	ready, opened := slices.Clone(s.ready), s.stats.Connects
	s.mu.Unlock()
	return slices.DeleteFunc(ready, func(w *wire) bool { return w == own || !w.serves() }), opened
}

// acked counts an acknowledgement by what came of it.
func (s *Session) acked(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.stats.AcksFailed++
		return
	}
	s.stats.Acks++
	s.lastAck = time.Now()
}
