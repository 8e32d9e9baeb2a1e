package slacksim

import (
	"fmt"
	"slices"
	"time"
)

// Stats counts what passed over the sockets.
type Stats struct {
	Acks        []time.Duration // from sending an envelope to its ack, in the order of the acks
	OtherSocket int             // acks, among those, that came on another socket than the envelope
	Sent        int             // envelopes written to a socket, redeliveries included
	TimedOut    int             // envelopes without an ack within 3 s
	Undelivered int             // envelopes that no socket could take
	Oversize    int             // acks dropped for their size
	Fragmented  int             // acks that came in several frames
	Opens       []time.Time     // calls of apps.connections.open, the refused ones included
	Connects    []Connect       // sockets, in the order of their numbers
}

// Connect is the life of one socket.
type Connect struct {
	Socket int       // its number, counted from 1
	Agent  string    // the client's User-Agent
	At     time.Time // of the handshake
	Hello  time.Time // zero if it never came so far
	Left   time.Time // when Slack said disconnect; zero if it did not
	Ended  time.Time // zero while it is open
	Why    string    // it ended
}

// Stats gives the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.stats
	out.Acks = slices.Clone(out.Acks)
	out.Opens = slices.Clone(out.Opens)
	out.Connects = slices.Clone(out.Connects)
	return out
}

func (s *Server) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}
