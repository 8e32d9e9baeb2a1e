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
	if err := sendBefore(r.wire, message, deadline); err == nil || errors.Is(err, ErrAckLate) {
		return err
	}
	for {
		wires, opened := r.session.wiresBut(r.wire)
		for _, w := range wires {
			switch err := sendBefore(w, message, deadline); {
			case err == nil:
				r.session.count(func(s *Stats) { s.AcksElsewhere++ })
				return nil
			case errors.Is(err, ErrAckLate):
				return err
			}
		}
		err := r.session.park(parked{message: message, deadline: deadline}, opened)
		if !errors.Is(err, errOpened) {
			return err
		}
	}
}

// sendBefore writes to a wire if there is still time, and takes only part of that time.
func sendBefore(w *wire, message []byte, deadline time.Time) error {
	now := time.Now()
	if !now.Before(deadline) {
		return ErrAckLate
	}
	if attempt := now.Add(ackAttempt); attempt.Before(deadline) {
		deadline = attempt
	}
	return w.send(message, deadline)
}

// parked is an acknowledgement that waits for a connection.
type parked struct {
	message  []byte
	deadline time.Time
}

// errOpened says that a connection has opened since it was looked for one.
var errOpened = errors.New("a connection has opened")

// park keeps an acknowledgement until a connection opens; opened is how many had before it was found that none is left.
// Other than slack-go's queue it forgets it at the deadline.
func (s *Session) park(p parked, opened int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.over:
		return errWireClosed
	case s.stats.Connects != opened:
		return errOpened
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
		err := sendBefore(w, p.message, p.deadline)
		s.count(func(st *Stats) {
			if err != nil {
				st.AcksFailed++
				return
			}
			st.AcksElsewhere++
		})
	}
}
