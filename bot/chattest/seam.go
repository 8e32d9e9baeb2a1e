package chattest

import (
	"context"
	"net"
	"sync"
	"syscall"

	"slipway/bot/store/storetest"
)

// Dial opens a connection.
type Dial func(ctx context.Context, network, addr string) (net.Conn, error)

// seam is where the bot's connections pass, out and in, and the line to its database, so that they can be cut at one instant.
type seam struct {
	dial     Dial
	database storetest.Cable

	mu        sync.Mutex
	cut       bool
	conns     map[*seamConn]struct{}
	listeners []net.Listener
}

func newSeam(dial Dial) *seam { return &seam{dial: dial, conns: map[*seamConn]struct{}{}} }

// Dial connects, until the seam is cut.
func (s *seam) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	refused := &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	if s.isCut() {
		return nil, refused
	}
	inner, err := s.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	c, ok := s.keep(inner)
	if !ok {
		return nil, refused
	}
	return c, nil
}

// keep takes a connection that is open now, unless the seam was cut meanwhile.
func (s *seam) keep(inner net.Conn) (net.Conn, bool) {
	c := &seamConn{Conn: inner, seam: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cut {
		_ = inner.Close()
		return nil, false
	}
	s.conns[c] = struct{}{}
	return c, true
}

// Listener takes connections through the seam.
func (s *seam) Listener(inner net.Listener) net.Listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, inner)
	return seamListener{inner, s}
}

type seamListener struct {
	net.Listener
	seam *seam
}

func (l seamListener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c, ok := l.seam.keep(inner)
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (s *seam) isCut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cut
}

// Cut ends every connection and listener, and refuses new ones.
func (s *seam) Cut() {
	defer s.database.Cut() // last: who sees that it is gone can tell nobody
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut = true
	for _, l := range s.listeners {
		_ = l.Close()
	}
	for c := range s.conns {
		_ = c.Conn.Close()
	}
	clear(s.conns)
}

type seamConn struct {
	net.Conn
	seam *seam
}

func (c *seamConn) Close() error {
	c.seam.mu.Lock()
	delete(c.seam.conns, c)
	c.seam.mu.Unlock()
	return c.Conn.Close()
}
