package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"slipway/bot/inbox"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
)

// stopAt says where the worker role stands still, to be killed there.
const stopAt = "INBOX_STOP_AT"

// crashed is how many deliveries a process took that is killed.
const crashed = 20

// workUntilKilled is a process that takes deliveries and stands still at one point of its work.
func workUntilKilled(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	st, err := storetest.Open(ctx, store.Options{Path: os.Getenv(pathOf), URL: os.Getenv(urlOf), Log: log})
	if err != nil {
		return err
	}
	in := inbox.New(inbox.Options{Store: st, Log: log, GitHubSecrets: [][]byte{[]byte(gitHubSecret)}})
	standStill := func() {
		fmt.Println("stands still")
		<-ctx.Done()
	}
	switch os.Getenv(stopAt) {
	case "before the work":
		in.BeforeReading(standStill)
	case "after folding":
		in.AroundFolding(func(fold func() error) error {
			err := fold()
			standStill() // what was folded is not committed
			return err
		})
	}
	running, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	parts.Go(func() {
		for os.Getenv(stopAt) != "" && in.Stats().Stored < crashed && running.Err() == nil {
			time.Sleep(time.Millisecond) // or the first delivery alone would be folded
		}
		in.Run(running)
	})
	err = serve(ctx, in.Handler())
	cancel()
	parts.Wait()
	return errors.Join(err, st.Close())
}

// engines gives each test both databases, as the environment of a role and as options.
func engines(t *testing.T, test func(t *testing.T, o store.Options, env []string)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		o := store.Options{Path: t.TempDir() + "/inbox.db"}
		test(t, o, []string{pathOf + "=" + o.Path})
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		o := store.Options{URL: pgtest.Start(t)}
		test(t, o, []string{urlOf + "=" + o.URL})
	})
}

func TestNothingIsLostOrDoneTwiceByKill9(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"before the work", "after folding"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			engines(t, func(t *testing.T, o store.Options, env []string) {
				const n = crashed
				first := start(t, "worker", append(slices.Clone(env), stopAt+"="+where)...)
				postTo(t, first.says("listens"), 0, n)
				first.says("stands still")
				first.kill()

				second := start(t, "worker", env...)
				target := second.says("listens")
				awaitWorked(t, o, n)
				postTo(t, target, 0, n) // the senders do not know, and send all of it again
				postTo(t, target, n, 1)
				awaitWorked(t, o, n+1)
			})
		})
	}
}

// postTo posts so many events to a process and wants each to be taken.
func postTo(t *testing.T, target string, from, n int) {
	t.Helper()
	s := &station{t: t, url: "http://" + target, client: http.DefaultClient}
	for i := from; i < from+n; i++ {
		s.want(202, fromGitHub(fmt.Sprint("delivery-", i), "workflow_run", runEvent(i+1)))
	}
}

// awaitWorked waits until n deliveries are worked, each once, and looks whether the ledger knows their runs.
func awaitWorked(t *testing.T, o store.Options, n int) {
	t.Helper()
	o.Shared = true // the process has the lock; SQLite itself lets others read meanwhile
	s, err := storetest.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	deadline := time.Now().Add(patience)
	for len(rowsOf(t, s, 1, `select id from deliveries where worked is not null`)) < n {
		if time.Now().After(deadline) {
			t.Fatalf("worked are %v", rowsOf(t, s, 3, `select id, worked, trouble from deliveries order by seq`))
		}
		time.Sleep(20 * time.Millisecond)
	}
	if not := rowsOf(t, s, 3, `select id, times, trouble from deliveries where times <> 1 or trouble is not null`); len(not) > 0 {
		t.Errorf("not worked once: %v", not)
	}
	if runs := rowsOf(t, s, 1, `select cast(id as text) from ledger_runs`); len(runs) != n {
		t.Errorf("the ledger knows %d runs, want %d", len(runs), n)
	}
}

func TestOfTwoProcessesOneWorksEachDelivery(t *testing.T) {
	t.Parallel()
	o := store.Options{URL: pgtest.Start(t)}
	env := urlOf + "=" + o.URL
	first, second := start(t, "worker", env), start(t, "worker", env)
	targets := []string{first.says("listens"), second.says("listens")}
	const n = 400
	var posts sync.WaitGroup
	for line := range 8 {
		posts.Go(func() {
			for i := line; i < n; i += 8 {
				// Every third delivery goes to both, as a sender does that got no answer.
				postTo(t, targets[i%2], i, 1)
				if i%3 == 0 {
					postTo(t, targets[(i+1)%2], i, 1)
				}
			}
		})
	}
	posts.Wait()
	awaitWorked(t, o, n)
}
