package chattest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// drawnTime draws <!date^seconds^format|fallback> for a reader in UTC. A format with a token that is not known here is
// drawn as its fallback, as by a client that is too old for it.
func drawnTime(target, fallback string) string {
	parts := strings.Split(target, "^")
	if len(parts) < 3 {
		return fallback
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	t := time.Unix(seconds, 0).UTC()
	drawn := strings.NewReplacer(
		"{date_num}", t.Format("2006-01-02"),
		"{date}", dayOf(t, t.Format("January ")),
		"{date_short}", t.Format("Jan 2, 2006"),
		"{date_long}", dayOf(t, t.Format("Monday, January ")),
		"{date_pretty}", near(t, dayOf(t, t.Format("January "))),
		"{date_short_pretty}", near(t, t.Format("Jan 2, 2006")),
		"{date_long_pretty}", near(t, dayOf(t, t.Format("Monday, January "))),
		"{time}", t.Format("15:04"),
		"{time_secs}", t.Format("15:04:05"),
	).Replace(parts[2])
	if strings.Contains(drawn, "{") {
		return fallback
	}
	return drawn
}

// dayOf puts day and year behind a month, as Slack does: "February 18th, 2014".
func dayOf(t time.Time, month string) string {
	ending := "th"
	switch t.Day() {
	case 1, 21, 31:
		ending = "st"
	case 2, 22:
		ending = "nd"
	case 3, 23:
		ending = "rd"
	}
	return fmt.Sprintf("%s%d%s, %d", month, t.Day(), ending, t.Year())
}

// near says yesterday, today or tomorrow where that is so.
func near(t time.Time, otherwise string) string {
	now := time.Now().UTC()
	for i, word := range []string{"yesterday", "today", "tomorrow"} {
		if t.Format(time.DateOnly) == now.AddDate(0, 0, i-1).Format(time.DateOnly) {
			return word
		}
	}
	return otherwise
}
