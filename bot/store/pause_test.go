package store

import (
	"testing"
	"time"
)

func TestPausesDoubleToTenMinutesAndLastADay(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 10: 512 * time.Second, 11: 10 * time.Minute, 1000: 10 * time.Minute} {
		if got := pause(n); got != want {
			t.Errorf("after failure %d: %s", n, got)
		}
	}
	var all time.Duration
	for n := range attempts {
		all += pause(n)
	}
	if all < 23*time.Hour || all > 25*time.Hour {
		t.Errorf("a job is tried for %s", all)
	}
}
