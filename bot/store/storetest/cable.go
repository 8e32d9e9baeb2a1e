package storetest

import (
	"context"
	"database/sql/driver"
	"sync"
)

// Cable can be cut at an instant: what was committed before it is in the file, nothing else ever will be, and nobody is told how the
// statement that ran meanwhile ended. Its zero value is whole.
type Cable struct {
	mu    sync.Mutex // held by whoever talks to the file
	cut   bool
	conns map[*conn]bool
}

// Connect goes into a store's options.
func (c *Cable) Connect(far driver.Connector) driver.Connector { return &connector{c, far} }

// Cut lets every connection fail from now on, and those to come.
func (c *Cable) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = true
	for conn := range c.conns {
		conn.sever()
	}
}

// Mend lets new connections be made again. A store makes them when it needs them.
func (c *Cable) Mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = false
}

type connector struct {
	cable *Cable
	far   driver.Connector
}

// Connect is for package database/sql.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	c.cable.mu.Lock()
	defer c.cable.mu.Unlock()
	if c.cable.cut {
		return nil, driver.ErrBadConn
	}
	far, err := c.far.Connect(ctx)
	if err != nil {
		return nil, err
	}
	near := &conn{cable: c.cable, far: far, rows: map[*rows]bool{}}
	if c.cable.conns == nil {
		c.cable.conns = map[*conn]bool{}
	}
	c.cable.conns[near] = true
	return near, nil
}

// Driver is for package database/sql.
func (c *connector) Driver() driver.Driver { return c.far.Driver() }
