package storetest_test

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

type task struct{ Name string }

func (task) Kind() string { return "task" }

// A conversation kills the bot in the middle of a job and builds it anew at the same instant.
func TestAStoreThatWasCutOffLeavesItsJobsToTheNext(t *testing.T) {
	t.Parallel()
	path := storetest.File(t)
	synctest.Test(t, func(t *testing.T) {
		var line storetest.Cable
		old, err := store.Open(t.Context(), store.Options{Path: path, Shared: true, Unsafe: true, Connect: line.Connect})
		if err != nil {
			t.Fatal(err)
		}
		begun := make(chan struct{})
		store.Handle(old, func(ctx context.Context, _ task) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		if err := old.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		err = old.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, task{"a"}) })
		if err != nil {
			t.Fatal(err)
		}
		<-begun
		line.Cut()
		ended := make(chan time.Duration, 1)
		killed := time.Now()
		go func() {
			_ = old.Close() // it has a job that it cannot end
			ended <- time.Since(killed)
		}()

		var other storetest.Cable
		s := open(t, path, &other)
		again := make(chan time.Duration, 1)
		store.Handle(s, func(_ context.Context, j task) error {
			again <- time.Since(killed)
			return nil
		})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d := <-again; d > time.Second {
			t.Errorf("the job was begun again after %s", d)
		}
		if d := <-ended; d > time.Second {
			t.Errorf("the old store ended after %s", d)
		}
	})
}

func TestAFileIsReady(t *testing.T) {
	t.Parallel()
	if path := storetest.File(t); filepath.Dir(path) == filepath.Dir(storetest.File(t)) {
		t.Error("two tests share a folder")
	}
}
