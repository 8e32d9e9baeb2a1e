package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Turn tells whether it is this process's turn to do a duty: of all processes that look, one gets true, at most once in each period. It
// is measured on one clock, the database's (on SQLite, where there is one process, that of the process), so that clocks that differ
// give no two turns in a period. When that clock was set back by more than a period, the turn is given nevertheless.
func (s *Store) Turn(ctx context.Context, name string, every time.Duration) (mine bool, err error) {
	err = s.Do(ctx, func(ctx context.Context, tx *Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		var done int64
		err = tx.QueryRow(ctx, `insert into duties (name, done) values ($1, $2)
			on conflict (name) do update set done = excluded.done where duties.done <= $3 or duties.done > $4
			returning done`, name, now, now-every.Milliseconds(), now+every.Milliseconds()).Scan(&done)
		mine = err == nil
		if errors.Is(err, ErrNone) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("turn of %s: %w", name, err)
	}
	return mine, nil
}

// Now is the time of the clock that all processes share, in milliseconds since 1970: the database's; on SQLite, where there is one
// process, that of the process.
func (tx *Tx) Now(ctx context.Context) (now int64, err error) {
	err = tx.statement(ctx, nil, func(ctx context.Context, _ []any) (err error) {
		now, err = tx.t.now(ctx)
		return err
	})
	return now, err
}
