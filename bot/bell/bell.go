// Package bell wakes who rests between two looks for work, and tells others how many looks are due.
//
// It is apart because whoever keeps something true in the background needs it: boards, operations, notices and holds do.
package bell

import (
	"context"
	"sync/atomic"
	"time"
)

// Bell is rung by those who made work, after their commit, and heard by the one who does it.
type Bell struct {
	wake    chan struct{} // has something in it when there may be work
	rung    atomic.Int64
	settled atomic.Int64
}

// New makes a bell that was rung once: the first look is due.
func New() *Bell {
	b := &Bell{wake: make(chan struct{}, 1)}
	b.rung.Store(1)
	return b
}

// Ring makes a look due, and wakes who rests. It does not block.
func (b *Bell) Ring() {
	b.rung.Add(1)
	b.Wake()
}

// Wake wakes who rests, for work that is counted elsewhere. It does not block.
func (b *Bell) Wake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Rung is how often it was rung. Who looks asks before, and gives it to Settle when nothing was left to begin.
func (b *Bell) Rung() int64 { return b.rung.Load() }

// Settle says that a look which began after so many rings left nothing.
func (b *Bell) Settle(rung int64) { b.settled.Store(rung) }

// Due is how many rings were not followed by a look that left nothing. It is above 0 before the first look.
func (b *Bell) Due() int {
	settled := b.settled.Load()
	return int(b.rung.Load() - settled)
}

// Rest waits for d, for the bell, or for the end of ctx, and tells whether it was woken.
func (b *Bell) Rest(ctx context.Context, d time.Duration) (woken bool) { return rest(ctx, b.wake, d) }

// Pause waits for d, or for the end of ctx.
func Pause(ctx context.Context, d time.Duration) { rest(ctx, nil, d) }

func rest(ctx context.Context, wake <-chan struct{}, d time.Duration) (woken bool) {
	timer := time.NewTimer(max(d, time.Millisecond))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
		return true
	case <-timer.C:
	}
	return false
}
