package say

import (
	"fmt"
	"time"
)

// Date marks a moment for Slack to draw as the reader's own clock shows it: "14:05". Where a mark is not drawn it reads
// "14:05 UTC". It tells no day: use it for what is read on the day that it speaks of. The zero time is "an unknown time".
func Date(t time.Time) string { return date(t, "{time}", "15:04 UTC") }

// Day is Date with the day: "yesterday 14:05", or "4 Jan 2026 14:05 UTC" where the mark is not drawn.
func Day(t time.Time) string { return date(t, "{date_short_pretty} {time}", "2 Jan 2006 15:04 UTC") }

// date is Slack's mark (facts/slack.md, "Message design"): <!date^seconds^format|fallback>.
func date(t time.Time, format, fallback string) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return fmt.Sprintf("<!date^%d^%s|%s>", t.Unix(), format, t.UTC().Format(fallback))
}
