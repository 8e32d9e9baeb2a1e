package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slipway/integrations/github"
)

// Silence is news that should have come and did not.
type Silence struct {
	Kind  SilenceKind
	SHA   string       // that was pushed, or that the run is of
	Run   *github.Run  // nil of NoRun
	Pull  *github.Pull // whose checks the run is; nil: it is of the deploy branch
	Job   string       // of NotBegun the job that did not begin, "" if the run did not; of NotReleased the one that deployed
	Since time.Time    // what the news should have followed
	Due   time.Time    // from when on it is news that none came

	// Sure tells that somebody has looked since Due, or tried to: a webhook may be lost or late, so before that it is too
	// early to claim anything.
	Sure  bool
	Blind bool // it was tried, and the far end could not be read

	moved time.Time // of NotBegun, when the queue last moved: until then it was not late
}

// SilenceKind is which news did not come. It is stored: the words stay.
type SilenceKind string

// The silences.
const (
	NoRun       SilenceKind = "no run"       // of a push that runs are known to follow
	NotBegun    SilenceKind = "not begun"    // a run or job that is queued
	NotReleased SilenceKind = "not released" // a run whose deploying step passed, and Heroku released nothing meanwhile
	Stalled     SilenceKind = "stalled"      // a run that goes on, and nothing is heard of it
)

// After how long no news is news (facts/github.md §8.2), and what is told as new: nobody is helped by what went wrong last week.
const (
	runWithin     = 3 * time.Minute
	beginWithin   = 15 * time.Minute
	releaseWithin = 3 * time.Minute
	newsWithin    = 30 * time.Minute
	oldNews       = 24 * time.Hour
)

// within are those by kind.
func (kind SilenceKind) within() time.Duration {
	switch kind {
	case NoRun:
		return runWithin
	case NotBegun:
		return beginWithin
	case NotReleased:
		return releaseWithin
	}
	return newsWithin
}

// Key tells a silence from the others of its repository or, of NotReleased, of its app. It is stored for ever.
func (s Silence) Key() string {
	key := string(s.Kind) + " " + s.SHA
	if s.Run != nil {
		key = string(s.Kind) + " " + attemptKey(s.Run.ID, s.Run.Attempt)
	}
	if s.Kind == Stalled { // it may go on, and stall again
		key += " " + number(millis(s.Since))
	}
	return strings.TrimSpace(key + " " + s.Job)
}

// Sender is who is silent.
func (s Silence) Sender() Sender {
	if s.Kind == NotReleased {
		return Heroku
	}
	return GitHub
}

// Silences are the news that should have come by now, oldest first, sure ones and others, however long ago.
func (k *Known) Silences(now time.Time) []Silence {
	return only(k.awaited(), func(s Silence) bool { return !now.Before(s.Due) })
}

// NextSilence is when the next news should have come at the latest; zero: none is awaited.
func (k *Known) NextSilence(now time.Time) time.Time {
	var next time.Time
	for _, s := range k.awaited() {
		if s.Due.After(now) && (next.IsZero() || s.Due.Before(next)) {
			next = s.Due
		}
	}
	return next
}

// awaited are the news that have not come, in time or not.
func (k *Known) awaited() []Silence {
	list := slices.Concat(k.noRun(), k.notBegun(), k.stalled(), k.notReleased())
	for i := range list {
		list[i].Due = latest(list[i].Since, list[i].moved).Add(list[i].Kind.within())
		k.judge(&list[i])
	}
	slices.SortStableFunc(list, func(a, b Silence) int {
		return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.SHA, b.SHA), strings.Compare(a.Key(), b.Key()))
	})
	return list
}

// judge tells whether a silence is sure: what would show the news was read since it was due.
func (k *Known) judge(s *Silence) {
	lists := []Reading{k.reading(Runs, "")}
	switch {
	case s.Kind == NotReleased:
		lists = []Reading{k.reading(Releases, "")}
	case s.Kind == Stalled, s.Job != "":
		lists = append(lists, k.reading(Jobs, attemptKey(s.Run.ID, s.Run.Attempt)))
	}
	s.Sure = true
	for _, r := range lists {
		if r.troubled() && !r.Trouble.At.Before(s.Due) {
			s.Sure, s.Blind = true, true // nothing that the list leads to will be asked for
			return
		}
		s.Sure = s.Sure && !r.At.Before(s.Due)
	}
}
