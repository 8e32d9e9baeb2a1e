package policy

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

// watch is one repository of APPS.
type watch struct {
	*Policy
	repo   github.Repo
	scope  string
	apps   []string      // that it feeds, in the order of APPS
	nudges chan struct{} // the file may have changed
	open   atomic.Int64  // nudges that were not followed yet, and the reading under way

	looked     chan struct{} // is closed when the first reading has ended
	lookedOnce sync.Once

	failing bool // it was logged that the file cannot be read
}

// How often the file is read. Mostly GitHub answers that nothing has changed, which costs nothing.
const (
	readEvery    = 5 * time.Minute
	startEvery   = 9 * time.Second  // of processes that start together one reads
	lookAgain    = 5 * time.Second  // when another process had the turn
	readAgain    = 30 * time.Second // when it could not be read
	databaseAway = 10 * time.Second
)

// Run reads the files of all repositories now, every 5 min, and when nudged, until ctx ends.
func (p *Policy) Run(ctx context.Context) {
	var parts sync.WaitGroup
	for _, w := range p.repos {
		parts.Go(func() { w.run(ctx) })
	}
	parts.Wait()
}

// Nudge has a repository's file read soon: a push moved its default branch. It does not block.
func (p *Policy) Nudge(repo github.Repo) {
	if w := p.watch(repo); w != nil {
		w.nudge()
	}
}

// Folded nudges the repositories of which a branch moved. It does not block.
func (p *Policy) Folded(changed []ledger.Subject) {
	for _, s := range changed {
		for _, w := range p.repos {
			if s.Kind == ledger.KindHead && s.Scope == w.scope {
				w.nudge()
			}
		}
	}
}

func (w *watch) nudge() {
	select {
	case w.nudges <- struct{}{}:
		w.open.Add(1)
	default:
	}
}

// Busy is above 0 while a file is read, or is to be read because of a nudge.
func (p *Policy) Busy() int {
	n := int64(0)
	for _, w := range p.repos {
		n += w.open.Load()
	}
	return int(n)
}

func (w *watch) run(ctx context.Context) {
	next := w.turn(ctx, startEvery)
	for ctx.Err() == nil {
		timer := time.NewTimer(next.in)
		select {
		case <-ctx.Done():
		case <-w.nudges:
			next = w.read(ctx)
			w.open.Add(-1)
		case <-timer.C:
			next = w.turn(ctx, next.every)
		}
		timer.Stop()
	}
}

// reading is when the file is to be read next.
type reading struct {
	in    time.Duration
	every time.Duration // if no process has read it for so long
}

// turn reads the file if it is this process's turn.
func (w *watch) turn(ctx context.Context, every time.Duration) reading {
	mine, err := w.Store.Turn(ctx, "read the settings of "+w.scope, every)
	switch {
	case err != nil:
		w.say(ctx, err)
		return reading{databaseAway, every}
	case !mine:
		return reading{lookAgain, readEvery}
	}
	w.open.Add(1)
	defer w.open.Add(-1)
	return w.read(ctx)
}

// read reads the file.
func (w *watch) read(ctx context.Context) reading {
	err := w.Refresh(ctx, w.repo)
	w.say(ctx, err)
	if err != nil {
		return reading{readAgain, startEvery}
	}
	return reading{readEvery, readEvery}
}

// say logs once that the file cannot be read, and once that it can be again.
func (w *watch) say(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	log := w.Log.With("repository", w.repo.String())
	switch failing := err != nil; {
	case failing == w.failing:
	case failing:
		log.Error("the settings are not read; what was in force stays so", "error", err)
	default:
		log.Info("the settings are read again")
	}
	w.failing = err != nil
}
