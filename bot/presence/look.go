package presence

import (
	"context"
	"time"

	"slipway/integrations/slack"
)

// watch is a presence that runs.
type watch struct {
	*Presence
	session *slack.Session
	looked  time.Time // when this process last had one more connection opened; zero: what it opened is let go
	well    bool      // the store answered
}

// round does what there is to do, and gives the time until the next.
func (w *watch) round(ctx context.Context) time.Duration {
	w.mu.Lock()
	h := w.latest
	w.mu.Unlock()
	r, err := w.turn(ctx, w.session.Stats().Open, h)
	if err != nil {
		if w.well && ctx.Err() == nil {
			w.Log.Warn("It cannot be told who else is connected to Slack", "error", err)
		}
		w.well = false
		w.trim(false, false)
		return retry
	}
	w.well = true
	w.taken(h)
	w.tell(r)
	w.trim(h != nil, r.is.awaits(r.now))
	if r.look && w.session.Look() {
		w.looked = time.Now()
	}
	return min(beat, max(time.Millisecond, time.Duration(r.is.lookAt-r.now)*time.Millisecond))
}

// taken forgets a hello that was compared, unless there is a newer one.
func (w *watch) taken(h *hello) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.latest == h {
		w.latest = nil
	}
}

// trim lets go of what was opened to look: once a hello was heard, or it is late. While a second hello is soon to make it sure
// nothing is closed, since Slack could count that still.
func (w *watch) trim(heard, awaits bool) {
	if w.looked.IsZero() || awaits || !heard && time.Since(w.looked) < lookWithin {
		return
	}
	w.session.Trim()
	w.looked = time.Time{}
}

// tell logs when it begins and when it ends.
func (w *watch) tell(r round) {
	switch {
	case r.was.known == 0 && r.is.known > 0:
		w.Log.Warn("Somebody else is connected to Slack with our app token, and gets a share of all commands", "connections", r.is.more)
	case r.was.known > 0 && r.is.known == 0:
		w.Log.Info("Nobody else is connected to Slack with our app token any more")
	}
}
