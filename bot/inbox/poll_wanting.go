package inbox

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/reader"
)

// wanting reads what no webhook tells of an app, soon after it is known to be missing: what lies between two commits, and
// what was lost of the rest.
type wanting struct {
	*Duties
	app    config.App
	nudges chan struct{} // something may be missing
	again  chan struct{} // what could not be read may be tried again

	failed map[ledger.Want]bool      // could not be read; until the next catch-up
	read   map[ledger.Want]time.Time // when it last could be
	seen   map[ledger.Want]bool      // those that the last look found missing
}

const (
	// coalesced is how long what webhooks tell may go on before it is looked at: ten in a second are one look.
	coalesced = 3 * time.Second
	// settled is how long what was read stays as it is: what a run does is not read more often.
	settled = 30 * time.Second
)

func (w *wanting) nudge() {
	select {
	case w.nudges <- struct{}{}:
	default:
	}
}

// retry is a nudge after which also what failed is tried again.
func (w *wanting) retry() {
	select {
	case w.again <- struct{}{}:
	default:
	}
}

// concerned tells whether some of what changed is about the app or its repository.
func (w *wanting) concerned(changed []ledger.Subject) bool {
	return slices.ContainsFunc(changed, func(s ledger.Subject) bool {
		return s.Kind != ledger.KindReading && s.Kind != ledger.KindHeard &&
			(s.Scope == ledger.RepoScope(w.app.Repo) || strings.EqualFold(s.Scope, w.app.Name))
	})
}

// run looks after each nudge, and again while there is something to wait for.
func (w *wanting) run(ctx context.Context) {
	w.failed, w.read, w.seen = map[ledger.Want]bool{}, map[ledger.Want]time.Time{}, map[ledger.Want]bool{}
	for {
		select {
		case <-w.nudges:
		case <-w.again:
			clear(w.failed)
		case <-ctx.Done():
			return
		}
		for more := true; more && ctx.Err() == nil; {
			sleep(ctx, coalesced)
			err := guard(func() error {
				more = w.look(ctx)
				return nil
			})
			if err != nil {
				more = false
				w.Log.Error("what is missing is not read", "app", w.app.Name, "error", err)
			}
		}
	}
}

// look reads what is missing, and tells whether there is more to come.
func (w *wanting) look(ctx context.Context) (more bool) {
	k, err := w.known(ctx, w.app)
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("what is missing is not known", "app", w.app.Name, "error", err)
		}
		return false // the next catch-up looks again
	}
	now := time.Now()
	var wants []ledger.Want
	missing := slices.Concat(k.Missing(), k.MissingChecks())
	for _, want := range missing {
		switch {
		case reader.Paused(k, want.Sender(), now), w.failed[want], now.Sub(w.read[want]) < settled:
		case told(want) && !w.seen[want]:
			more = true // a webhook may be on its way with it
		default:
			wants = append(wants, want)
		}
	}
	clear(w.seen)
	for _, want := range missing {
		w.seen[want] = true
	}
	if len(wants) == 0 {
		return more
	}
	facts := w.Reader.Wanted(ctx, w.app, wants)
	if ctx.Err() != nil {
		return false
	}
	w.note(now, wants, facts)
	if _, err := w.keep(ctx, facts); err != nil {
		w.Log.Error("what was read is lost", "app", w.app.Name, "error", err)
		return false
	}
	return true // it may show that something else is missing
}

// note remembers what could be read and what could not, so that neither is asked for again and again.
func (w *wanting) note(now time.Time, wants []ledger.Want, facts []ledger.Fact) {
	for _, want := range wants {
		what, of := want.Reading()
		w.failed[want] = slices.ContainsFunc(facts, func(f ledger.Fact) bool {
			r, ok := f.(ledger.Reading)
			return ok && r.What == what && r.Of == of && r.Trouble != nil
		})
		w.read[want] = now
	}
	maps.DeleteFunc(w.read, func(_ ledger.Want, at time.Time) bool { return now.Sub(at) > settled })
}

// told says of what webhooks tell, if they are not late.
func told(w ledger.Want) bool {
	switch w.(type) {
	case ledger.WantJobs, ledger.WantAttempt, ledger.WantSlug:
		return true
	}
	return false
}
