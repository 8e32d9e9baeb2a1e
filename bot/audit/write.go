package audit

import (
	"context"
	"errors"
	"fmt"

	"slipway/bot/store"
)

// errNoHead says that what the next row is to follow is gone. Nothing is changed then that would have to be written down.
var errNoHead = errors.New("the audit trail has lost its head: slipway audit says more")

// Write adds an entry to the trail, in the transaction of what it tells about: either both are kept or neither is. Secrets are taken
// out first, and what is very long is cut.
//
// It is the last thing that a transaction does, but for further calls of it and tx.Enqueue: it locks the head until the transaction
// ends, for which all who write wait in all processes. Who locked the head and then waited for another row could wait for ever for
// somebody who has that row and waits for the head.
func Write(ctx context.Context, tx *store.Tx, e Entry) error {
	if err := write(ctx, tx, e); err != nil {
		return fmt.Errorf("write %q to the audit trail: %w", e.What, err)
	}
	return nil
}

func write(ctx context.Context, tx *store.Tx, e Entry) error {
	e, err := e.cleaned()
	if err != nil {
		return err
	}
	var seq int64
	var prev string
	err = tx.QueryRow(ctx, "update audit_head set seq = seq + 1 where one = 1 returning seq, hash").Scan(&seq, &prev)
	if errors.Is(err, store.ErrNone) {
		return errNoHead
	}
	if err != nil {
		return err
	}
	s, err := e.follow(seq, prev)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into audit (seq, at, app, operation, who, what, text, detail, prev, hash)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		seq, e.At.UnixMilli(), s.app, s.operation, s.who, s.what, s.text, s.detail, s.prev, s.hash)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "update audit_head set hash = $1 where one = 1", s.hash)
	return err
}
