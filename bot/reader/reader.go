// Package reader reads GitHub and Heroku: what a repository and an app are like now, as facts of the ledger.
//
// It is apart because what is read, when, and how much of it at once decides what slipway costs of the far ends' limits,
// while neither who asks nor what is made of the facts matters here. It knows no database.
package reader

import (
	"context"
	"slices"
	"sync"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Reader reads. It may be used by many goroutines at once.
type Reader struct {
	// Deploys gives the branch of a repository that deploys, as its team has set it; "" is the default branch. It is set
	// before anything is read; nil: no team sets one.
	Deploys func(ctx context.Context, repo github.Repo) (branch string, err error)

	github *github.Client
	heroku *heroku.Client

	gitHub, heroKu end
}

// New makes a reader. It reads nothing yet.
func New(gh *github.Client, hk *heroku.Client) *Reader {
	return &Reader{github: gh, heroku: hk, gitHub: newEnd(ledger.GitHub), heroKu: newEnd(ledger.Heroku)}
}

// atOnce is how many requests of a reader one far end answers at one time. GitHub allows 100 for all that use the token
// (facts/github.md §4); Heroku names no number.
const atOnce = 16

// within bounds a round of reading, so that a far end that hangs costs its part of the answer and not the answer.
const within = 6 * time.Second

// end is a far end with its free places.
type end struct {
	sender ledger.Sender
	free   chan struct{}
}

func newEnd(s ledger.Sender) end { return end{sender: s, free: make(chan struct{}, atOnce)} }

// question is one thing that is asked, mostly with one request.
type question struct {
	at    end
	scope string
	what  ledger.List
	of    string // which, of what there are many of; "" of a list
	ask   func(ctx context.Context, began time.Time) ([]ledger.Fact, error)

	silent bool // that it was read need not be told: what it gave says so
}

// all asks side by side and gives what came of it, in the order of the questions.
func all(ctx context.Context, questions []question) []ledger.Fact {
	answers := make([][]ledger.Fact, len(questions))
	var asking sync.WaitGroup
	for i, q := range questions {
		asking.Go(func() { answers[i] = q.answer(ctx) })
	}
	asking.Wait()
	return slices.Concat(answers...)
}

// answer gives the facts, and that they were read.
func (q question) answer(ctx context.Context) []ledger.Fact {
	began := time.Now()
	select {
	case q.at.free <- struct{}{}:
		defer func() { <-q.at.free }()
	case <-ctx.Done():
		return q.failed(began, ctx.Err())
	}
	began = time.Now()
	facts, err := q.ask(ctx, began)
	if err != nil {
		return q.failed(began, err)
	}
	if !q.silent {
		facts = append(facts, ledger.Reading{Scope: q.scope, What: q.what, Of: q.of, At: began})
	}
	return facts
}

// failed gives nothing but why: half an answer is no answer.
func (q question) failed(began time.Time, err error) []ledger.Fact {
	read := ledger.Reading{Scope: q.scope, What: q.what, Of: q.of, Trouble: ledger.TroubleOf(began, time.Now(), err)}
	return []ledger.Fact{read}
}
