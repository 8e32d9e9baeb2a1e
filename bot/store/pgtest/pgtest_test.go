package pgtest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"slipway/bot/store/pgtest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := pgtest.Start(t), pgtest.Start(t)
	for _, url := range []string{one, two} {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "create table mine (id bigint)"); err != nil {
			t.Error(err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
