package presence

import (
	"cmp"
	"time"
)

const (
	relook  = 10 * time.Minute       // while nobody is suspected
	confirm = 10 * time.Second       // between the two hellos that make it sure
	again   = fading + 5*time.Second // else: what the look before has closed must not blur this one
)

// verdict is what Slack's hellos tell of others. Times are in milliseconds since 1970 by the clock that all processes share; 0: never.
type verdict struct {
	more   int    // how many more Slack counts than ours, as last found; 0: none
	began  int64  // the first of the hellos in a row that counted more
	among  string // our processes at the latest hello
	known  int64  // since when it is sure
	fits   int64  // while somebody is suspected: since when it seems that nobody is there any more
	heard  int64  // the latest hello
	lookAt int64  // when the next is to be heard
}

// tally is what a hello is compared with.
type tally struct {
	slack int    // what Slack counts
	own   int    // of this process, surely open
	open  int    // of all our processes, open as they last wrote
	held  int    // of all our processes, the most that Slack can count
	among string // our processes
}

// after takes in a hello.
func (v verdict) after(t tally, now int64) verdict {
	same, fits := v.among == t.among, v.fits
	v.among, v.fits, v.heard, v.lookAt = t.among, 0, now, in(now, again)
	switch {
	case t.slack > t.held:
		return v.suspect(t.slack-t.held, same, now)
	case t.slack > t.open:
		return v // it is not clear
	case t.slack <= t.own || v.began == 0 || fits > 0 && now >= in(fits, alive):
		return verdict{among: t.among, heard: now, lookAt: in(now, relook)}
	}
	// A process that has just died may seem to hold what is somebody else's.
	v.fits = cmp.Or(fits, now)
	v.lookAt = in(v.fits, alive)
	return v
}

// suspect takes in that Slack counts more than ours.
func (v verdict) suspect(more int, same bool, now int64) verdict {
	v.more = more
	if v.known > 0 {
		return v
	}
	if v.began == 0 || !same {
		v.began = now
	}
	if sure := in(v.began, confirm); now < sure {
		v.lookAt = sure
		return v
	}
	v.known = now
	return v
}

// awaits tells that a second hello is soon to make it sure.
func (v verdict) awaits(now int64) bool {
	return v.began > 0 && v.known == 0 && v.lookAt > now && v.lookAt <= in(now, confirm)
}

// in is a time from now on.
func in(now int64, d time.Duration) int64 { return now + d.Milliseconds() }
