package slacksim

import (
	"bytes"
	"encoding/json"
	"time"
)

const (
	ackWithin = 3 * time.Second
	ackLimit  = 20 * 1024 // bytes; an ack of this size or more is dropped
	keepAcked = 10 * time.Minute
)

// envelope is one attempt to deliver something.
type envelope struct {
	id      string
	d       *Delivery
	frame   []byte
	sentAt  time.Time
	socket  int
	acked   bool
	late    bool // its 3 s are over
	doubled bool // Slack sent it twice by itself, so two acks are right
	stop    func()
	onAck   func(payload json.RawMessage)
	onFail  func(code string)
}

// header is what an envelope carries around its payload.
type header struct {
	typ         string
	accepts     bool
	retry       int // of an event
	retryReason string
}

// send brings a payload to one of the sockets. One of onAck and onFail is called, once, under the lock.
func (s *Server) send(d *Delivery, h header, payload any, onAck func(json.RawMessage), onFail func(string)) *envelope {
	e := &envelope{id: s.ids.uuid("e0e0"), d: d, onAck: onAck, onFail: onFail}
	body := map[string]any{
		"envelope_id": e.id, "type": h.typ, "accepts_response_payload": h.accepts, "payload": payload,
	}
	if h.typ == "events_api" {
		body["retry_attempt"], body["retry_reason"] = h.retry, h.retryReason
	}
	e.frame = encode(body)
	s.transmit(e)
	return e
}

// transmit hands an envelope to the next socket and waits for its ack.
func (s *Server) transmit(e *envelope) {
	e.d.out.EnvelopeID = e.id
	e.d.out.Attempts++
	k := s.nextSocket()
	if k == nil {
		s.stats.Undelivered++
		e.onFail("dispatch_failed")
		return
	}
	s.stats.Sent++
	e.sentAt, e.socket = time.Now(), k.n
	e.d.out.SentAt, e.d.out.Socket = e.sentAt, e.socket
	s.envelopes[e.id] = e
	k.push(e.frame)
	e.stop = s.after(ackWithin, func() {
		e.late = true
		s.forget(e)
		s.stats.TimedOut++
		e.onFail("operation_timeout")
	})
}

// forget drops an envelope when no ack for it can be meant any more.
func (s *Server) forget(e *envelope) {
	e.frame = nil
	s.after(keepAcked, func() { delete(s.envelopes, e.id) })
}

// takeAck reads a frame from a client.
func (s *Server) takeAck(k *socket, data []byte, frames int) {
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(data, &ack); err != nil || ack.EnvelopeID == "" {
		s.fault("a frame that is no ack: %.80s", data)
		return
	}
	if len(data) >= ackLimit {
		s.stats.Oversize++
		s.fault("ack of %d bytes for %s dropped: the limit is %d", len(data), ack.EnvelopeID, ackLimit)
		return
	}
	if frames > 1 {
		s.stats.Fragmented++
		if s.opts.Unverified.DropFragments {
			s.fault("ack in %d frames for %s dropped", frames, ack.EnvelopeID)
			return
		}
	}
	e := s.envelopes[ack.EnvelopeID]
	switch {
	case e == nil:
		s.fault("ack for an unknown envelope %s", ack.EnvelopeID)
	case e.acked && !e.doubled:
		s.fault("second ack for %s", e.d.what)
	case e.acked:
		e.doubled = false
	case e.socket != k.n && s.opts.Unverified.SameSocketAcks:
		s.fault("ack for %s on another socket dropped", e.d.what)
	case e.late:
		s.fault("late ack for %s: %v after it was sent", e.d.what, time.Since(e.sentAt))
	default:
		s.acked(e, k, ack.Payload)
	}
}

func (s *Server) acked(e *envelope, k *socket, payload json.RawMessage) {
	e.acked = true
	e.stop()
	now := time.Now()
	s.stats.Acks = append(s.stats.Acks, now.Sub(e.sentAt))
	if e.socket != k.n {
		s.stats.OtherSocket++
	}
	if bytes.Equal(payload, []byte("{}")) || bytes.Equal(payload, []byte("null")) {
		payload = nil
	}
	e.d.out.AckedAt, e.d.out.AckSocket, e.d.out.Payload = now, k.n, payload
	s.forget(e)
	e.d.end("")
	e.onAck(payload)
}
