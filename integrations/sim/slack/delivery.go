package slacksim

import (
	"encoding/json"
	"time"
)

// Delivery is one thing that Slack has to bring to the app: a command, a click, an event.
type Delivery struct {
	server *Server
	what   string // in words, for Open
	done   chan struct{}
	out    Outcome
}

// Outcome is how a delivery stands or ended.
type Outcome struct {
	EnvelopeID string          // of the last attempt
	Type       string          // "slash_commands", "interactive" or "events_api"
	EventID    string          // of an event
	SentAt     time.Time       // of the last attempt; zero if no socket took it
	AckedAt    time.Time       // zero while unacknowledged
	Payload    json.RawMessage // of the ack; nil if it had none
	Socket     int             // number of the connection that carried it, counted from 1
	AckSocket  int             // number of the connection on which the ack came
	Attempts   int             // 1, and one more for each redelivery of an event
	Failed     string          // operation_timeout (no ack in 3 s) or dispatch_failed (no socket took it), once it is final
}

// Done is closed when the delivery was acknowledged or failed for good.
func (d *Delivery) Done() <-chan struct{} { return d.done }

// Outcome gives how the delivery stands.
func (d *Delivery) Outcome() Outcome {
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	return d.out
}

// newDelivery begins a delivery; it is open until end.
func (s *Server) newDelivery(typ, what string) *Delivery {
	d := &Delivery{server: s, what: what, done: make(chan struct{}), out: Outcome{Type: typ}}
	s.pending[d] = struct{}{}
	return d
}

// end closes Done, once.
func (d *Delivery) end(failed string) {
	if _, open := d.server.pending[d]; !open {
		return
	}
	delete(d.server.pending, d)
	d.out.Failed = failed
	close(d.done)
}
