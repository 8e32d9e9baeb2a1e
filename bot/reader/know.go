package reader

import (
	"context"
	"slices"
	"sync"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
)

// Trust says of each sender whether its webhooks come and tell all that happens. One that has none is not trusted.
type Trust struct{ GitHub, Heroku bool }

// How old the last reading may be when a person asks, before more than a look is taken.
const (
	freshAlone = 10 * time.Second // what was read is all that is known
	freshTold  = 6 * time.Minute  // webhooks told the rest, and catch-up looked within 5 min
)

// rounds is how many there are at most: the lists or a look, then what these are about, what lies between those, and
// that once more where it was compared with the wrong commit.
const rounds = 4

// Know brings what is known up to date for a person who waits, and gives all that it read.
//
// First it takes a look, which shows whether anything is new. Only a far end that has news, of which nothing was ever read,
// or whose last reading is too old for what its webhooks are worth, is read whole; then what is missing. From nothing the
// chain is three calls long. A far end of which something is known is given up if it answers nothing within 1.2 s.
func (r *Reader) Know(ctx context.Context, app config.App, k *ledger.Known, t Trust) []ledger.Fact {
	g, h := r.gitHubSide(app, k, t.GitHub), r.herokuSide(app, k, t.Heroku)
	g.whole, h.whole = g.behind(time.Now()), h.behind(time.Now())
	g.rarely, h.person = freshAlone, true
	s := &session{reader: r, app: app, known: k, sides: []*side{g, h}, wants: true}
	return s.read(ctx)
}

// GitHub reads what there is of an app's repository into what is known, and gives it: the lists that change with every
// merge, and the others when it is their time. In rest these are 3 calls, now and then 4. Nothing is read while GitHub
// wants no more requests.
func (r *Reader) GitHub(ctx context.Context, app config.App, k *ledger.Known, trusted bool) []ledger.Fact {
	g := r.gitHubSide(app, k, trusted)
	g.whole = true
	return (&session{reader: r, app: app, known: k, sides: []*side{g}}).read(ctx)
}

// Heroku reads what there is of an app, as GitHub does of its repository: 3 calls, now and then 5.
func (r *Reader) Heroku(ctx context.Context, app config.App, k *ledger.Known, trusted bool) []ledger.Fact {
	h := r.herokuSide(app, k, trusted)
	h.whole = true
	return (&session{reader: r, app: app, known: k, sides: []*side{h}}).read(ctx)
}

// session is one bringing up to date.
type session struct {
	reader *Reader
	app    config.App
	known  *ledger.Known
	sides  []*side
	wants  bool // what is missing is read, too
	round  int
	asked  map[ledger.Want]bool
	facts  []ledger.Fact
}

// read goes round after round until there is nothing more to ask.
func (s *session) read(ctx context.Context) []ledger.Fact {
	s.asked = map[ledger.Want]bool{}
	for ; s.round < rounds; s.round++ {
		questions, any := s.next()
		if !any {
			break
		}
		before := make([]string, len(s.sides))
		for i, side := range s.sides {
			before[i] = side.state()
		}
		s.ask(ctx, questions)
		for i, side := range s.sides {
			side.whole = side.whole || side.state() != before[i]
		}
	}
	return s.facts
}

// next are the questions to each side.
func (s *session) next() (questions [][]question, any bool) {
	questions = make([][]question, len(s.sides))
	now := time.Now()
	for i, side := range s.sides {
		if side.open(now) {
			questions[i] = append(side.due(), s.missing(side)...)
		}
		any = any || len(questions[i]) > 0
	}
	return questions, any
}

// missing asks for what is missing and was not asked for before. A look comes first: it may show that something else is.
func (s *session) missing(side *side) []question {
	if !s.wants || s.round == 0 {
		return nil
	}
	var list []question
	for _, w := range s.known.Missing() {
		if w.Sender() == side.end.sender && !s.asked[w] {
			s.asked[w] = true
			list = append(list, s.reader.wanted(s.app, w, side.output(w)))
		}
	}
	return list
}

// ask asks the sides side by side, and adds what they answered to what is known.
func (s *session) ask(ctx context.Context, questions [][]question) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answers := make([][]ledger.Fact, len(s.sides))
	var asking sync.WaitGroup
	for i, side := range s.sides {
		asking.Go(func() { answers[i] = side.ask(ctx, questions[i], s.round == 0) })
	}
	asking.Wait()
	facts := slices.Concat(answers...)
	s.known.Add(facts...)
	s.facts = append(s.facts, facts...)
}
