package herokusim

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

// The measures of a handshake.
const (
	secretWithin = 10 * time.Second
	secretMax    = 256 // bytes
)

// ServeRendezvous brings attached runs and their clients together, on a listener that speaks TLS already, as
// tls.NewListener makes one: "TLS (verified) to host:port; the client sends `<secret>\r\n`". It returns after Close, with
// nil, or with the listener's error, when its connections have ended.
func (s *Server) ServeRendezvous(l net.Listener) error {
	defer context.AfterFunc(s.ctx, func() { _ = l.Close() })()
	for {
		conn, err := l.Accept()
		if err != nil {
			if s.ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		if !s.spawn(func() { s.rendezvous(conn) }) {
			_ = conn.Close()
		}
	}
}

// rendezvous takes a client's secret, hands its connection to the dyno that waits for it, and from then on reads what it
// types. "**Attached runs die with the connection** (SIGHUP)".
func (s *Server) rendezvous(conn net.Conn) {
	defer conn.Close()
	defer context.AfterFunc(s.ctx, func() { _ = conn.Close() })()
	secret, typed, ok := readSecret(conn)
	s.mu.Lock()
	o := s.meetings[secret]
	delete(s.meetings, secret) // it serves once
	s.mu.Unlock()
	if !ok || o == nil {
		return
	}
	select {
	case o.client <- conn:
	case <-o.ctx.Done():
		return
	}
	o.read(conn, typed)
}

// readSecret reads the first line, and what came along behind it.
func readSecret(conn net.Conn) (secret string, rest []byte, ok bool) {
	_ = conn.SetReadDeadline(time.Now().Add(secretWithin))
	defer func() { _ = conn.SetReadDeadline(time.Time{}) }()
	var got []byte
	buffer := make([]byte, secretMax)
	for len(got) < secretMax {
		n, err := conn.Read(buffer)
		got = append(got, buffer[:n]...)
		if line, after, found := bytes.Cut(got, []byte("\n")); found {
			return strings.TrimRight(string(line), "\r"), after, true
		}
		if err != nil {
			return "", nil, false
		}
	}
	return "", nil, false
}

// endOfInput is how a client ends its input: "stdin EOF is sent as byte 0x04".
const endOfInput = 0x04

// read gives the dyno what its client types, until the connection ends.
func (o *oneOff) read(conn net.Conn, typed []byte) {
	buffer := make([]byte, 4096)
	for {
		before, _, ended := bytes.Cut(typed, []byte{endOfInput})
		o.stdin.write(string(before))
		if ended {
			o.stdin.end()
		}
		n, err := conn.Read(buffer)
		typed = buffer[:n]
		if err != nil {
			o.kill(errHangup)
			return
		}
	}
}
