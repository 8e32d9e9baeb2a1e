package fleet_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/fleet"
)

func TestLandWaitsForAllAndRecallsWhoIsLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var landed, recalled atomic.Int64
		f := fleet.Fleet[string]{Landed: func() { landed.Add(1) }, Name: func(s string) string { return s }}
		for _, name := range []string{"c", "a", "b"} {
			f.Send(t.Context(), name, func(ctx context.Context, name string) {
				if name == "a" {
					return
				}
				<-ctx.Done()
				recalled.Add(1)
			})
		}
		synctest.Wait()
		if got := f.All(); f.Size() != 2 || !slices.Equal(got, []string{"b", "c"}) {
			t.Errorf("under way are %q", got)
		}
		f.Recall("b", "nobody")
		synctest.Wait()
		if got := f.All(); !slices.Equal(got, []string{"c"}) {
			t.Errorf("after one was recalled there are %q", got)
		}
		began := time.Now()
		f.Land(5 * time.Second)
		if took := time.Since(began); took != 5*time.Second || landed.Load() != 3 || recalled.Load() != 2 {
			t.Errorf("it took %v, %d landed, %d were recalled", took, landed.Load(), recalled.Load())
		}
	})
}
