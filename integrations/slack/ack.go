package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack/socketmode"
)

const (
	// ackDeadline counts from the moment an envelope was read. Slack gives up at 3 s.
	ackDeadline = 2500 * time.Millisecond
	// ackAttempt bounds the writing to one wire, so that time is left for another.
	ackAttempt = time.Second
	// maxAck is where Slack begins to drop acknowledgements without a word.
	maxAck = 20 << 10
)

// What Ack can answer.
var (
	// ErrAcked: the envelope was acknowledged before. Nothing was sent.
	ErrAcked = errors.New("slack: the envelope is acknowledged already")
	// ErrAckLate: more than 2.5 s have passed since the envelope came. Nothing was sent.
	ErrAckLate = errors.New("slack: too late to acknowledge the envelope")
	// ErrAckTooBig: with this payload the acknowledgement has 20 KB or more, and Slack would drop it. Nothing was
	// sent; a smaller payload, or none, may still be.
	ErrAckTooBig = errors.New("slack: the acknowledgement is too big")
)

// receipt is the one acknowledgement that an envelope is owed.
type receipt struct {
	id       string
	received time.Time
	session  *Session
	wire     *wire // that the envelope came on
	taken    atomic.Bool
}

func (r *receipt) ack(payload any) error {
	message, err := json.Marshal(socketmode.Response{EnvelopeID: r.id, Payload: payload})
	if err != nil {
		return fmt.Errorf("slack: acknowledge: %w", err)
	}
	if len(message) >= maxAck {
		return fmt.Errorf("%w: %d bytes of at most %d", ErrAckTooBig, len(message), maxAck-1)
	}
	if !r.taken.CompareAndSwap(false, true) {
		return ErrAcked
	}
	err = r.send(message)
	r.wire.settle()
	r.session.acked(err)
	return err
}

// send writes the acknowledgement to the wire that the envelope came on. If that is gone, any other may take it; and
// if there is none, the next that opens in time.
func (r *receipt) send(message []byte) error {
	deadline := r.received.Add(ackDeadline)
	for _, w := range r.session.wiresFrom(r.wire) {
		now := time.Now()
		if !now.Before(deadline) {
			return ErrAckLate
		}
		if err := w.send(message, earlier(deadline, now.Add(ackAttempt))); err != nil {
			continue
		}
		if w != r.wire {
			r.session.count(func(s *Stats) { s.AcksElsewhere++ })
		}
		return nil
	}
	return r.session.park(parked{message: message, deadline: deadline})
}

// parked is an acknowledgement that waits for a connection.
type parked struct {
	message  []byte
	deadline time.Time
}

// park keeps an acknowledgement until a connection opens. Other than slack-go's queue it forgets it at the deadline.
func (s *Session) park(p parked) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return errWireClosed
	}
	s.parked = append(s.parked, p)
	return nil
}

// unpark sends what was parked on a connection that has just opened.
func (s *Session) unpark(w *wire) {
	s.mu.Lock()
	waiting := s.parked
	s.parked = nil
	s.mu.Unlock()
	for _, p := range waiting {
		now := time.Now()
		err := ErrAckLate
		if now.Before(p.deadline) {
			err = w.send(p.message, earlier(p.deadline, now.Add(ackAttempt)))
		}
		s.count(func(st *Stats) {
			if err != nil {
				st.AcksFailed++
				return
			}
			st.AcksElsewhere++
		})
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
