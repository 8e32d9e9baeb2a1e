package store_test

import (
	"context"
	"errors"
	"testing"

	"slipway/bot/store"
)

func TestATransactionWhoseContextEndsBeforeItsCommitLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		exec(t, s, "create table ended (id bigint primary key)")
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, "insert into ended (id) values (1)")
			cancel()
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it gave %v", err)
		}
		var n int
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRow(ctx, "select count(*) from ended").Scan(&n)
		})
		if n != 0 {
			t.Errorf("%d rows were committed for nobody", n)
		}
	})
}
