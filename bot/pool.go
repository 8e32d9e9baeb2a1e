package bot

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/abreast"
)

// The sizes of the pool, and how long a request may wait for a worker before the person is told to come back.
const (
	workers  = 32
	tellers  = 4
	waiting  = 256
	patience = 2 * time.Second
)

// task is one request on its way through the pool. Exactly one of run and busy is called.
type task struct {
	run, busy func(ctx context.Context)

	taken atomic.Bool
	late  *time.Timer
}

// take claims the task for whoever comes first, a worker or the timer.
func (t *task) take() bool { return t.taken.CompareAndSwap(false, true) }

// pool works tasks side by side. A task that found no worker for as long as patience is not worked any more; a
// teller says so to the person, so that a slow far end never leaves them without a word.
type pool struct {
	work chan *task
	tell chan func(ctx context.Context)
	open atomic.Int64 // tasks that are not over, and what tellers have to say

	places  atomic.Int64   // reserved, or taken by tasks that wait
	putting sync.WaitGroup // places that were reserved and wait for their task

	untold func()          // called when somebody is left without a word: not even the tellers have room
	fault  func(err error) // called with a panic of a task, which nobody below has caught

	ctx, saying        context.Context // end when the pool stops waiting for its tasks, and for their last words
	cancel, cutItShort context.CancelFunc

	mu                     sync.RWMutex // guards the two flags; held for reading while something is put in
	workClosed, tellClosed bool
	workers, tellers       sync.WaitGroup
}

func newPool(untold func(), fault func(err error)) *pool {
	p := &pool{
		untold: untold, fault: fault,
		work: make(chan *task, waiting), tell: make(chan func(context.Context), waiting),
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.saying, p.cutItShort = context.WithCancel(context.Background())
	return p
}

// start lets the workers and tellers begin. Close ends them.
func (p *pool) start() {
	for range workers {
		p.workers.Go(func() {
			for t := range p.work {
				p.places.Add(-1)
				if t.take() {
					t.late.Stop()
					p.do(t.run)
				}
			}
		})
	}
	for range tellers {
		p.tellers.Go(func() {
			for say := range p.tell {
				p.do(say)
			}
		})
	}
}

// do calls f; a panic in it ends nothing else.
func (p *pool) do(f func(ctx context.Context)) {
	defer p.open.Add(-1)
	if err := abreast.Guard(func() error { f(p.ctx); return nil }); err != nil {
		p.fault(err)
	}
}

// reserve keeps a place for one task, or tells at once that there is no room. Whoever has a place gives it to put.
func (p *pool) reserve() bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.workClosed || p.places.Add(1) > waiting {
		p.places.Add(-1)
		return false
	}
	p.open.Add(1)
	p.putting.Add(1)
	return true
}

// put takes a task in, for which a place was reserved.
func (p *pool) put(run, busy func(ctx context.Context)) {
	defer p.putting.Done()
	t := &task{run: run, busy: busy}
	t.late = time.AfterFunc(patience, func() {
		if t.take() {
			if !p.say(t.busy) {
				p.untold()
			}
			p.open.Add(-1)
		}
	})
	p.work <- t // there is a place, so this does not block
}

// say lets a teller do something short, or tells that even they have no room.
func (p *pool) say(do func(ctx context.Context)) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.tellClosed {
		return false
	}
	p.open.Add(1)
	select {
	case p.tell <- do:
		return true
	default:
		p.open.Add(-1)
		return false
	}
}

// lastWords is how long a task whose time is over still has to say so.
const lastWords = 4 * time.Second

// close takes no more tasks and waits for those it has. After grace their contexts end, and a little later what they still
// have to say is cut short.
func (p *pool) close(grace time.Duration) {
	p.mu.Lock()
	p.workClosed = true
	p.mu.Unlock()
	hurry, hush := time.AfterFunc(grace, p.cancel), time.AfterFunc(grace+lastWords, p.cutItShort)
	defer func() {
		hurry.Stop()
		hush.Stop()
		p.cancel()
		p.cutItShort()
	}()

	p.putting.Wait()
	close(p.work)
	p.workers.Wait()
	p.mu.Lock()
	p.tellClosed = true
	p.mu.Unlock()
	close(p.tell)
	p.tellers.Wait()
}
