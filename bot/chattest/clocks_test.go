package chattest

import (
	"testing"
	"testing/synctest"
	"time"
)

// inBubble tells how much time passes in f.
func inBubble(t *testing.T, f func()) time.Duration {
	t.Helper()
	var took time.Duration
	synctest.Test(t, func(*testing.T) {
		start := time.Now()
		f()
		took = time.Since(start)
	})
	return took
}

func never() bool  { return false }
func always() bool { return true }

func TestClocksWaitAsLongAsTheySay(t *testing.T) {
	t.Parallel()
	soon := func(d time.Duration) func() bool {
		var since time.Time
		return func() bool {
			if since.IsZero() {
				since = time.Now()
			}
			return time.Since(since) >= d
		}
	}
	for name, tc := range map[string]struct {
		wait func()
		want time.Duration
	}{
		"a bubble settles at once":                    {func() { bubbleClock{}.Settle(always) }, 0},
		"a bubble settles when it is quiet":           {func() { bubbleClock{}.Settle(soon(time.Second)) }, time.Second},
		"a bubble settles for 5 s at most":            {func() { bubbleClock{}.Settle(never) }, 5 * time.Second},
		"a bubble sleeps":                             {func() { _ = bubbleClock{}.Sleep(time.Hour) }, time.Hour},
		"a bubble waits from second to second":        {func() { bubbleClock{}.Wait(soon(90 * time.Millisecond)) }, time.Second},
		"a bubble waits for two hours at most":        {func() { bubbleClock{}.Wait(never) }, 2 * time.Hour},
		"real time settles after 150 ms of quiet":     {func() { RealClock{}.Settle(always) }, 150 * time.Millisecond},
		"real time counts from the last noise":        {func() { RealClock{}.Settle(soon(time.Second)) }, 1140 * time.Millisecond},
		"real time settles for 30 s at most":          {func() { RealClock{}.Settle(never) }, 30 * time.Second},
		"real time does not sleep":                    {func() { _ = RealClock{}.Sleep(time.Hour) }, 0},
		"real time waits no longer than it must":      {func() { RealClock{}.Wait(always) }, 0},
		"real time, too, waits for two hours at most": {func() { RealClock{}.Wait(never) }, 2 * time.Hour},
	} {
		if got := inBubble(t, tc.wait); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestRealTimeCannotBeMoved(t *testing.T) {
	t.Parallel()
	if (RealClock{}).Sleep(0) == nil {
		t.Error("real time slept")
	}
}
