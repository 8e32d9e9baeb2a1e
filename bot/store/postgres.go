package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// postgresEngine is a database that several processes share.
// beginning bounds how long a process whose machine froze or vanished within a transaction keeps its rows from the others: the
// server ends it. It is said in the transaction, because behind PgBouncer a session's settings are those of somebody else.
const beginning = "begin; set local idle_in_transaction_session_timeout = '10s'"

type postgresEngine struct {
	options Options
	pool    *pgxpool.Pool
	queue   *queue[pgx.Tx]
	pulse   *pulse // nil before start
}

func openPostgres(ctx context.Context, o Options) (engine, error) {
	config, err := poolConfig(o.URL, o.Patience)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	e := &postgresEngine{options: o, pool: pool}
	o.Poll = cmp.Or(o.Poll, time.Second) // other processes enqueue, too
	e.queue, err = newQueue(riverpgxv5.New(pool), o, func(*river.Config) {})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return e, nil
}

// migrating is the number of the lock that a process has while it changes the tables: "slipway" in ASCII.
const migrating = 0x736c6970776179

// prepare holds a lock meanwhile, in a transaction of its own: PgBouncer gives no session that could hold one.
func (e *postgresEngine) prepare(ctx context.Context, ours func(context.Context) error) (int, error) {
	lock, err := e.connect(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = lock.Rollback(ctx) }() // nothing was written in it
	if _, err := lock.Exec(ctx, "select pg_advisory_xact_lock($1)", int64(migrating)); err != nil {
		return 0, fmt.Errorf("wait for another process to change the tables: %w", err)
	}
	newest, err := e.queue.migrate(ctx)
	if err != nil {
		return 0, err
	}
	return newest, ours(ctx)
}

// connect is the first use of the pool.
func (e *postgresEngine) connect(ctx context.Context) (pgx.Tx, error) {
	ctx, cancel := context.WithTimeout(ctx, e.options.Patience)
	defer cancel()
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		return nil, &awayError{err}
	}
	return tx, nil
}

// start begins to show that this process lives before its workers take jobs.
func (e *postgresEngine) start(ctx context.Context, workers *river.Workers) error {
	e.pulse = newPulse(e.pool, e.queue.inserts.ID(), e.options.Log, e.queue.look)
	if err := e.pulse.start(ctx); err != nil {
		return err
	}
	return e.queue.start(ctx, workers, e.options)
}

func (e *postgresEngine) wake(jobs []inserted) { e.queue.wake(jobs) }

func (e *postgresEngine) shared() bool { return true }

func (e *postgresEngine) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), e.options.Patience)
	defer cancel()
	err := e.queue.stop(e.pool.Ping(ctx) != nil)
	if e.pulse != nil {
		e.pulse.stop()
	}
	e.pool.Close()
	return err
}

func (e *postgresEngine) begin(ctx, _ context.Context) (transaction, error) {
	tx, err := e.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: beginning})
	if err != nil {
		return nil, err
	}
	return &postgresTx{tx, e}, nil
}

type postgresTx struct {
	pgx.Tx
	engine *postgresEngine
}

func (t *postgresTx) exec(ctx context.Context, sql string, args []any) (int64, error) {
	tag, err := t.Exec(ctx, sql, args...)
	return tag.RowsAffected(), err
}

func (t *postgresTx) query(ctx context.Context, sql string, args []any) (rows, error) {
	r, err := t.Query(ctx, sql, args...)
	return postgresRows{r}, err
}

func (t *postgresTx) insert(ctx context.Context, j Job) (inserted, error) {
	return t.engine.queue.insert(ctx, t.Tx, j)
}

// waits locks the job that it finds: River does not begin locked ones.
func (t *postgresTx) waits(ctx context.Context, kind, args string) (bool, error) {
	var found int
	err := t.QueryRow(ctx, `select 1 from river_job where state = 'available' and kind = $1 and args = cast($2::text as jsonb)
		limit 1 for share skip locked`, kind, args).Scan(&found)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (t *postgresTx) now(ctx context.Context) (now int64, err error) {
	err = t.QueryRow(ctx, "select "+databaseTime).Scan(&now)
	return now, err
}

// databaseTime is in milliseconds since 1970.
const databaseTime = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"

func (t *postgresTx) commit(ctx context.Context) error { return t.Commit(ctx) }

// rollback also serves when ctx is over. A connection that does not answer is thrown away.
func (t *postgresTx) rollback(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.engine.options.Patience)
	defer cancel()
	return t.Rollback(ctx)
}

// away takes everything for a statement's fault that Postgres said about one. Of what it says else, classes 08 (connection), 53
// (resources), 57 (operator: it shuts down) and 58 (its machine) mean that it does not serve, and 25006 that it is a standby:
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
func (t *postgresTx) away(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		switch said.Code[:2] {
		case "08", "53", "57", "58":
			return true
		}
		return said.Code == "25006"
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) || t.Conn().IsClosed() && !errors.Is(err, context.Canceled)
}

// postgresRows closes as package database/sql does.
type postgresRows struct{ pgx.Rows }

// Close gives what went wrong until then.
func (r postgresRows) Close() error {
	r.Rows.Close()
	return r.Err()
}
