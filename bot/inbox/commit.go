package inbox

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	mostBatch      = 256             // deliveries stored in one transaction
	mostBatchBytes = 4 << 20         // of their bodies, squeezed; one may be larger
	mostWaiting    = 1024            // requests that wait to be stored
	forStoring     = 4 * time.Second // how long a request waits to be stored
	forCommit      = 3 * time.Second // how long a transaction may take

	// gathering is how long a batch may wait for the senders of the one before. They need a moment to send again, and without
	// it a batch has half of them and costs as much.
	gathering  = time.Millisecond
	gatherFrom = 16 // requests; for fewer it is not worth the wait
)

// commits stores the deliveries of many requests in one transaction. There is no goroutine for it: of the requests that
// wait, one stores for all.
type commits struct {
	store func(ctx context.Context, batch []*delivery) error
	turn  chan struct{} // has something in it while nobody stores

	mu      sync.Mutex
	waiting []*entry
	busy    int           // requests that were stored last, and those that waited meanwhile
	enough  chan struct{} // closed when as many wait; nil: nobody asks

	under atomic.Int64 // requests that wait or store
}

// entry is a delivery on its way to be stored.
type entry struct {
	delivery *delivery
	done     chan error // gets what became of it
}

func newCommits(store func(ctx context.Context, batch []*delivery) error) *commits {
	c := &commits{store: store, turn: make(chan struct{}, 1)}
	c.turn <- struct{}{}
	return c
}

// put gives nil when the delivery is durable.
func (c *commits) put(ctx context.Context, d *delivery) error {
	if c.under.Add(1) > mostWaiting {
		c.under.Add(-1)
		return errCrowded
	}
	defer c.under.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, forStoring)
	defer cancel()
	e := &entry{delivery: d, done: make(chan error, 1)}
	c.join(e)
	for {
		select {
		case err := <-e.done:
			return err
		case <-c.turn:
			if ctx.Err() == nil {
				c.storeNext(ctx)
			}
			c.turn <- struct{}{}
		case <-ctx.Done():
			c.leave(e)
			return ctx.Err()
		}
	}
}

func (c *commits) join(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, e)
	if c.enough != nil && len(c.waiting) >= min(c.busy, mostBatch) {
		close(c.enough)
		c.enough = nil
	}
}

// storeNext stores for those that wait longest.
func (c *commits) storeNext(ctx context.Context) {
	c.gather()
	batch := c.take()
	if len(batch) == 0 {
		return
	}
	deliveries := make([]*delivery, len(batch))
	for i, e := range batch {
		deliveries[i] = e.delivery
	}
	// Others wait for it, so it does not end with the request that happens to do it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forCommit)
	defer cancel()
	err := c.store(ctx, deliveries)
	c.mu.Lock()
	c.busy = len(batch) + len(c.waiting)
	c.mu.Unlock()
	for _, e := range batch {
		e.done <- err
	}
}

// gather waits until all are there who were the last time, but not long.
func (c *commits) gather() {
	c.mu.Lock()
	if c.busy < gatherFrom || len(c.waiting) >= min(c.busy, mostBatch) {
		c.mu.Unlock()
		return
	}
	enough := make(chan struct{})
	c.enough = enough
	c.mu.Unlock()
	late := time.NewTimer(gathering)
	defer late.Stop()
	select {
	case <-enough:
	case <-late.C:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.enough = nil
}

// take takes the next batch out of those that wait.
func (c *commits) take() []*entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, bytes := 0, 0
	for n < len(c.waiting) && n < mostBatch {
		bytes += len(c.waiting[n].delivery.body)
		if n > 0 && bytes > mostBatchBytes {
			break
		}
		n++
	}
	batch := slices.Clone(c.waiting[:n])
	c.waiting = slices.Delete(c.waiting, 0, n)
	return batch
}

// leave takes out one that waits no longer. If it is being stored it may become durable without its sender knowing, who
// sends it again.
func (c *commits) leave(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.waiting, e); i >= 0 {
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
}

// pressed tells whether requests wait for the database.
func (c *commits) pressed() bool { return c.under.Load() > 0 }
