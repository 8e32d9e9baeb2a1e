package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"modernc.org/sqlite"

	"slipway/bot/store/migrations"
)

// OpenToRead opens a database in which nothing is to be written, also while a bot works with it: it takes no lock, makes no file, and
// leaves the tables as they are. It refuses a database whose tables are not this version's. The store cannot be started.
func OpenToRead(ctx context.Context, o Options) (*Store, error) {
	o = o.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, opening)
	defer cancel()
	connect := readSQLite
	if o.URL != "" {
		connect = readPostgres
	}
	e, err := connect(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{engine: e, patience: o.Patience, workers: river.NewWorkers(), wrong: errors.New("the store was opened to be read")}
	if err := s.refuseOther(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), e.close())
	}
	return s, nil
}

// ErrOther says that a database has no tables of slipway's, or those of an older one.
var ErrOther = errors.New("its tables are not those of this slipway: slipway run makes them and brings them up to date")

// refuseOther wants the tables that this version makes.
func (s *Store) refuseOther(ctx context.Context) error {
	steps, err := readSteps(migrations.Files)
	if err != nil {
		return err
	}
	var newest int64
	err = s.Do(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.QueryRow(ctx, "select coalesce(max(version), 0) from migrations").Scan(&newest)
	})
	switch ours := int64(steps[len(steps)-1].version); {
	case Away(err) || ctx.Err() != nil:
		return err
	case err != nil: // there is no such table
		return fmt.Errorf("%w (%w)", ErrOther, err)
	case newest > ours:
		return errNewer
	case newest < ours:
		return ErrOther
	}
	return nil
}

// readSQLite takes no lock on the file: SQLite itself keeps who reads and who writes apart.
func readSQLite(_ context.Context, o Options) (engine, error) {
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	connector, err := sqlite.NewConnector(readDSN(path))
	if err != nil {
		return nil, err
	}
	e := &sqliteEngine{options: o, turns: make(chan struct{}, 1)}
	e.db = sql.OpenDB(statements{connector})
	e.db.SetMaxOpenConns(1)
	return e, nil
}

// readDSN allows the connection to write, for a reader of a file in WAL mode writes the marks of who reads; query_only keeps it from
// writing anything else.
func readDSN(path string) string {
	q := url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(1000)", "query_only(1)"}, "_txlock": {"deferred"}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func readPostgres(ctx context.Context, o Options) (engine, error) {
	e, err := openPostgres(ctx, o)
	if err != nil {
		return nil, err
	}
	return postgresReader{e.(*postgresEngine)}, nil
}

// postgresReader is a Postgres of which each transaction only reads.
type postgresReader struct{ *postgresEngine }

// readingBegins says it in the transaction, because PgBouncer passes on no setting of a session.
const readingBegins = "begin read only; set local idle_in_transaction_session_timeout = '10s'"

func (e postgresReader) begin(ctx, _ context.Context) (transaction, error) {
	tx, err := e.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: readingBegins})
	if err != nil {
		return nil, err
	}
	return &postgresTx{tx, e.postgresEngine}, nil
}
