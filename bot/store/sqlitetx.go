package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// sqliteTx has the engine's turn until it ends.
type sqliteTx struct {
	*sql.Tx
	engine *sqliteEngine
	cancel func()
}

func (t *sqliteTx) exec(ctx context.Context, sql string, args []any) (int64, error) {
	result, err := t.ExecContext(ctx, sql, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t *sqliteTx) query(ctx context.Context, sql string, args []any) (rows, error) {
	return t.QueryContext(ctx, sql, args...)
}

func (t *sqliteTx) insert(ctx context.Context, j Job) (inserted, error) {
	return t.engine.queue.insert(ctx, t.Tx, j)
}

func (t *sqliteTx) waits(ctx context.Context, kind, args string) (bool, error) {
	var found int
	err := t.QueryRowContext(ctx, "select 1 from river_job where state = 'available' and kind = $1 and json(args) = json($2) limit 1",
		kind, args).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// now is this process's clock: there is no other process.
func (t *sqliteTx) now(context.Context) (int64, error) { return time.Now().UnixMilli(), nil }

// away also knows the transaction that database/sql has rolled back because its context ended.
func (t *sqliteTx) away(err error) bool { return sqliteAway(err) }

func (t *sqliteTx) commit(context.Context) error {
	defer t.end()
	return t.Commit()
}

func (t *sqliteTx) rollback(context.Context) error {
	defer t.end()
	return t.Rollback()
}

func (t *sqliteTx) end() {
	t.cancel()
	<-t.engine.turns
}
