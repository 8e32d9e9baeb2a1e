package inbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/inbox"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

func TestManyDeliveriesAtOnceAreStoredInFewTransactions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		s.inbox.AroundStoring(func(_ context.Context, store func() error) error {
			time.Sleep(10 * time.Millisecond) // a disk
			return store()
		})
		const n = 300
		s.postSideBySide(n, 202)
		if stored := s.stored(); stored != n {
			t.Errorf("%d of %d are stored", stored, n)
		}
		if stats := s.inbox.Stats(); stats.Stored != n || stats.Transactions > 10 {
			t.Errorf("%+v", stats)
		}
	})
}

// postSideBySide posts n deliveries at once and wants one of these answers to each. It counts the answers.
func (s *station) postSideBySide(n int, want ...int) map[int]int {
	s.t.Helper()
	var mu sync.Mutex
	answers := map[int]int{}
	var posts sync.WaitGroup
	for i := range n {
		posts.Go(func() {
			got, _ := s.post(fromGitHub(fmt.Sprint(i), "workflow_run", runEvent(i)))
			mu.Lock()
			defer mu.Unlock()
			answers[got]++
		})
	}
	posts.Wait()
	known := 0
	for _, status := range want {
		known += answers[status]
	}
	if known != n {
		s.t.Errorf("answered %v, want only %v", answers, want)
	}
	return answers
}

func TestTheSameDeliveryManyTimesAtOnceIsStoredOnce(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.run()
	var posts sync.WaitGroup
	for range 50 {
		posts.Go(func() { s.want(202, fromGitHub("1", "workflow_run", runEvent(1))) })
	}
	posts.Wait()
	s.settle()
	if got := s.rows(2, `select id, trouble from deliveries`); len(got) != 1 {
		t.Errorf("stored are %v", got)
	}
}

func TestWithTheDatabaseAwayTheSenderIsToldSoInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db storetest.Cable
		s := newBubbleStation(t, func(o *store.Options, _ *inbox.Options) { o.Connect = db.Connect })
		s.want(202, fromGitHub("1", "ping", nil))
		db.Cut()
		began := time.Now()
		r := fromGitHub("2", "ping", nil).request(t.Context(), s.url)
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if took := time.Since(began); answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" || took > 5*time.Second {
			t.Errorf("%s with Retry-After %q after %s", answer.Status, answer.Header.Get("Retry-After"), took)
		}
		db.Mend()
		s.want(202, fromGitHub("2", "ping", nil))
		if n := s.stored(); n != 2 {
			t.Errorf("%d are stored", n)
		}
	})
}

func TestADatabaseThatHangsIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		s.inbox.AroundStoring(func(ctx context.Context, _ func() error) error {
			<-ctx.Done()
			return ctx.Err()
		})
		began := time.Now()
		s.postSideBySide(20, 503)
		if took := time.Since(began); took > 9500*time.Millisecond { // GitHub waits for 10 s
			t.Errorf("it took %s", took)
		}
	})
}

func TestASenderThatHangsUpDoesNotHurtTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		s.inbox.AroundStoring(func(_ context.Context, store func() error) error {
			time.Sleep(time.Second)
			return store()
		})
		ctx, hangUp := context.WithCancel(t.Context())
		var posts sync.WaitGroup
		posts.Go(func() {
			answer, err := s.client.Do(fromGitHub("first", "ping", nil).request(ctx, s.url)) // it stores for all
			if err == nil {
				_ = answer.Body.Close()
				t.Error("it should have hung up")
			}
		})
		time.Sleep(500 * time.Millisecond)
		posts.Go(func() { s.want(202, fromGitHub("second", "ping", nil)) })
		hangUp()
		posts.Wait()
		synctest.Wait()
		if got := s.rows(1, `select id from deliveries order by id`); fmt.Sprint(got) != "[first second]" {
			t.Errorf("stored are %v", got)
		}
	})
}

func TestMoreThanMemoryHoldsWaitsAndIsThenToldToComeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		// 40 senders that begin to send 900 KB each and then say nothing: all that is held is theirs.
		slow := make(chan struct{})
		var posts sync.WaitGroup
		var refused atomic.Int64
		for i := range 40 {
			posts.Go(func() {
				r := fromGitHub(fmt.Sprint("slow", i), "ping", nil).request(t.Context(), s.url)
				r.ContentLength, r.Body, r.GetBody = 900<<10, io.NopCloser(io.MultiReader(strings.NewReader("lava"), until(slow))), nil
				answer, err := s.client.Do(r)
				if err != nil {
					return // its time was over
				}
				_ = answer.Body.Close()
				if answer.StatusCode == http.StatusServiceUnavailable {
					refused.Add(1)
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		if status, text := s.post(fromGitHub("1", "ping", make([]byte, 900<<10))); status != 503 || time.Since(began) > 4*time.Second {
			t.Errorf("%d %q after %s", status, text, time.Since(began))
		}
		time.Sleep(20 * time.Second) // the slow ones have had their time
		s.want(202, fromGitHub("2", "ping", make([]byte, 900<<10)))
		close(slow)
		posts.Wait()
		if refused.Load() == 0 {
			t.Error("none of those that found no room was told to come again")
		}
	})
}

func TestASenderThatFallsSilentIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		silent := make(chan struct{})
		r := fromGitHub("1", "ping", nil).request(t.Context(), s.url)
		r.ContentLength, r.Body, r.GetBody = 1000, io.NopCloser(io.MultiReader(strings.NewReader("lava"), until(silent))), nil
		defer func() {
			close(silent)
			synctest.Wait()
		}()
		began := time.Now()
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if took := time.Since(began); answer.StatusCode != http.StatusBadRequest || took > 11*time.Second {
			t.Errorf("%s after %s", answer.Status, took)
		}
	})
}

func TestLargeBodiesLeaveRoomForSmallOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		slow := make(chan struct{})
		var posts sync.WaitGroup
		for i := range 5 {
			posts.Go(func() {
				r := fromGitHub(fmt.Sprint("large", i), "ping", nil).request(t.Context(), s.url)
				r.ContentLength, r.Body, r.GetBody = 20<<20, io.NopCloser(until(slow)), nil
				if answer, err := s.client.Do(r); err == nil {
					_ = answer.Body.Close()
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		s.want(202, fromGitHub("small", "workflow_run", runEvent(1)))
		if took := time.Since(began); took > 0 {
			t.Errorf("a small one waited for %s", took)
		}
		close(slow)
		posts.Wait()
	})
}

// until is a reader that gives nothing until the channel is closed, and then its end.
type until <-chan struct{}

func (u until) Read([]byte) (int, error) {
	<-u
	return 0, io.EOF
}
