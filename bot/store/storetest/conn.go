package storetest

import (
	"context"
	"database/sql/driver"
	"errors"
)

// conn is one connection. It is severed by its cable, or closed by its store.
type conn struct {
	cable *Cable
	far   driver.Conn    // nil once severed
	rows  map[*rows]bool // open ones
}

// sever is called with the cable held. What was not committed is rolled back.
func (c *conn) sever() {
	if c.far == nil {
		return
	}
	for r := range c.rows {
		_ = r.end() // nobody may learn what the file has to say
	}
	_ = c.far.Close()
	c.far = nil
	delete(c.cable.conns, c)
}

// over runs what goes over a connection that is whole.
func over[T any](c *conn, ask func() (T, error)) (T, error) {
	c.cable.mu.Lock()
	defer c.cable.mu.Unlock()
	if c.far == nil {
		var none T
		return none, driver.ErrBadConn
	}
	return ask()
}

// Close is for package database/sql.
func (c *conn) Close() error {
	c.cable.mu.Lock()
	defer c.cable.mu.Unlock()
	c.sever()
	return nil
}

// IsValid is for package database/sql.
func (c *conn) IsValid() bool {
	valid, err := over(c, func() (bool, error) { return c.far.(driver.Validator).IsValid(), nil })
	return err == nil && valid
}

// ResetSession is for package database/sql.
func (c *conn) ResetSession(ctx context.Context) error {
	_, err := over(c, func() (any, error) { return nil, c.far.(driver.SessionResetter).ResetSession(ctx) })
	return err
}

// Ping is for package database/sql.
func (c *conn) Ping(ctx context.Context) error {
	_, err := over(c, func() (any, error) { return nil, c.far.(driver.Pinger).Ping(ctx) })
	return err
}

// Begin is for package database/sql, which prefers BeginTx.
func (c *conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

// BeginTx is for package database/sql.
func (c *conn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	return over(c, func() (driver.Tx, error) {
		far, err := c.far.(driver.ConnBeginTx).BeginTx(ctx, options)
		return tx{c, far}, err
	})
}

// ExecContext is for package database/sql.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return over(c, func() (driver.Result, error) { return c.far.(driver.ExecerContext).ExecContext(ctx, query, args) })
}

// QueryContext is for package database/sql.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return over(c, func() (driver.Rows, error) {
		far, err := c.far.(driver.QueryerContext).QueryContext(ctx, query, args)
		if err != nil {
			return nil, err
		}
		r := &rows{conn: c, far: far, columns: far.Columns()}
		c.rows[r] = true
		return r, nil
	})
}

// Prepare is for package database/sql. Nobody asks for it: the store and its queue run each statement once.
func (c *conn) Prepare(string) (driver.Stmt, error) {
	return nil, errors.New("a cable carries no prepared statements")
}

type tx struct {
	conn *conn
	far  driver.Tx
}

// Commit is for package database/sql.
func (t tx) Commit() error {
	_, err := over(t.conn, func() (any, error) { return nil, t.far.Commit() })
	return err
}

// Rollback is for package database/sql.
func (t tx) Rollback() error {
	_, err := over(t.conn, func() (any, error) { return nil, t.far.Rollback() })
	return err
}

type rows struct {
	conn    *conn
	far     driver.Rows
	columns []string
}

// Columns is for package database/sql.
func (r *rows) Columns() []string { return r.columns }

// Next is for package database/sql.
func (r *rows) Next(dest []driver.Value) error {
	_, err := over(r.conn, func() (any, error) { return nil, r.far.Next(dest) })
	return err
}

// Close is for package database/sql.
func (r *rows) Close() error {
	r.conn.cable.mu.Lock()
	defer r.conn.cable.mu.Unlock()
	return r.end()
}

// end is called with the cable held, perhaps twice.
func (r *rows) end() error {
	if !r.conn.rows[r] {
		return nil
	}
	delete(r.conn.rows, r)
	return r.far.Close()
}
