package say_test

import (
	"testing"
	"time"

	"slipway/bot/say"
)

func TestAMomentIsDrawnByTheReadersClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 5, 14, 5, 59, 0, time.FixedZone("CET", 3600))
	for name, tc := range map[string]struct{ got, want string }{
		"time":         {say.Date(at), "<!date^1767618359^{time}|13:05 UTC>"},
		"day and time": {say.Day(at), "<!date^1767618359^{date_short_pretty} {time}|5 Jan 2026 13:05 UTC>"},
		"none":         {say.Date(time.Time{}), "an unknown time"},
		"no day":       {say.Day(time.Time{}), "an unknown time"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %q, want %q", name, tc.got, tc.want)
		}
	}
}
