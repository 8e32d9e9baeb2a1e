package chattest

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// Dial opens a connection.
type Dial func(ctx context.Context, network, addr string) (net.Conn, error)

// seam is where the bot's connections pass, so that they can be cut at one instant.
type seam struct {
	dial Dial

	mu    sync.Mutex
	cut   bool
	conns map[*seamConn]struct{}
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
	c := &seamConn{Conn: inner, seam: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cut { // meanwhile
		_ = inner.Close()
		return nil, refused
	}
	s.conns[c] = struct{}{}
	return c, nil
}

func (s *seam) isCut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cut
}

// Cut ends every connection and refuses new ones.
func (s *seam) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut = true
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
