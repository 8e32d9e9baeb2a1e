package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"slipway/bot/store"
)

func TestOneContenderHasTheTurn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		contenders := []*store.Store{open(t, o)}
		if o.URL != "" {
			contenders = append(contenders, open(t, o), open(t, o))
		}
		for round := range 5 {
			var won atomic.Int64
			var done sync.WaitGroup
			for _, s := range contenders {
				for range 4 {
					done.Go(func() {
						mine, err := s.Turn(t.Context(), fmt.Sprint("catch-up ", round), time.Hour)
						if err != nil {
							t.Error(err)
						}
						if mine {
							won.Add(1)
						}
					})
				}
			}
			done.Wait()
			if n := won.Load(); n != 1 {
				t.Errorf("round %d: %d have the turn", round, n)
			}
		}
		if mine, err := contenders[0].Turn(t.Context(), "pruning", time.Hour); err != nil || !mine {
			t.Errorf("another duty: %t, %v", mine, err)
		}
		exec(t, contenders[0], "update duties set done = done - 3600000 where name = 'pruning'")
		if mine, err := contenders[0].Turn(t.Context(), "pruning", time.Hour); err != nil || !mine {
			t.Errorf("an hour later: %t, %v", mine, err)
		}
		exec(t, contenders[0], "update duties set done = done + 7200000 where name = 'pruning'")
		if mine, err := contenders[0].Turn(t.Context(), "pruning", time.Hour); err != nil || !mine {
			t.Errorf("after the clock was set back: %t, %v", mine, err)
		}
	})
}
