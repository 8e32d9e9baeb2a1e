package slack

import (
	"time"

	"github.com/slack-go/slack/socketmode"
)

// Stats is what a session has seen so far.
type Stats struct {
	Open int // sockets on which Slack has said hello, and that are not ended

	// Connections is hello's num_connections, as last told: all sockets that the app has, whoever opened them; 0 before
	// the first hello. Others is how many of them were not this session's at that moment: those of our other processes, and
	// of anyone else who runs with the same app token and so gets a share of all commands. A connection that broke may be
	// counted for a while after.
	Connections int
	Others      int
	// Lifetime is how long Slack means to keep a connection (hello's approximate_connection_time); 0: it did not say.
	Lifetime time.Duration

	Connects int // connections made
	Lost     int // connections ended, refreshes included
	Young    int // of these, within 10 s or without a hello
	Failed   int // attempts that led to no connection

	Envelopes     int // handed to Handle
	Acks          int // written, or parked for the next connection
	AcksElsewhere int // of these, written to another connection than the envelope came on
	AcksFailed    int // could not be written in time
	BadFrames     int // that slack-go could not read
	BadAcked      int // of these, acknowledged
	Panics        int // of Handle

	LastFrame time.Time // when anything was last received, pings included; zero: never
}

// Stats gives the counts so far.
func (s *Session) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.stats
	if at := s.lastRead.Load(); at != 0 {
		out.LastFrame = time.Unix(0, at)
	}
	return out
}

func (s *Session) count(f func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.stats)
}

// hello takes in what Slack says first on each connection.
func (s *Session) hello(r *socketmode.Request) Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Open++
	if r.NumConnections > 0 {
		s.stats.Connections = r.NumConnections
		s.stats.Others = max(0, r.NumConnections-len(s.wires))
	}
	s.stats.Lifetime = time.Duration(r.DebugInfo.ApproximateConnectionTime) * time.Second
	select {
	case <-s.connected:
	default:
		close(s.connected)
	}
	return s.stats
}
