package ledger

import (
	"bytes"
	"encoding/json"
	"time"
)

// claim is how much one telling of something that changes has to say. All that changes together is taken from the telling
// with the greatest claim, whole; what never changes is taken from any.
type claim struct {
	final bool      // it cannot change any more
	at    time.Time // the far end's own time of this state; zero if it has none
	rank  int       // which of several states of the same time comes later
	read  time.Time // when the request was begun that told it; zero: a webhook did
}

// settled is how long after its own time a state must have been read for the reading to be the last word on that time.
// Nearer to it, what was read may be older: far ends round their times to seconds, and their clocks are not ours.
const settled = 10 * time.Second

// compare orders claims: what is final, then what is later, then what was read well after that time, then what comes later
// in the course of things, then what was read later. A webhook counts as read before everything.
func (c claim) compare(o claim) int {
	for _, n := range [...]int{
		int(yes(c.final) - yes(o.final)),
		c.at.Compare(o.at),
		c.settled().Compare(o.settled()),
		c.rank - o.rank,
		c.read.Compare(o.read),
	} {
		if n != 0 {
			return n
		}
	}
	return 0
}

func (c claim) settled() time.Time {
	if c.at.IsZero() || c.read.Sub(c.at) < settled {
		return time.Time{}
	}
	return c.read
}

// greater gives the one of two tellings that has the greater claim. Between equal claims the text of what varies decides,
// which means nothing but is the same in whatever order they came.
func greater[F any, V comparable](a, b F, of func(F) claim, varying func(F) V) F {
	n := of(a).compare(of(b))
	if n == 0 {
		if va, vb := varying(a), varying(b); va != vb {
			n = bytes.Compare(text(va), text(vb))
		}
	}
	if n < 0 {
		return b
	}
	return a
}

// whole is for tellings that vary as a whole.
func whole[F comparable](f F) F { return f }

// asText is whole for those that hold lists.
func asText[F any](f F) string { return string(text(f)) }

// text is a value as it is stored. What cannot be, such as a year of five digits, is nothing.
func text(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// latest is the later of two times.
func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// ranks are the states of runs, jobs, steps and checks in the order in which they come (facts/github.md §2).
func rank(status string) int {
	for i, s := range [...]string{"requested", "queued", "pending", "waiting", "in_progress", completed} {
		if s == status {
			return i + 1
		}
	}
	return 0
}

const completed = "completed"
