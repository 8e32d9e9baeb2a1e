package slack

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// mostExtra is how many connections a session opens at most beyond those that it keeps.
const mostExtra = 2

// errParted ends the life of a socket that is not wanted any more.
var errParted = errors.New("the socket was let go")

// crew is the sockets of a session that runs.
type crew struct {
	session *Session
	life    context.Context
	refused chan error // the first that Slack refused
	running sync.WaitGroup

	mu      sync.Mutex
	sockets []*socket // oldest first, without those that part
	begun   int
	over    bool
}

func newCrew(s *Session, life context.Context) *crew {
	c := &crew{session: s, life: life, refused: make(chan error, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	for range s.opts.Sockets {
		c.add(false)
	}
	return c
}

// add is called with the lock held.
func (c *crew) add(extra bool) {
	c.begun++
	k := &socket{
		session: c.session, log: c.session.log.With("socket", c.begun), crew: c, parting: make(chan struct{}), extra: extra,
	}
	c.sockets = append(c.sockets, k)
	c.running.Go(func() {
		if err := k.run(c.life); err != nil {
			select {
			case c.refused <- err:
			default: // it ends for the first
			}
		}
	})
}

// wait returns when all have ended.
func (c *crew) wait() {
	c.mu.Lock()
	c.over = true
	c.mu.Unlock()
	c.running.Wait()
}

// release tells whether a socket that has lost its connection was an extra one, and takes that out.
func (c *crew) release(k *socket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !k.extra {
		return false
	}
	c.sockets = slices.DeleteFunc(c.sockets, func(x *socket) bool { return x == k })
	return true
}

// look adds an extra socket, if there is room for it and all others are connected.
func (c *crew) look() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over || len(c.sockets) >= c.session.opts.Sockets+mostExtra {
		return false
	}
	for _, k := range c.sockets {
		if !k.greeted.Load() {
			return false
		}
	}
	c.add(true)
	return true
}

// trim lets the surplus go: those that are not connected, else the oldest. What is left is to stay.
func (c *crew) trim() {
	c.mu.Lock()
	defer c.mu.Unlock()
	surplus := len(c.sockets) - c.session.opts.Sockets
	for _, deaf := range []bool{true, false} {
		c.sockets = slices.DeleteFunc(c.sockets, func(k *socket) bool {
			if surplus <= 0 || deaf == k.greeted.Load() {
				return false
			}
			surplus--
			close(k.parting)
			return true
		})
	}
	for _, k := range c.sockets {
		k.extra = false
	}
}

// parts tells whether the socket is to end for good.
func (k *socket) parts() bool {
	select {
	case <-k.parting:
		return true
	default:
		return false
	}
}
