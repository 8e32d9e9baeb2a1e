package board

import "time"

// result is a board after an errand, and what else is to be written down.
type result struct {
	row
	wait      time.Duration // not before this long from now …
	notBefore int64         // and not before this time
	laterIn   time.Duration // there is something to see to this long from now; 0: nothing new
	doubted   bool          // a post of unknown outcome ended now
	forced    bool          // it must be written once more whatever it shows

	called   bool // a call was made
	answered bool // and Slack answered to it, other than that it will not have us

	limited    bool // by Slack's rate limit …
	limit      time.Duration
	strain     bool   // Slack was not reached or did not answer
	unwelcome  string // the code with which Slack refuses all we ask
	barred     string // the code with which the channel refuses
	parentGone bool   // the message in whose thread it was to stand
}

// result begins with the board as it is. A call that is not made gives its place back.
func (c *claim) result() result { return result{row: c.row} }

// unsent is the board as it was before a post was written down that certainly was not done.
func (c *claim) unsent() result {
	r := c.result()
	if c.errand == showing && c.ts == "" {
		r.doubt, r.tried = 0, c.before
	}
	return r
}

// isTrue says that the board shows this drawing, or has nothing to say.
func (r result) isTrue(d Drawing) result {
	r.shown, r.fails = r.wanted, 0
	r.ranked(d)
	return r
}

func (r *result) ranked(d Drawing) {
	r.judged, r.rank = r.wanted, 1
	if d.Urgent {
		r.rank = 0
	}
}

// failed waits longer each time.
func (r result) failed() result {
	r.wait = doubled(firstPause, longestPause, r.fails)
	r.fails++
	return r
}

// posted ends the doubt about where the message is. If another was given up before, that one may still arrive.
func (r *result) posted(late time.Duration) {
	r.doubt, r.looks = 0, 0
	if r.again != 0 {
		r.laterIn = late
		return
	}
	r.tried = 0
}

// unsure marks the hash of a message that may show something older.
func unsure(hash string) string { return "?" + hash }
