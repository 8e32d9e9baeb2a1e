package op_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/board"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

// The variables by which the test binary knows that it is to be a process that carries out an operation.
const (
	databaseVariable = "OP_TEST_DATABASE"
	farVariable      = "OP_TEST_FAR"
	deathVariable    = "OP_TEST_DEATH"   // the place
	confirmVariable  = "OP_TEST_CONFIRM" // "yes": it has the plan confirmed
)

func TestMain(m *testing.M) {
	if os.Getenv(databaseVariable) == "" {
		os.Exit(m.Run())
	}
	if err := beChild(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// beChild goes on until the one operation has ended, or its input does.
func beChild() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	s, err := openDatabase(ctx, os.Getenv(databaseVariable))
	if err != nil {
		return err
	}
	c := &child{far: os.Getenv(farVariable), death: os.Getenv(deathVariable)}
	e := newEngine(s)
	e.Register("test", c.run)
	var running sync.WaitGroup
	running.Go(func() { e.Run(ctx) })
	if os.Getenv(confirmVariable) == "yes" {
		if err := c.confirm(ctx, e); err != nil {
			return err
		}
	}
	for ctx.Err() == nil && !ended(ctx, s) {
		time.Sleep(20 * time.Millisecond)
	}
	cancel()
	running.Wait()
	return s.Close()
}

// openDatabase opens a Postgres or a SQLite file.
func openDatabase(ctx context.Context, database string) (*store.Store, error) {
	o := store.Options{Path: database, Unsafe: true} // the machine lives on
	if strings.HasPrefix(database, "postgres://") {
		o = store.Options{URL: database}
	}
	o.Patience = time.Minute // rounds are played side by side, on machines with much else to do
	return storetest.Open(ctx, o)
}

func newEngine(s *store.Store) *op.Engine {
	boards := board.New(board.Options{Store: s})
	return op.New(op.Options{
		Store: s, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Allowed: func(context.Context, access.Who, string, settings.Verb) error { return nil },
		Manner: func(context.Context, access.Who, string, error, bool) access.Manner {
			return access.Manner{Recorded: true}
		},
		MayWrite:  func(string) error { return nil },
		Alone:     func(context.Context) error { return nil },
		Ambiguous: func(error) bool { return true },
		Touch:     boards.Touch, Nudge: func() {},
	})
}

// ended tells whether the operation was confirmed and has ended.
func ended(ctx context.Context, s *store.Store) bool {
	var n int64
	err := s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from operations where state <> 'open'").Scan(&n)
	})
	return err == nil && n == 1
}

// child is such a process.
type child struct {
	far, death string
}

// at kills this process at a place.
func (c *child) at(place string) {
	if place == c.death {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (c *child) confirm(ctx context.Context, e *op.Engine) error {
	k, err := e.Offer(ctx, alice, deploys, plan())
	if err == nil {
		_, err = e.Confirm(ctx, alice, k.Value())
	}
	c.at("confirmed")
	return err
}

// run is two effects with a watch between them, and a place to die at each boundary.
func (c *child) run(ctx context.Context, o *op.Operation) error {
	c.at("a Run begins")
	if _, err := op.Do(ctx, o, "turn it on", c.effect("on")); err != nil {
		return err
	}
	c.at("on, after the result")
	if _, err := op.Wait(ctx, o, "it is on", op.Watch[string]{Every: 200 * time.Millisecond, Look: c.look}); err != nil {
		return err
	}
	c.at("watched, after the result")
	if _, err := op.Do(ctx, o, "tell the rest", c.effect("rest")); err != nil {
		return err
	}
	c.at("rest, after the result")
	return nil
}

// settle is how long the simulated far end may make an effect after its connection died.
const settle = 3 * time.Second

func (c *child) effect(what string) op.Effect[string] {
	return op.Effect[string]{
		Guard: func(ctx context.Context) error {
			_, err := c.ask(ctx, "guard", what, time.Time{})
			c.at(what + ", before the record of its beginning")
			return err
		},
		Find: func(ctx context.Context, since time.Time) (string, bool, error) {
			id, err := c.ask(ctx, "find", what, since)
			return id, id != "", err
		},
		Act: func(ctx context.Context) (string, error) {
			c.at(what + ", after the record of its beginning")
			id, err := c.ask(ctx, "act", what, time.Time{})
			if err == nil {
				c.at(what + ", after the effect")
			}
			return id, err
		},
		Settle: settle,
	}
}

func (c *child) look(ctx context.Context) (string, bool, error) {
	c.at("watched, before a look")
	id, err := c.ask(ctx, "look", "on", time.Time{})
	c.at("watched, after a look")
	return id, id != "", err
}

// ask calls the far end, and tells it whom to kill in the midst of it.
func (c *child) ask(ctx context.Context, call, what string, since time.Time) (id string, err error) {
	query := url.Values{"call": {call}, "what": {what}, "pid": {fmt.Sprint(os.Getpid())}, "death": {c.death}, "since": {fmt.Sprint(since.UnixMilli())}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.far+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	err = json.NewDecoder(answer.Body).Decode(&id)
	return id, errors.Join(err, answer.Body.Close())
}

// onlyOperation is the id of the one operation that there is.
func onlyOperation(ctx context.Context, s *store.Store) (id string, err error) {
	err = s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select id from operations").Scan(&id)
	})
	return id, err
}
