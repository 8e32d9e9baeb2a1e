// Package pgtest gives tests a Postgres of their own, from the machine's binaries: on Debian, those of the package postgresql.
//
// It is apart because several packages' tests need one, and nothing else does.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// shared is the test binary's one cluster: to begin one costs a second. It ends with the binary, however that ends.
var shared = sync.OnceValues(begin)

// databases counts those that were made in it.
var databases atomic.Int64

// Start gives the address of a fresh, empty database, which is dropped when the test ends. Where the machine has no Postgres the test
// is skipped, or fails when CI is true.
func Start(t testing.TB) (url string) {
	t.Helper()
	c, err := shared()
	if err != nil {
		missing(t, "POSTGRES", err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := c.ask("create database " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.ask("drop database " + name + " with (force)"); err != nil {
			t.Error(err)
		}
	})
	return c.url(name)
}

// missing ends a test that needs a program: on CI it must be there.
func missing(t testing.TB, program string, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("NO %s FOR THIS TEST: %v", program, err)
	}
	t.Skipf("NO %s FOR THIS TEST: %v", program, err)
}

// ask runs one statement in the database that every cluster has.
func (c *cluster) ask(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // the statement is done
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", strings.TrimSpace(sql), err)
	}
	return nil
}
