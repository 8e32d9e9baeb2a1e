package say

import (
	"fmt"
	"strings"
	"time"
)

const day = 24 * time.Hour

// At tells a moment as the house writes it: "14:05 UTC (22 min ago)". Another day comes with its date, "4 Jan 14:05 UTC
// (1 day ago)", and another year with its year. The zero time is "an unknown time".
func At(now, t time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	now, t = now.UTC(), t.UTC()
	layout := "2 Jan 2006 15:04 UTC"
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		layout = "15:04 UTC"
	case t.Year() == now.Year():
		layout = "2 Jan 15:04 UTC"
	}
	return t.Format(layout) + " (" + Ago(now, t) + ")"
}

// Ago tells how long before now t was, never rounded up: "40 s ago", "22 min ago", "2 h 58 min ago", "3 days ago". A time
// that is yet to come reads "in 22 min"; the zero time "at an unknown time".
func Ago(now, t time.Time) string {
	if t.IsZero() {
		return "at an unknown time"
	}
	d := now.Sub(t)
	switch {
	case d <= -time.Second:
		return "in " + coarse(-d)
	case d < time.Second: // clocks of other machines are a little ahead at times
		return "just now"
	}
	return coarse(d) + " ago"
}

// coarse tells d, at least a second, by its one or two largest units.
func coarse(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < day:
		return units(d, "h", time.Hour, "min", time.Minute)
	}
	return Count(int(d/day), "day", "days")
}

// For tells how long something took, rounded to the second: "2 min 5 s", "45 s", "1 h 5 min", "2 days 3 h". Under a
// second it is told in milliseconds.
func For(d time.Duration) string {
	if d = max(d, 0); d.Round(time.Millisecond) >= time.Second {
		d = d.Round(time.Second)
	}
	switch {
	case d < time.Millisecond/2:
		return "0 s"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond)/time.Millisecond)
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return units(d, "min", time.Minute, "s", time.Second)
	case d < day:
		return units(d, "h", time.Hour, "min", time.Minute)
	}
	days, rest := Count(int(d/day), "day", "days"), d%day/time.Hour
	if rest == 0 {
		return days
	}
	return fmt.Sprintf("%s %d h", days, rest)
}

// units tells d in two units, and leaves the second out when there is none of it.
func units(d time.Duration, large string, perLarge time.Duration, small string, perSmall time.Duration) string {
	return strings.TrimSuffix(fmt.Sprintf("%d %s %d %s", d/perLarge, large, d%perLarge/perSmall, small), " 0 "+small)
}
