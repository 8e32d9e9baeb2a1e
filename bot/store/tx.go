package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Tx is one transaction. It serves one goroutine, and it ends with the work that it was given to. After a statement that failed it
// takes no other, on both engines.
type Tx struct {
	t      transaction
	open   *Rows // at most one
	failed error // the first statement that failed
	jobs   []inserted
}

// Exec tells how many rows a statement wrote. Placeholders are $1, $2, …; arguments are strings, whole numbers, []byte, pointers to
// these, and nil. Text that Postgres could not keep (a zero byte, bad UTF-8) gets U+FFFD in its place, on both engines.
func (tx *Tx) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	var n int64
	err := tx.statement(ctx, args, func(ctx context.Context, args []any) (err error) {
		n, err = tx.t.exec(ctx, sql, args)
		return err
	})
	return n, err
}

// Query reads rows. They are closed, or read to their end, before the next statement.
func (tx *Tx) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	ctx, cancel := context.WithTimeout(ctx, answering)
	var r *Rows
	err := tx.statement(ctx, args, func(_ context.Context, args []any) error {
		driven, err := tx.t.query(ctx, sql, args) // its context lives as long as the rows
		if err == nil {
			r = &Rows{tx: tx, rows: driven, cancel: cancel}
		}
		return err
	})
	if err != nil {
		cancel()
		return nil, err
	}
	tx.open = r
	return r, nil
}

// QueryRow reads one row: the first, if there are several. Its Scan must be called.
func (tx *Tx) QueryRow(ctx context.Context, sql string, args ...any) Row {
	r, err := tx.Query(ctx, sql, args...)
	return Row{r, err}
}

// Enqueue asks for a job. It exists if and only if the transaction commits.
func (tx *Tx) Enqueue(ctx context.Context, j Job) error {
	return tx.statement(ctx, nil, func(ctx context.Context, _ []any) error {
		done, err := tx.t.insert(ctx, j)
		if err != nil {
			return fmt.Errorf("enqueue %s: %w", j.Kind(), err)
		}
		tx.jobs = append(tx.jobs, done)
		return nil
	})
}

// EnqueueOnce asks for a job unless the same one (kind and JSON) waits to be begun, so that many events lead to one. The one that
// waits is not begun before this transaction has ended, and so sees what it wrote. When two Postgres transactions ask at the same
// time there may be two jobs.
func (tx *Tx) EnqueueOnce(ctx context.Context, j Job) error {
	args, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", j.Kind(), err)
	}
	var waits bool
	err = tx.statement(ctx, nil, func(ctx context.Context, _ []any) (err error) {
		waits, err = tx.t.waits(ctx, j.Kind(), string(args))
		return err
	})
	if err != nil || waits {
		return err
	}
	return tx.Enqueue(ctx, j)
}

var errOpen = errors.New("the rows of an earlier statement are still open")

// statement does what all statements have in common.
func (tx *Tx) statement(ctx context.Context, args []any, run func(context.Context, []any) error) error {
	switch {
	case tx.failed != nil:
		return fmt.Errorf("an earlier statement of this transaction failed: %w", tx.failed)
	case tx.open != nil:
		return errOpen
	}
	values, err := arguments(args)
	if err != nil {
		return err
	}
	return tx.answer(ctx, func(ctx context.Context) error { return run(ctx, values) })
}

// answer runs what asks the database for something, tells whether it is away, and remembers that it failed.
func (tx *Tx) answer(ctx context.Context, ask func(context.Context) error) error {
	if ctx.Err() != nil {
		return ctx.Err() // before the database was asked
	}
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	err := ask(ctx)
	if err == nil {
		return nil
	}
	if tx.t.away(err) {
		err = &awayError{err}
	}
	tx.failed = err
	return err
}

// commit ends the transaction, one way or the other: one whose context has ended is rolled back, since nobody asks the
// database for it any more.
func (tx *Tx) commit(ctx context.Context) error {
	tx.closeRows()
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), tx.t.rollback(context.WithoutCancel(ctx)))
	}
	return tx.answer(ctx, tx.t.commit)
}

func (tx *Tx) rollback(ctx context.Context) error {
	tx.closeRows()
	return tx.t.rollback(ctx)
}

func (tx *Tx) closeRows() {
	if tx.open != nil {
		_ = tx.open.Close() // they were not read to their end, so their end does not matter
	}
}
