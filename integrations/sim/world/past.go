package world

import (
	"fmt"
	"time"
)

// past is what was before the story begins.
type past struct {
	merges     []merged         // oldest first; the last is live
	configured map[int]configed // the releases that set a config var, by version
	alone      bool             // there was no release before those
}

// merged is a pull request of the past and the release that came of it.
type merged struct {
	number  int
	title   string
	by      string
	method  string
	version int           // 0: its deploy failed, and no release came of it
	ago     time.Duration // before the start of the story, when its run began
	fixed   bool          // its tests failed once before they passed
}

type configed struct {
	key, by string
	ago     time.Duration
}

const day = 24 * time.Hour

// shortPast are the merges of most stories. The versions that are missing set config vars.
var shortPast = past{
	merges: []merged{
		{number: 36, title: "Show upcoming chats first", by: "bob", method: "merge", version: 111, ago: 27*day + 3*time.Hour},
		{number: 37, title: "Upgrade Django to 3.1.7", by: "alice", method: "merge", version: 112, ago: 24*day + 1*time.Hour},
		{number: 38, title: "Let people leave a chat", by: "bob", method: "squash", version: 114, ago: 20*day + 5*time.Hour},
		{number: 39, title: "Paginate the chat list", by: "alice", method: "merge", version: 115, ago: 18*day + 2*time.Hour},
		{number: 40, title: "Mail digests on Fridays", by: "bob", method: "squash", version: 116, ago: 13*day + 4*time.Hour},
		{number: 41, title: "Remember the last topic", by: "alice", method: "merge", version: 118, ago: 10*day + 1*time.Hour},
		{number: 42, title: "Match people by topic", by: "bob", method: "merge", version: 119, ago: 6*day + 3*time.Hour},
		{number: 43, title: "Cache the profile pictures", by: "alice", method: "squash", version: 120, ago: 4*day + 4*time.Hour},
		{number: 44, title: "Speed up the chat list", by: "bob", method: "merge", version: 122, ago: 3*time.Hour + 2*time.Minute},
	},
	configured: map[int]configed{
		113: {"EMAIL_HOST", "alice", 22 * day},
		117: {"SENTRY_DSN", "bob", 11 * day},
		121: {"SLACK_CHANNEL", "alice", 3*day + 20*time.Hour},
	},
}

// youngPast is that of an app that was released once.
func youngPast() past {
	return past{merges: shortPast.merges[len(shortPast.merges)-1:], alone: true}
}

// versions are those of the past, but for the first that was ever made, which has nothing before it.
func (p past) versions() (oldest, newest int) {
	newest = p.merges[len(p.merges)-1].version
	oldest = newest
	for _, m := range p.merges {
		if m.version > 0 {
			oldest = min(oldest, m.version)
		}
	}
	return oldest, newest
}

// begun is how long before the story the project began.
func (p past) begun() time.Duration { return (p.merges[0].ago/day + 3) * day }

// longPast has two merges each working day of a number of days before the story, and ends as the short one does. There is no
// chance in it.
func longPast(start time.Time, days int) past {
	last := shortPast.merges[len(shortPast.merges)-1]
	var times []time.Time // of the merges, oldest first
	for d := -days; d < 0; d++ {
		midnight := start.AddDate(0, 0, d).Truncate(day)
		if w := midnight.Weekday(); w != time.Saturday && w != time.Sunday {
			n := time.Duration(len(times))
			times = append(times, midnight.Add(10*time.Hour+n*17%50*time.Minute), midnight.Add(15*time.Hour+n*29%50*time.Minute))
		}
	}
	times = times[max(0, len(times)-last.number+1):]
	p := past{configured: map[int]configed{}}
	for i, at := range times {
		p.merges = append(p.merges, ordinary(last.number-len(times)+i, start.Sub(at)))
	}
	p.merges = append(p.merges, last)
	p.number(last.version)
	return p
}

// ordinary is a merge like many. Each seventh was red first, and the deploy of each eleventh failed.
func ordinary(number int, ago time.Duration) merged {
	does := []string{"Tidy", "Speed up", "Test", "Translate", "Simplify"}
	what := []string{"the chat list", "the profile page", "the digest mails", "the topics", "the login", "the calendar", "the search"}
	m := merged{
		number: number, title: does[number%len(does)] + " " + what[number%len(what)], by: []string{"alice", "bob"}[number%2],
		method: []string{"merge", "squash"}[number/2%2], version: 1, ago: ago, fixed: number%7 == 3,
	}
	if number%11 == 5 {
		m.version = 0
	}
	return m
}

// number gives the releases their versions, from the last one back. After each sixth merge a config var was set.
func (p past) number(version int) {
	for i := len(p.merges) - 1; i >= 0; i-- {
		m := &p.merges[i]
		if i < len(p.merges)-1 && m.number%6 == 0 {
			p.configured[version] = configed{fmt.Sprintf("FLAG_%d", m.number), m.by, m.ago - time.Hour}
			version--
		}
		if m.version > 0 {
			m.version = version
			version--
		}
	}
}
