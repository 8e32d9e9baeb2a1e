package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/riverqueue/river"

	"slipway/bot/store/migrations"
)

// Vitals is how a database is, as far as that can be told without changing it.
type Vitals struct {
	Postgres bool
	Version  string        // of the engine; "" if there is no database yet
	Tables   int           // the newest of our migrations that it has; 0: none yet
	Newest   int           // the newest that this version of slipway has
	Holder   int           // SQLite: the process that has the file, 0 if none has
	Took     time.Duration // the questions
}

// Vitals looks at an open database.
func (s *Store) Vitals(ctx context.Context) (v Vitals, err error) {
	steps, err := readSteps(migrations.Files)
	if err != nil {
		return Vitals{}, err
	}
	v.Newest = steps[len(steps)-1].version
	version, tables := "select sqlite_version()", "select count(*) from sqlite_master where type = 'table' and name = 'migrations'"
	switch s.engine.(type) {
	case *postgresEngine, postgresReader:
		v.Postgres = true
		version, tables = "select current_setting('server_version')", "select count(*) from pg_class where oid = to_regclass('migrations')"
	}
	began := time.Now()
	err = s.Do(ctx, func(ctx context.Context, tx *Tx) error {
		var there, newest int64
		if err := tx.QueryRow(ctx, version).Scan(&v.Version); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, tables).Scan(&there); err != nil || there == 0 {
			return err
		}
		err := tx.QueryRow(ctx, "select coalesce(max(version), 0) from migrations").Scan(&newest)
		v.Tables = int(newest)
		return err
	})
	v.Took = time.Since(began)
	return v, err
}

// Inspect looks at a database that this process does not have open. Like OpenToRead it takes no lock and makes no file, but it
// takes tables of any version, and none.
func Inspect(ctx context.Context, o Options) (Vitals, error) {
	o = o.withDefaults()
	connect := readSQLite
	if o.URL != "" {
		connect = readPostgres
	}
	e, err := connect(ctx, o)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return Vitals{}, fmt.Errorf("look at the database: %w", err)
	}
	if missing {
		steps, err := readSteps(migrations.Files)
		if err != nil {
			return Vitals{}, err
		}
		return Vitals{Newest: steps[len(steps)-1].version}, nil
	}
	s := &Store{engine: e, patience: o.Patience, workers: river.NewWorkers()}
	v, err := s.Vitals(ctx)
	if err = errors.Join(err, e.close()); err != nil {
		return Vitals{}, fmt.Errorf("look at the database: %w", err)
	}
	if !v.Postgres {
		v.Holder = living(o.Path)
	}
	return v, nil
}

// living is the process that has a SQLite file. The lock itself is not tried: a slipway that starts just then would be refused.
func living(path string) int {
	path, err := filepath.Abs(path)
	if err != nil {
		return 0
	}
	text, err := os.ReadFile(path + ".lock")
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return 0
	}
	return pid
}
