package store

import (
	"context"
	"database/sql/driver"
	"strings"
)

// statements stands between database/sql and the SQLite driver and prepares each statement once for a connection: a quarter
// of a short transaction's time would go into understanding the same texts again.
type statements struct{ far driver.Connector }

// keptStatements is how many a connection keeps. The store's own are fewer; when River's are more, it begins anew.
const keptStatements = 256

// Driver is for package database/sql.
func (s statements) Driver() driver.Driver { return s.far.Driver() }

// Connect is for package database/sql.
func (s statements) Connect(ctx context.Context) (driver.Conn, error) {
	far, err := s.far.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &statementConn{sqliteConn: far.(sqliteConn), kept: map[string]*statement{}}, nil
}

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type statementConn struct {
	sqliteConn
	kept map[string]*statement
}

// statement is one that is prepared. While rows of it are open it cannot run again.
type statement struct {
	far  driver.Stmt
	open bool
}

// ExecContext is for package database/sql.
func (c *statementConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, text, args)
	}
	return s.far.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext is for package database/sql.
func (c *statementConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, text, args)
	}
	far, err := s.far.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.open = true
	return &statementRows{far, s}, nil
}

// prepared gives the statement of a text, or nothing if it is to be run as it is: one that is running, or a script of several.
func (c *statementConn) prepared(ctx context.Context, text string) (*statement, error) {
	if s := c.kept[text]; s != nil {
		if s.open {
			return nil, nil
		}
		return s, nil
	}
	if strings.Contains(text, ";") {
		return nil, nil
	}
	far, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if len(c.kept) >= keptStatements {
		c.forget()
	}
	s := &statement{far: far}
	c.kept[text] = s
	return s, nil
}

// forget lets go of all that are not running.
func (c *statementConn) forget() {
	for text, s := range c.kept {
		if !s.open {
			_ = s.far.Close()
			delete(c.kept, text)
		}
	}
}

// Close is for package database/sql. It lets go of the statements first: they belong to the connection.
func (c *statementConn) Close() error {
	for _, s := range c.kept {
		_ = s.far.Close()
	}
	clear(c.kept)
	return c.sqliteConn.Close()
}

type statementRows struct {
	driver.Rows
	of *statement
}

// Close is for package database/sql.
func (r *statementRows) Close() error {
	r.of.open = false
	return r.Rows.Close()
}
