package slacksim

import (
	"encoding/json"
	"net"
	"slices"
	"time"
)

const (
	warnBefore = 10 * time.Second // from the warning to refresh_requested
	leaveAfter = time.Second      // from the disconnect frame to the end of the connection
)

// All, as a socket's index, means every socket.
const All = -1

// Sockets is the number of sockets that take envelopes now.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.openSockets())
}

// Refresh renews a socket as Slack does every few hours: a warning, after 10 s refresh_requested, a second later
// the end. From the warning on it gets no more envelopes. Index i counts the open sockets, the oldest is 0.
func (s *Server) Refresh(i int) {
	s.eachOpen(i, func(k *socket) { s.refresh(k) })
}

func (s *Server) refresh(k *socket) {
	if k.state != open {
		return
	}
	s.disconnectFrame(k, "warning")
	s.after(warnBefore, func() {
		if k.state != ended {
			s.bye(k, "refresh_requested")
		}
	})
}

// Disconnect sends a disconnect frame without a warning before it, and ends the connection a second later. The
// reasons are refresh_requested, link_disabled and too_many_websockets.
func (s *Server) Disconnect(i int, reason string) {
	s.eachOpen(i, func(k *socket) { s.bye(k, reason) })
}

// bye tells a client to go and gives it a second to hand in its acks.
func (s *Server) bye(k *socket, reason string) {
	s.disconnectFrame(k, reason)
	s.after(leaveAfter, func() { k.add(outgoing{code: 1000}) })
}

func (s *Server) disconnectFrame(k *socket, reason string) {
	k.state = leaving
	if c := s.connect(k); c.Left.IsZero() {
		c.Left = time.Now()
	}
	k.push(encode(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": k.host()}}))
}

// LinkDisabled switches Socket Mode off in the app's settings: every socket is told so, and no new one is given
// out until it is called with false.
func (s *Server) LinkDisabled(on bool) {
	s.mu.Lock()
	s.link.disabled = on
	s.mu.Unlock()
	if on {
		s.Disconnect(All, "link_disabled")
	}
}

// Flap makes Slack tell each new socket to disconnect right after its hello, for the reason given; "" ends it.
func (s *Server) Flap(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.flap = reason
}

// StopPinging holds back Slack's WebSocket pings, or lets them pass again.
func (s *Server) StopPinging(stop bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.noPings = stop
}

// StopHello makes new sockets wait for a hello that never comes.
func (s *Server) StopHello(stop bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.noHello = stop
}

// StopClosing leaves the close frames of clients unanswered, or answers them again.
func (s *Server) StopClosing(stop bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.noClose = stop
}

// HangUp makes Slack end the TCP connection right after the close handshake; the real one leaves that to the client.
func (s *Server) HangUp(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.hangUp = on
}

// StopReading makes a socket half open: the connection stands, but what the client sends is lost, nothing is sent
// to it any more, and Slack still believes that it takes envelopes.
func (s *Server) StopReading(i int) {
	s.eachOpen(i, func(k *socket) { k.dead = true })
}

// CutSockets ends every connection at once, without a close frame; the client sees 1006.
func (s *Server) CutSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutAll("cut")
}

func (s *Server) cutAll(why string) {
	for _, k := range slices.Clone(s.link.sockets) {
		s.gone(k, why)
	}
}

// ResetSockets ends every connection with a TCP reset where it is TCP, and as CutSockets does elsewhere.
func (s *Server) ResetSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range slices.Clone(s.link.sockets) {
		if c, ok := k.conn.NetConn().(*countingConn); ok {
			if tcp, ok := c.Conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
		}
		s.gone(k, "reset")
	}
}

// CloseSockets ends every connection with a close frame of the code given, such as 1001, and no disconnect frame.
func (s *Server) CloseSockets(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.link.sockets {
		k.state = leaving
		k.add(outgoing{code: code})
	}
}

// DoubleEvents makes Slack send the next n events twice by mistake, the second time after 15 s with the same
// envelope id and retry_attempt 0.
func (s *Server) DoubleEvents(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.doubles = n
}

// SendFrame writes any text to a socket, well-formed or not.
func (s *Server) SendFrame(i int, text string) {
	s.eachOpen(i, func(k *socket) { k.push([]byte(text)) })
}

// SendEnvelope brings an envelope of any type and payload to the app, and expects an ack as for any other.
func (s *Server) SendEnvelope(typ string, payload json.RawMessage) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.newDelivery(typ, "envelope of type "+typ)
	s.send(d, header{typ: typ}, payload, func(json.RawMessage) {}, d.end)
	return d
}

// SendEvent brings any inner event to the app, redelivered as every event is.
func (s *Server) SendEvent(inner map[string]any) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	typ, _ := inner["type"].(string)
	return s.emit(typ, inner)
}

// RefuseTokens makes every method answer with an error code such as invalid_auth or token_revoked; "" ends it.
func (s *Server) RefuseTokens(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokenRefusal = code
}

func (s *Server) eachOpen(i int, f func(*socket)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, k := range s.openSockets() {
		if i == All || i == n {
			f(k)
		}
	}
}
