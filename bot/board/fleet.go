package board

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// fleet is the errands under way.
type fleet struct {
	landed func() // is called when there is room for another

	mu    sync.Mutex
	ships map[*claim]context.CancelFunc
	done  sync.WaitGroup
}

func (f *fleet) size() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.ships)
}

// out gives the errands, always in the same order.
func (f *fleet) out() []*claim {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.SortedFunc(maps.Keys(f.ships), func(a, b *claim) int { return cmp.Compare(a.Key, b.Key) })
}

// send does an errand in a goroutine of its own.
func (f *fleet) send(ctx context.Context, c *claim, errand func(ctx context.Context, c *claim)) {
	ctx, cancel := context.WithCancel(ctx)
	f.mu.Lock()
	if f.ships == nil {
		f.ships = map[*claim]context.CancelFunc{}
	}
	f.ships[c] = cancel
	f.mu.Unlock()
	f.done.Go(func() {
		defer cancel()
		errand(ctx, c)
		f.mu.Lock()
		delete(f.ships, c)
		f.mu.Unlock()
		f.landed()
	})
}

// recall ends the errands' calls.
func (f *fleet) recall() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, cancel := range f.ships {
		cancel()
	}
}

// land waits for all errands. Those that take longer than the grace are recalled.
func (f *fleet) land(grace time.Duration) {
	late := time.AfterFunc(grace, f.recall)
	defer late.Stop()
	f.done.Wait()
}
