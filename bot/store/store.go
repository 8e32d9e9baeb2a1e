// Package store keeps what the bot must not forget, and the jobs that it still has to do: in one SQLite file, or in Postgres.
//
// It is apart because it knows no domain. What is above it writes one SQL for both engines and sees neither driver nor queue.
package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
)

// Options say where the data is and how it is kept.
type Options struct {
	URL      string                                  // postgres://…; "" is SQLite
	Path     string                                  // the SQLite file; it is made when it is not there
	Log      *slog.Logger                            // nil: nothing is logged
	Patience time.Duration                           // how long beginning a transaction may take, connecting included; 0: 1 s
	Connect  func(driver.Connector) driver.Connector // SQLite only: stands between the store and its file; nil: nothing does
	Shared   bool                                    // SQLite only: take no lock on the file; the caller sees to it that one process has it at a time
	Unsafe   bool                                    // SQLite only: do not wait for the disk, for tests whose data need not survive the machine
	Poll     time.Duration                           // how often workers look for jobs that others may have enqueued; 0: each second on Postgres, each minute on SQLite, where there are no others
	Workers  int                                     // how many jobs this store works at the same time; 0: 10
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Patience = cmp.Or(o.Patience, time.Second)
	o.Workers = cmp.Or(o.Workers, 10)
	return o
}

const (
	opening   = time.Minute      // migrations included
	answering = 30 * time.Second // one statement
	stopping  = 5 * time.Second  // jobs that are being worked have this long to end by themselves, and as long again once told to
)

// Store is a database and the workers of its jobs.
type Store struct {
	engine   engine
	patience time.Duration
	workers  *river.Workers

	mu      sync.Mutex
	started bool
	closed  bool
	wrong   error // what Handle could not say
}

// Open connects, takes the SQLite file for this process, and brings the tables up to date. It is bounded at a minute.
func Open(ctx context.Context, o Options) (*Store, error) {
	o = o.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, opening)
	defer cancel()
	connect := openSQLite
	if o.URL != "" {
		connect = openPostgres
	}
	e, err := connect(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{engine: e, patience: o.Patience, workers: river.NewWorkers()}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), e.close())
	}
	return s, nil
}

// Start lets the workers begin. It is called once, after the last Handle. They go on until Close, whatever becomes of ctx.
func (s *Store) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.wrong != nil:
		return s.wrong
	case s.started || s.closed:
		return errors.New("the store was started or closed before")
	}
	if err := s.engine.start(context.WithoutCancel(ctx), s.workers); err != nil {
		return fmt.Errorf("start the workers: %w", err)
	}
	s.started = true
	return nil
}

// Shared tells whether other processes may work on this database, too: on Postgres they may, SQLite's file belongs to one.
func (s *Store) Shared() bool { return s.engine.shared() }

// Close stops the workers, then lets go of the database. Jobs have 5 s to end, then 5 s to notice that their context did; what is
// not done by then is worked again after the next Start. It may be called twice.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return s.engine.close()
}

// engine is one of the two databases.
type engine interface {
	// begin is bounded by ctx, the transaction by life.
	begin(ctx, life context.Context) (transaction, error)
	// prepare brings River's tables up to date and gives the newest version that it knows. Another process waits meanwhile.
	prepare(ctx context.Context, ours func(context.Context) error) (newest int, err error)
	start(ctx context.Context, workers *river.Workers) error
	wake(jobs []inserted)
	shared() bool
	close() error
}

// transaction is a driver's own.
type transaction interface {
	exec(ctx context.Context, sql string, args []any) (int64, error)
	query(ctx context.Context, sql string, args []any) (rows, error)
	insert(ctx context.Context, j Job) (inserted, error)
	waits(ctx context.Context, kind, args string) (bool, error)
	now(ctx context.Context) (int64, error)
	away(err error) bool
	commit(ctx context.Context) error
	rollback(ctx context.Context) error
}

// rows are a driver's own.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}
