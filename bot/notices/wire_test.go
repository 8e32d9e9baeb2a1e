package notices_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
)

// deaths are where a process is killed. The first costs half a minute, since it is not known whether something was posted.
var deaths = []string{
	"while drawing", "in the fold's transaction", "between the fold's commit and the nudge",
	"after the news were claimed", "after a notice was written down", "before the tell's commit", "after the tell's commit",
	"post answered", "update answered",
}

// moments are the statements that tell where a process is. That of a drawing is outside of the tell's transaction.
var moments = []struct{ begins, death string }{
	{"insert into news ", "in the fold's transaction"},
	{"insert into notices ", "after the news were claimed"},
	{"insert into boards ", "after a notice was written down"},
	{telling, "before the tell's commit"},
	{"select app, channel, at from notices where key", "while drawing"},
}

// telling is the last statement of the tell's transaction.
const telling = "update news set due"

// death kills this process at the nth passing of a place.
type death struct {
	place string
	left  atomic.Int64
}

func (d *death) at(place string) {
	if place == d.place && d.left.Add(-1) == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// hears is told each statement before it reaches the database, and whether its transaction has told.
func (d *death) hears(sql string, told *bool) {
	sql = strings.TrimSpace(sql)
	for _, m := range moments {
		if strings.HasPrefix(sql, m.begins) {
			d.at(m.death)
		}
	}
	*told = *told || strings.HasPrefix(sql, telling)
}

// RoundTrip is where Slack's calls pass: death comes when the answer is there and nobody knows of it.
func (d *death) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	switch r.URL.Path {
	case "/api/chat.postMessage":
		d.at("post answered")
	case "/api/chat.update":
		d.at("update answered")
	}
	return answer, err
}

// file stands between a store and its SQLite file.
func (d *death) file(far driver.Connector) driver.Connector { return deathConnector{far, d} }

type deathConnector struct {
	driver.Connector
	death *death
}

// Connect is for package database/sql.
func (c deathConnector) Connect(ctx context.Context) (driver.Conn, error) {
	far, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &deathConn{fileConn: far.(fileConn), death: c.death}, nil
}

// fileConn is what the store's connections can do.
type fileConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type deathConn struct {
	fileConn
	death *death
	told  bool // by the transaction
}

// ExecContext is for package database/sql.
func (c *deathConn) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	c.death.hears(sql, &c.told)
	return c.fileConn.ExecContext(ctx, sql, args)
}

// QueryContext is for package database/sql.
func (c *deathConn) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
	c.death.hears(sql, &c.told)
	return c.fileConn.QueryContext(ctx, sql, args)
}

// BeginTx is for package database/sql.
func (c *deathConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.told = false
	tx, err := c.fileConn.BeginTx(ctx, o)
	return deathTx{tx, c}, err
}

type deathTx struct {
	driver.Tx
	conn *deathConn
}

// Commit is for package database/sql.
func (t deathTx) Commit() error {
	err := t.Tx.Commit()
	if t.conn.told {
		t.conn.death.at("after the tell's commit")
	}
	return err
}

// server listens in front of a Postgres and gives its own address. It hears the statements that pass.
func (d *death) server(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	far := u.Host
	u.Host = l.Addr().String()
	go func() { // until the process ends
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go d.pass(near, far)
		}
	}()
	return u.String(), nil
}

// pass carries a connection. A message of the client's is a byte that names it, four of length, and the rest; only the first
// one, which says who is there, has no name.
func (d *death) pass(near net.Conn, address string) {
	defer near.Close()
	far, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer far.Close()
	line := &line{death: d, statements: map[string]string{}}
	go func() {
		defer near.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := far.Read(buffer)
			if line.committing.Load() {
				d.at("after the tell's commit")
			}
			if _, failed := near.Write(buffer[:n]); errors.Join(err, failed) != nil {
				return
			}
		}
	}()
	for named := false; ; named = true {
		message, err := next(near, named)
		if err != nil {
			return
		}
		if named {
			line.hears(message[0], message[5:])
		}
		if _, err := far.Write(message); err != nil {
			return
		}
	}
}

func next(from io.Reader, named bool) ([]byte, error) {
	head := make([]byte, 4, 5)
	if named {
		head = head[:5]
	}
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	rest := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
	_, err := io.ReadFull(from, rest)
	return append(head, rest...), err
}

// line is what is known of a connection to Postgres.
type line struct {
	death      *death
	statements map[string]string // that were prepared, by name
	told       bool              // by the transaction
	committing atomic.Bool       // of one that told
}

func (l *line) hears(kind byte, body []byte) {
	fields := bytes.SplitN(body, []byte{0}, 3)
	switch kind {
	case 'P': // prepare: name, text
		l.statements[string(fields[0])] = string(fields[1])
	case 'B': // bind: portal, name
		l.death.hears(l.statements[string(fields[1])], &l.told)
	case 'Q': // begin, commit and their like
		l.committing.Store(l.told && string(fields[0]) == "commit")
		l.told = false
	}
}
