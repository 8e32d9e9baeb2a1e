package bot_test

import (
	"sync"
	"time"
)

// stall watches for moments in which the machine gives this process no time at all. What is measured then says nothing
// about anybody's acknowledgements.
type stall struct {
	longest time.Duration
	end     chan struct{}
	watcher sync.WaitGroup
}

const (
	stallTick = 10 * time.Millisecond
	mostStall = 150 * time.Millisecond // in a round that counts
)

func watchStalls() *stall {
	s := &stall{end: make(chan struct{})}
	s.watcher.Go(func() {
		ticks := time.NewTicker(stallTick)
		defer ticks.Stop()
		for last := time.Now(); ; {
			select {
			case <-ticks.C:
				now := time.Now()
				s.longest = max(s.longest, now.Sub(last)-stallTick)
				last = now
			case <-s.end:
				return
			}
		}
	})
	return s
}

// stop gives the longest stall.
func (s *stall) stop() time.Duration {
	close(s.end)
	s.watcher.Wait()
	return s.longest
}
