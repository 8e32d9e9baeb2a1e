package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteEngine is one file, one process and one connection.
type sqliteEngine struct {
	options Options
	db      *sql.DB
	lock    *fileLock // nil when the file is shared
	queue   *queue[*sql.Tx]
	tender  *tender
	turns   chan struct{} // holds a transaction's turn: first come, first served, which the pool does not promise
}

func openSQLite(_ context.Context, o Options) (engine, error) {
	if o.Path == "" {
		return nil, errors.New("there is neither the address of a Postgres nor the path of a file")
	}
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, err
	}
	e := &sqliteEngine{options: o, turns: make(chan struct{}, 1)}
	if !o.Shared {
		if e.lock, err = lockFile(path); err != nil {
			return nil, err
		}
	}
	if err := e.connect(path); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *sqliteEngine) connect(path string) error {
	// It holds what the team does, so nobody else on the machine reads it. SQLite gives its other files the same rights.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	connector, err := sqlite.NewConnector(dsn(path, e.options.Unsafe))
	if err != nil {
		return err
	}
	connector = statements{connector}
	if e.options.Connect != nil {
		connector = e.options.Connect(connector)
	}
	e.db = sql.OpenDB(connector)
	e.db.SetMaxOpenConns(1)
	e.tender = newTender(e.db, e.options.Log, func() { e.queue.look() })
	e.options.Poll = cmp.Or(e.options.Poll, time.Minute) // the tender knows when there is something
	e.queue, err = newQueue(riversqlite.New(e.db), e.options, func(c *river.Config) {
		c.LeaderElectionDisabled = true // the tender does what a leader would
		c.RetryPolicy = retries{e.tender.remind}
		c.Test.Time = standardClock{} // not only in tests
	})
	return err
}

// dsn is the file with what each connection is told first.
func dsn(path string, unsafe bool) string {
	synchronous := "synchronous(FULL)" // what is committed survives the machine's sudden end
	if unsafe {
		synchronous = "synchronous(OFF)"
	}
	q := url.Values{
		"_pragma": {"busy_timeout(1000)", "journal_mode(WAL)", synchronous, "foreign_keys(1)"},
		"_txlock": {"immediate"}, // a transaction that would write later could find that it cannot
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (e *sqliteEngine) prepare(ctx context.Context, ours func(context.Context) error) (int, error) {
	newest, err := e.queue.migrate(ctx)
	if err != nil {
		return 0, err
	}
	return newest, ours(ctx)
}

// start takes up what the process before this one left.
func (e *sqliteEngine) start(ctx context.Context, workers *river.Workers) error {
	if _, err := e.db.ExecContext(ctx, "update river_job set state = 'available' where state = 'running'"); err != nil {
		return err
	}
	if err := e.tender.start(ctx); err != nil {
		return err
	}
	return e.queue.start(ctx, workers, e.options)
}

func (e *sqliteEngine) wake(jobs []inserted) { e.queue.wake(jobs) }

func (e *sqliteEngine) shared() bool { return false }

func (e *sqliteEngine) close() error {
	var errs []error
	if e.queue != nil {
		errs = append(errs, e.queue.stop(e.gone()))
		e.tender.stop()
	}
	if e.db != nil {
		errs = append(errs, e.db.Close())
	}
	if e.lock != nil {
		errs = append(errs, e.lock.release())
	}
	return errors.Join(errs...)
}

// gone tells whether nothing can be written any more.
func (e *sqliteEngine) gone() bool {
	ctx, cancel := context.WithTimeout(context.Background(), e.options.Patience)
	defer cancel()
	err := e.db.PingContext(ctx)
	return err != nil && !errors.Is(err, context.DeadlineExceeded) // a long transaction is no reason
}

func (e *sqliteEngine) begin(ctx, life context.Context) (transaction, error) {
	select {
	case e.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("others have it: %w", ctx.Err())
	}
	tx, cancel, err := beginWithin(ctx, life, e.db)
	if err != nil {
		<-e.turns
		return nil, err
	}
	return &sqliteTx{Tx: tx, engine: e, cancel: cancel}, nil
}

// beginWithin begins a transaction that lives as long as life, unless it takes longer than ctx: database/sql knows one context for both.
func beginWithin(ctx, life context.Context, db *sql.DB) (*sql.Tx, func(), error) {
	living, cancel := context.WithCancelCause(life)
	var late atomic.Bool
	stop := context.AfterFunc(ctx, func() {
		late.Store(true)
		cancel(ctx.Err())
	})
	tx, err := db.BeginTx(living, nil)
	if !stop() && err == nil {
		_ = tx.Rollback() // it is cancelled, or about to be
		err = ctx.Err()
	}
	if err != nil {
		cancel(err)
		if late.Load() {
			err = fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		return nil, nil, err
	}
	return tx, func() { cancel(nil) }, nil
}

// sqliteAway tells errors of the file and its machine from those of a statement.
func sqliteAway(err error) bool {
	var coded *sqlite.Error
	if errors.As(err, &coded) {
		switch coded.Code() & 0xff { // the rest of the code says more about the same
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL,
			sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return true
		}
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded)
}
