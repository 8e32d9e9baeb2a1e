package slack

import (
	"net"
	"slices"
	"time"
)

// newWire puts a wire over a network connection and keeps account of it.
func (s *Session) newWire(c net.Conn) *wire {
	w := &wire{Conn: c, lastRead: &s.lastRead, closed: s.forget}
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

// wiresFrom gives the wires to try for an acknowledgement, its own first.
func (s *Session) wiresFrom(own *wire) []*wire {
	s.mu.Lock()
	ready := slices.Clone(s.ready)
	s.mu.Unlock()
	order := append(make([]*wire, 0, len(ready)+1), own)
	for _, w := range ready {
		if w != own && w.serves() {
			order = append(order, w)
		}
	}
	return order
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
