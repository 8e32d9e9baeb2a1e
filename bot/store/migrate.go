package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"time"

	"slipway/bot/store/migrations"
)

// migrate brings the tables up to date, one transaction a step. It refuses a database that a newer slipway has brought further.
func (s *Store) migrate(ctx context.Context) error {
	steps, err := readSteps(migrations.Files)
	if err != nil {
		return err
	}
	newest, err := s.engine.prepare(ctx, func(ctx context.Context) error {
		if err := s.recordMigrations(ctx); err != nil {
			return err
		}
		for _, step := range steps {
			if err := s.step(ctx, step); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.refuseNewer(ctx, steps[len(steps)-1].version, newest)
}

func (s *Store) recordMigrations(ctx context.Context) error {
	return s.Do(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, "create table if not exists migrations (version bigint primary key, name text not null, at bigint not null)")
		return err
	})
}

// step is one migration.
type step struct {
	version int
	name    string
	sql     string
}

// step runs a migration unless it has been.
func (s *Store) step(ctx context.Context, m step) error {
	err := s.Do(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Exec(ctx, "insert into migrations (version, name, at) values ($1, $2, $3) on conflict (version) do nothing",
			m.version, m.name, time.Now().UnixMilli())
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.Exec(ctx, m.sql)
		return err
	})
	if err != nil {
		return fmt.Errorf("migration %s: %w", m.name, err)
	}
	return nil
}

var errNewer = errors.New("a newer slipway has used this database, and its tables are unknown to this one: " +
	"run that version again or a newer one, or restore a backup from before it")

func (s *Store) refuseNewer(ctx context.Context, ours, rivers int) error {
	return s.Do(ctx, func(ctx context.Context, tx *Tx) error {
		var newer int64
		err := tx.QueryRow(ctx, `select (select count(*) from migrations where version > $1)
			+ (select count(*) from river_migration where version > $2)`, ours, rivers).Scan(&newer)
		if err == nil && newer > 0 {
			return errNewer
		}
		return err
	})
}

var stepName = regexp.MustCompile(`^([0-9]{4})_[a-z0-9_]+\.sql$`)

// readSteps reads NNNN_name.sql in the order of their numbers. No number is used twice: two people may have added one each.
func readSteps(files fs.FS) ([]step, error) {
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("there are no migrations")
	}
	steps := make([]step, len(names))
	for i, name := range names {
		found := stepName.FindStringSubmatch(name)
		if found == nil {
			return nil, fmt.Errorf("%q is no name of a migration: it is NNNN_name.sql", name)
		}
		version, _ := strconv.Atoi(found[1])
		if i > 0 && version == steps[i-1].version {
			return nil, fmt.Errorf("migrations %s and %s have the same number", steps[i-1].name, name)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		steps[i] = step{version, name, string(text)}
	}
	return steps, nil
}
