package op_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
)

// process is one of several on a Postgres, in real time.
type process struct {
	*farEnd
	store  *store.Store
	engine *op.Engine
}

func newProcess(t *testing.T, url string, far *farEnd) *process {
	t.Helper()
	s, err := openDatabase(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{farEnd: far, store: s, engine: newEngine(s)}
	for kind, what := range map[string]string{"test": "on", "rival": "back"} {
		p.engine.Register(kind, func(ctx context.Context, o *op.Operation) error {
			_, err := op.Do(ctx, o, "turn it on", op.Effect[string]{
				Find: func(_ context.Context, since time.Time) (string, bool, error) { return far.find(what, since) },
				Act:  func(ctx context.Context) (string, error) { return far.act(ctx, what) },
			})
			return err
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.engine.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestOfTwoProcessesOneStartsIt(t *testing.T) {
	t.Parallel()
	url, far := pgtest.Start(t), &farEnd{}
	all := []*process{newProcess(t, url, far), newProcess(t, url, far)}
	k, err := all[0].engine.Offer(t.Context(), alice, deploys, plan())
	if err != nil {
		t.Fatal(err)
	}
	other, err := all[1].engine.Offer(t.Context(), bob, deploys, plan())
	if err != nil {
		t.Fatal(err)
	}
	far.tell(func(f *farEnd) { f.blind = say.Refuse("Nobody can tell.") })
	far.next("on", way{err: errCut})
	errs := make([]error, 16)
	var pressing sync.WaitGroup
	for i := range errs {
		value := k.Value()
		if i%4 > 1 {
			value = other.Value()
		}
		pressing.Go(func() { _, errs[i] = all[i%2].engine.Confirm(t.Context(), alice, value) })
	}
	pressing.Wait()
	started := 0
	for _, err := range errs {
		if err == nil {
			started++
			continue
		}
		refused(t, err)
	}
	if started != 1 {
		t.Errorf("%d clicks started it", started)
	}
	id, err := onlyOperation(t.Context(), all[0].store)
	if err != nil {
		t.Fatal(err)
	}
	all[0].until(t, "select count(*) from operations where state = 'unknown'")
	if n := far.count("on"); n != 1 {
		t.Errorf("the effect is there %d times", n)
	}
	all[1].closesOnce(t, all[0], id)
}

// closesOnce has two processes close an unknown operation at the same time.
func (p *process) closesOnce(t *testing.T, other *process, id string) {
	t.Helper()
	errs := make([]error, 2)
	var closing sync.WaitGroup
	closing.Go(func() { errs[0] = p.engine.Close(t.Context(), alice, id, true) })
	closing.Go(func() { errs[1] = other.engine.Close(t.Context(), bob, id, false) })
	closing.Wait()
	switch {
	case errs[0] == nil:
		refused(t, errs[1], "said so at")
	case errs[1] == nil:
		refused(t, errs[0], "said so at")
	default:
		t.Errorf("nobody closed it: %v", errs)
	}
}

func TestPlansOfAPostgresExpire(t *testing.T) {
	t.Parallel()
	url := pgtest.Start(t)
	s, err := openDatabase(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(s)
	e.Register("test", func(context.Context, *op.Operation) error { return nil })
	for range 3 {
		if _, err := e.Offer(t.Context(), alice, deploys, plan()); err != nil {
			t.Fatal(err)
		}
	}
	err = s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "update plans set expires = 1")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	p := newProcess(t, url, &farEnd{})
	p.until(t, "select count(*) from audit where what = 'expired' having count(*) = 3")
}

// until waits until a count is above 0.
func (p *process) until(t *testing.T, sql string) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) {
		var n int64
		err := p.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRow(ctx, sql).Scan(&n)
		})
		if err == nil && n > 0 {
			return
		}
	}
	t.Fatalf("it does not come: %s", sql)
}
