package slack

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTenOpensAMinuteAndOneASecondWhateverHappens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p pace
		now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		var opens []time.Time
		for range rapid.IntRange(1, 80).Draw(t, "calls") {
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				p.ended(0)
			case 1:
				p.ended(rapid.Custom(func(t *rapid.T) time.Duration {
					return time.Duration(rapid.IntRange(0, 30).Draw(t, "s")) * time.Second
				}).Draw(t, "lived"))
			}
			opens = append(opens, p.reserve(now))
			now = now.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "ms")) * time.Millisecond)
		}
		for i, at := range opens {
			if i > 0 && at.Sub(opens[i-1]) <= time.Second {
				t.Fatalf("opens %d and %d are %v apart", i-1, i, at.Sub(opens[i-1]))
			}
			if i >= 10 && at.Sub(opens[i-10]) <= time.Minute {
				t.Fatalf("11 opens from %d on in %v", i-10, at.Sub(opens[i-10]))
			}
		}
	})
}

func TestAServerThatRecoversIsMetWithinSeconds(t *testing.T) {
	t.Parallel()
	var p pace
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var longest time.Duration
	for range 60 {
		at := p.reserve(now)
		longest = max(longest, at.Sub(now))
		p.ended(0)
		now = at
	}
	if longest > 16*time.Second {
		t.Errorf("up to %v pass between two attempts, want at most 16 s", longest)
	}
	p.ended(time.Hour)
	if at := p.reserve(now.Add(time.Hour)); !at.Equal(now.Add(time.Hour)) {
		t.Errorf("after an hour's connection the next open waits %v, want none", at.Sub(now.Add(time.Hour)))
	}
}
