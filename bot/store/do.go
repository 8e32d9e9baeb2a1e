package store

import (
	"context"
	"errors"
	"fmt"
)

// Do runs one transaction: it commits when work gives nil, and rolls back when work gives an error or panics. Nothing that waits
// for the network belongs into work: on SQLite everybody else waits for the transaction to end.
//
// When the database goes away while it commits, Do gives an error of which Away is true, and the transaction may be done or not.
func (s *Store) Do(ctx context.Context, work func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(within{s}) != nil {
		return errors.New("a transaction within a transaction: use the one that is there")
	}
	t, err := s.begin(ctx)
	if err != nil {
		return err
	}
	tx := &Tx{t: t}
	open := true
	defer func() {
		if open {
			_ = tx.rollback(ctx) // the reason is on its way already; a connection that cannot roll back is thrown away
		}
	}()
	if err := work(context.WithValue(ctx, within{s}, true), tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return fmt.Errorf("the transaction had failed: %w", tx.failed)
	}
	open = false
	if err := tx.commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if len(tx.jobs) > 0 {
		s.engine.wake(tx.jobs)
	}
	return nil
}

// within marks the context of a transaction's work.
type within struct{ s *Store }

// begin waits no longer than the store has patience. A caller who had given up, or had no time left, learns nothing about the database.
func (s *Store) begin(ctx context.Context) (transaction, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("begin: %w", ctx.Err())
	}
	bounded, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	t, err := s.engine.begin(bounded, ctx)
	switch {
	case err == nil:
		return t, nil
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, fmt.Errorf("begin: %w", err)
	}
	return nil, &awayError{fmt.Errorf("begin: %w", err)}
}
