package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"slipway/bot/store"
)

// note is a job that says something.
type note struct {
	Text string `json:"text"`
}

func (note) Kind() string { return "note" }

// notes is what was said, in order.
type notes struct {
	mu    sync.Mutex
	texts []string
	news  chan struct{}
}

func newNotes() *notes { return &notes{news: make(chan struct{}, 100)} }

func (n *notes) work(_ context.Context, j note) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.texts = append(n.texts, j.Text)
	n.news <- struct{}{}
	return nil
}

func (n *notes) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.texts)
}

// wait waits for so many.
func (n *notes) wait(t *testing.T, count int) []string {
	t.Helper()
	late := time.After(2 * time.Minute)
	for len(n.all()) < count {
		select {
		case <-n.news:
		case <-late:
			t.Fatalf("said so far: %q", n.all())
		}
	}
	return n.all()
}

const waiting = "select count(*) from river_job where state = 'available'"

func TestAJobExistsIfAndOnlyIfItsTransactionCommits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		o.Poll = time.Minute // whoever enqueues wakes the workers
		s := open(t, o)
		said := newNotes()
		store.Handle(s, said.work)
		enqueue := func(text string, end error) error {
			return s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return errors.Join(tx.Enqueue(ctx, note{text}), end)
			})
		}
		broken := errors.New("broken")
		if err := enqueue("rolled back before the start", broken); !errors.Is(err, broken) {
			t.Error(err)
		}
		if err := enqueue("before the start", nil); err != nil {
			t.Error(err)
		}
		if n := number(t, s, waiting); n != 1 {
			t.Errorf("%d jobs wait", n)
		}
		start(t, s)
		said.wait(t, 1)
		if err := enqueue("rolled back", broken); !errors.Is(err, broken) {
			t.Error(err)
		}
		if err := enqueue("after the start", nil); err != nil {
			t.Error(err)
		}
		if got := said.wait(t, 2); !slices.Equal(got, []string{"before the start", "after the start"}) {
			t.Errorf("said %q", got)
		}
	})
}

func TestOneOfTheSameJobWaits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		release, begun := make(chan struct{}), make(chan string, 10)
		store.Handle(s, func(_ context.Context, j note) error {
			begun <- j.Text
			<-release
			return nil
		})
		once := func(texts ...string) {
			do(t, s, func(ctx context.Context, tx *store.Tx) error {
				for _, text := range texts {
					if err := tx.EnqueueOnce(ctx, note{text}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		once("a", "a", "b")
		once("a", "b")
		if n := number(t, s, waiting); n != 2 {
			t.Errorf("%d jobs wait", n)
		}
		start(t, s)
		<-begun
		<-begun
		once("a", "a") // what was begun may not see what this transaction wrote
		if got := <-begun; got != "a" {
			t.Errorf("worked %q", got)
		}
		close(release)
	})
}

func TestAJobThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		o.Poll = 20 * time.Millisecond
		s := open(t, o)
		said := newNotes()
		attempt := 0
		store.Handle(s, func(ctx context.Context, j note) error {
			attempt++
			switch attempt {
			case 1:
				return errors.New("not yet")
			case 2:
				panic("nor yet")
			}
			return said.work(ctx, j)
		})
		start(t, s)
		begun := time.Now()
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, note{"a"}) })
		said.wait(t, 1)
		if d := time.Since(begun); d < 2900*time.Millisecond {
			t.Errorf("three attempts in %s", d)
		}
	})
}

func TestJobsSurviveCloseAndOpen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, note{"a"}) })
		closed(t, s)

		s = open(t, o)
		said := newNotes()
		store.Handle(s, said.work)
		start(t, s)
		said.wait(t, 1)
		closed(t, s)

		s = open(t, o)
		store.Handle(s, said.work)
		start(t, s)
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, note{"b"}) })
		if got := said.wait(t, 2); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("said %q: what is done is not done again", got)
		}
	})
}

func TestAJobHasTimeToEndWhenTheStoreCloses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		begun := make(chan struct{})
		ended := false
		store.Handle(s, func(ctx context.Context, _ note) error {
			close(begun)
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
				ended = true
			}
			return nil
		})
		start(t, s)
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, note{}) })
		<-begun
		closed(t, s)
		if !ended {
			t.Error("it was cut short")
		}
	})
}

func TestWorkersAreNamedBeforeTheStart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		said := newNotes()
		store.Handle(s, said.work)
		store.Handle(s, said.work)
		if err := s.Start(t.Context()); err == nil {
			t.Error("two workers for one kind")
		}
	})
}
