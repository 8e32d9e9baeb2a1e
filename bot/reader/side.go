package reader

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/heroku"
)

// soon is how long a far end of which something is known may take to answer anything.
const soon = 1200 * time.Millisecond

// side is a far end in a session.
type side struct {
	end
	known   *ledger.Known
	trusted bool
	whole   bool          // all lists are read, not only those of a look
	person  bool          // somebody waits for it
	rarely  time.Duration // how old may be what is read rarely
	lists   []list
	state   func() string // what a look shows
	lost    bool          // it answered nothing
	read    map[ledger.List]bool
	outputs map[int]heroku.StreamURL // of releases, by version
}

// list is one that a side can be asked for.
type list struct {
	what ledger.List
	look bool        // shows whether anything is new
	due  func() bool // nil: each time
	ask  func() question
}

// open tells whether the side can be asked.
func (s *side) open(now time.Time) bool { return !s.lost && !Paused(s.known, s.sender, now) }

// Paused tells whether a far end wants no more requests for now, as it said when it was last asked.
func Paused(k *ledger.Known, s ledger.Sender, now time.Time) bool {
	return slices.ContainsFunc(k.Gaps(), func(g ledger.Gap) bool { return g.Sender == s && g.Trouble.Until.After(now) })
}

// behind tells whether a look is not enough.
func (s *side) behind(now time.Time) bool {
	fresh := freshAlone
	if s.trusted {
		fresh = freshTold
	}
	for _, l := range s.lists {
		at := s.known.ReadAt(l.what)
		if at.IsZero() || l.due == nil && now.Sub(at) > fresh {
			return true
		}
	}
	return false
}

// begun tells whether anything was ever read.
func (s *side) begun() bool {
	for _, l := range s.lists {
		if !s.known.ReadAt(l.what).IsZero() {
			return true
		}
	}
	return false
}

// older tells whether a list was not read for some time. Never is longest ago.
func (s *side) older(what ledger.List, age time.Duration) bool {
	return time.Since(s.known.ReadAt(what)) > age
}

// due are the lists to be read that were not yet.
func (s *side) due() []question {
	var questions []question
	for _, l := range s.lists {
		if s.read[l.what] || !l.look && !s.whole || l.due != nil && !l.due() {
			continue
		}
		s.read[l.what] = true
		questions = append(questions, l.ask())
	}
	return questions
}

// ask asks. In the first round, a far end of which something is known is given up when nothing came soon.
func (s *side) ask(ctx context.Context, questions []question, first bool) []ledger.Fact {
	if len(questions) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var alive atomic.Bool
	if first && s.begun() {
		impatience := time.AfterFunc(soon, func() {
			if !alive.Load() {
				cancel()
			}
		})
		defer impatience.Stop()
	}
	for i, q := range questions {
		questions[i].ask = func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
			facts, err := q.ask(ctx, began)
			if err == nil {
				alive.Store(true)
			}
			return facts, err
		}
	}
	facts := all(ctx, questions)
	s.lost = first && !alive.Load()
	s.note(facts)
	return facts
}

// note remembers where the outputs of releases can be read, which is not stored.
func (s *side) note(facts []ledger.Fact) {
	for _, f := range facts {
		if r, ok := f.(ledger.Release); ok {
			s.outputs[r.Release.Version] = r.Release.OutputURL
		}
	}
}

// output is where the output that is wanted can be read; "" if that is not known.
func (s *side) output(w ledger.Want) heroku.StreamURL {
	if o, ok := w.(ledger.WantOutput); ok {
		return s.outputs[o.Version]
	}
	return ""
}
