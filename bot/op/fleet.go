package op

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// fleet is the attempts under way.
type fleet struct {
	landed func() // is called when there is room for another

	mu   sync.Mutex
	out  map[*Operation]context.CancelFunc
	done sync.WaitGroup
}

func (f *fleet) size() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.out)
}

// all gives the attempts, always in the same order.
func (f *fleet) all() []*Operation {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.SortedFunc(maps.Keys(f.out), func(a, b *Operation) int { return cmp.Compare(a.ID, b.ID) })
}

// send makes an attempt in a goroutine of its own.
func (f *fleet) send(ctx context.Context, o *Operation, attempt func(ctx context.Context, o *Operation)) {
	ctx, cancel := context.WithCancel(ctx)
	f.mu.Lock()
	if f.out == nil {
		f.out = map[*Operation]context.CancelFunc{}
	}
	f.out[o] = cancel
	f.mu.Unlock()
	f.done.Go(func() {
		defer cancel()
		attempt(ctx, o)
		f.mu.Lock()
		delete(f.out, o)
		f.mu.Unlock()
		f.landed()
	})
}

// recall ends an attempt's calls.
func (f *fleet) recall(o *Operation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cancel := f.out[o]; cancel != nil {
		cancel()
	}
}

// land waits for all attempts. Those that take longer than the grace are recalled.
func (f *fleet) land(grace time.Duration) {
	late := time.AfterFunc(grace, func() {
		for _, o := range f.all() {
			f.recall(o)
		}
	})
	defer late.Stop()
	f.done.Wait()
}
