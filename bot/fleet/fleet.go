// Package fleet sends work out in goroutines that are counted, can be recalled, and are waited for.
//
// It is apart because whoever takes work from the database under a lease needs it: boards and operations do.
package fleet

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Fleet is the work under way. Landed and Name are set before anything is sent.
type Fleet[T comparable] struct {
	Landed func()         // is called when there is room for more
	Name   func(T) string // what the order of All goes by

	mu   sync.Mutex
	out  map[T]context.CancelFunc
	done sync.WaitGroup
}

// Size is how much work is under way.
func (f *Fleet[T]) Size() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.out)
}

// All gives the work under way, always in the same order.
func (f *Fleet[T]) All() []T {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.SortedFunc(maps.Keys(f.out), func(a, b T) int { return cmp.Compare(f.Name(a), f.Name(b)) })
}

// Send has one done in a goroutine of its own.
func (f *Fleet[T]) Send(ctx context.Context, one T, do func(ctx context.Context, one T)) {
	ctx, cancel := context.WithCancel(ctx)
	f.mu.Lock()
	if f.out == nil {
		f.out = map[T]context.CancelFunc{}
	}
	f.out[one] = cancel
	f.mu.Unlock()
	f.done.Go(func() {
		defer cancel()
		do(ctx, one)
		f.mu.Lock()
		delete(f.out, one)
		f.mu.Unlock()
		f.Landed()
	})
}

// Recall ends the calls of these.
func (f *Fleet[T]) Recall(list ...T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range list {
		if cancel := f.out[one]; cancel != nil {
			cancel()
		}
	}
}

// Land waits for all. Those that take longer than the grace are recalled.
func (f *Fleet[T]) Land(grace time.Duration) {
	late := time.AfterFunc(grace, func() { f.Recall(f.All()...) })
	defer late.Stop()
	f.done.Wait()
}
