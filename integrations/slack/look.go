package slack

import (
	"context"
	"net"
	"sync"
)

// Look opens one more connection, whose hello tells how many Slack counts now: it says so only when one connects. It opens
// none, and says so, while one of the others is not connected, whose own hello is to come, or when two more are open already.
// The new one is kept, and an old one let go, by Trim.
func (s *Session) Look() bool {
	c := s.theCrew()
	return c != nil && c.look()
}

// Trim lets go of the connections that Look opened beyond those to keep: first of those that are not connected, then of the
// oldest. A socket is not closed before what it has brought is acknowledged, and goes on handing over what comes until
// Slack has answered its goodbye, so that no command is lost.
func (s *Session) Trim() {
	if c := s.theCrew(); c != nil {
		c.trim()
	}
}

func (s *Session) theCrew() *crew {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crew
}

func (s *Session) setCrew(c *crew) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crew = c
}

// told makes connections whose beginning and end the options' hooks are told of.
func (s *Session) told(dial dialFunc) dialFunc {
	opening, ended := s.opts.Opening, s.opts.Ended
	if opening == nil || ended == nil {
		return dial
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		opening(ctx)
		c, err := dial(ctx, network, addr)
		if err != nil {
			ended(false)
			return nil, err
		}
		return &toldConn{Conn: c, ended: sync.OnceFunc(func() { ended(true) })}, nil
	}
}

// toldConn tells when it is closed.
type toldConn struct {
	net.Conn
	ended func()
}

// Close tells only after the connection is closed.
func (c *toldConn) Close() error {
	defer c.ended()
	return c.Conn.Close()
}
