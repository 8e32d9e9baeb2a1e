package store_test

import (
	"context"
	"errors"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

func TestInABubbleJobsAreBegunAtOnceAndTriedAgainOnTime(t *testing.T) {
	t.Parallel()
	path := storetest.File(t)
	const failures = 6
	synctest.Test(t, func(t *testing.T) {
		s := open(t, store.Options{Path: path, Unsafe: true})
		said := newNotes()
		attempts := make(chan time.Duration, 20)
		begun := time.Now()
		store.Handle(s, func(ctx context.Context, j note) error {
			if j.Text == "fails" && len(attempts) < failures {
				attempts <- time.Since(begun)
				return errors.New("it fails")
			}
			return said.work(ctx, j)
		})
		start(t, s)
		time.Sleep(4*time.Minute + 30*time.Second)
		begun = time.Now()
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, note{"a"}) })
		said.wait(t, 1)
		if d := time.Since(begun); d > 20*time.Millisecond {
			t.Errorf("it was begun after %s", d)
		}

		begun = time.Now()
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, note{"fails"}) })
		<-said.news
		time.Sleep(5 * time.Minute)
		if got := said.all(); len(got) != 2 {
			t.Fatalf("said %q", got)
		}
		due := time.Duration(0)
		for n := range failures {
			at := <-attempts
			if late := at - due; late < 0 || late > 1500*time.Millisecond {
				t.Errorf("attempt %d came at %s, which is %s late", n+1, at, late)
			}
			due = at + time.Second<<n
		}
		if n := number(t, s, "select count(*) from river_job"); n != 0 {
			t.Errorf("%d jobs are still there minutes later", n)
		}
	})
}

// A conversation of hours must not cost seconds: an idle store costs 30 ms in ten simulated minutes, 350 ms with the race detector.
func BenchmarkTenIdleMinutes(b *testing.B) {
	path := storetest.File(b)
	for b.Loop() {
		var spent time.Duration
		run := func(t *testing.T) {
			s := open(t, store.Options{Path: path, Unsafe: true})
			store.Handle(s, newNotes().work)
			start(t, s)
			before := cpu()
			time.Sleep(10 * time.Minute)
			spent = cpu() - before
		}
		if !testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{
			Name: "idle",
			F:    func(t *testing.T) { synctest.Test(t, run) },
		}}) {
			b.Fatal("it failed")
		}
		b.ReportMetric(float64(spent.Milliseconds()), "cpu-ms/10min")
	}
}

// cpu is what this process has used.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
