package inbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/reader"
	"slipway/bot/store"
)

// catchUp asks for what did not arrive, reads what there is, and judges by that whether webhooks tell all.
func (w *watch) catchUp(ctx context.Context) error {
	began := time.Now()
	s, k, err := w.begin(ctx)
	if err != nil {
		return err
	}
	failed := 0
	if w.sender == ledger.GitHub && w.tells && !reader.Paused(k, w.sender, began) {
		if failed, err = w.redeliver(ctx, &s.Hooks); err != nil {
			return err
		}
	}
	found, err := w.read(ctx, s, k)
	if err != nil {
		return err
	}
	if len(found.missed) > 0 && w.tells && w.Missed != nil {
		w.Missed(ctx, w.scope, found.missed)
	}
	err = w.change(ctx, func(now *senderState) {
		now.Hooks, now.Caught, now.Looked = s.Hooks, began, found.began
		if w.tells {
			w.judge(now, k.Heard(w.sender), found, failed)
		}
	})
	for _, wants := range w.wanting {
		wants.retry()
	}
	return err
}

// begin loads what is known of the sender and of what it tells.
func (w *watch) begin(ctx context.Context) (s senderState, k *ledger.Known, err error) {
	if s, err = w.load(ctx); err == nil {
		k, err = w.known(ctx, w.app)
	}
	return s, k, err
}

// found is what a reading brought.
type found struct {
	began  time.Time
	missed []string // what webhooks should have told
	more   bool     // something changed, or is missing
}

// read reads the lists and folds them.
func (w *watch) read(ctx context.Context, s senderState, k *ledger.Known) (found, error) {
	out := found{began: time.Now()}
	before := ledger.New(k.App, k.Repo)
	before.Add(k.Facts()...)
	lists := w.Reader.Heroku
	if w.sender == ledger.GitHub {
		lists = w.Reader.GitHub
	}
	facts := lists(ctx, w.app, k, w.tells && s.Trusted)
	if ctx.Err() != nil {
		return found{}, ctx.Err() // what broke off says nothing of the far end
	}
	w.sayTroubles(before, k)
	out.missed = missedBy(before, facts)
	changed, err := w.keep(ctx, worthKeeping(before, k, facts))
	out.more = changed || len(k.Missing()) > 0
	return out, err
}

// worthKeeping leaves out what says nothing new: of the long lists most is as it was, and writing down that it was read once
// more would be most of the work. What can be told from the time of a reading, and runs that go on, are kept each time.
func worthKeeping(before, after *ledger.Known, facts []ledger.Fact) []ledger.Fact {
	changed := map[ledger.Subject]bool{}
	for _, d := range before.Compare(after) {
		changed[d.Subject] = true
	}
	return slices.DeleteFunc(facts, func(f ledger.Fact) bool {
		if changed[f.Subject()] {
			return false
		}
		switch f := f.(type) {
		case ledger.Pull, ledger.Release, ledger.Build, ledger.Commit:
			return true
		case ledger.Run:
			return f.Run.Status == "completed"
		}
		return false
	})
}

// keep folds what was read, and tells whether something is known now that was not.
func (d *Duties) keep(ctx context.Context, facts []ledger.Fact) (changed bool, err error) {
	var subjects []ledger.Subject
	err = d.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		subjects, err = d.Fold(ctx, tx, time.Now(), facts...)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("fold what was read: %w", err)
	}
	if d.Read != nil {
		d.Read()
	}
	return len(subjects) > 0, nil
}

// judge decides whether webhooks are trusted from now on. One thing that was missed is enough not to trust them; they are
// trusted again when some came since, and nothing failed or was missed since the last catch-up.
func (w *watch) judge(s *senderState, heard time.Time, by found, failed int) {
	log := w.Log.With("sender", w.sender, "scope", w.scope)
	switch {
	case len(by.missed) > 0:
		if s.Trusted {
			log.Warn("webhooks did not tell all; it is read every 45 s until they do", "missed", len(by.missed), "first", by.missed[0])
		}
		s.Trusted, s.Since = false, by.began
		s.Missed += len(by.missed)
		s.Why = some(by.missed)
	case !s.Trusted && failed == 0 && heard.After(s.Since):
		log.Info("webhooks arrive again, and tell all")
		s.Trusted, s.Since = true, by.began
	case s.Since.IsZero():
		s.Since = by.began
	}
}

// some names a few things.
func some(list []string) string {
	const few = 3
	text := strings.Join(list[:min(len(list), few)], ", ")
	if more := len(list) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// sayTroubles logs lists that cannot be read any more, or can be again.
func (w *watch) sayTroubles(before, after *ledger.Known) {
	log := w.Log.With("sender", w.sender, "scope", w.scope)
	was, is := troubles(before, w.sender), troubles(after, w.sender)
	for what, t := range is {
		if was[what].Kind != t.Kind || was[what].Status != t.Status {
			log.Warn("it cannot be read", "what", what, "why", t.Kind, "status", t.Status, "until", t.Until)
		}
	}
	for what := range was {
		if _, still := is[what]; !still {
			log.Info("it can be read again", "what", what)
		}
	}
}

func troubles(k *ledger.Known, s ledger.Sender) map[string]ledger.Trouble {
	list := map[string]ledger.Trouble{}
	for _, gap := range k.Gaps() {
		if gap.Sender == s {
			list[gap.What] = gap.Trouble
		}
	}
	return list
}
