package ledger

import (
	"slices"
	"time"

	"slipway/integrations/heroku"
)

// Fate is what became of a change on Heroku.
type Fate struct {
	Kind    FateKind
	Release heroku.Release // the one that the kind speaks of; zero of Unreleased
	Placed  Placing        // of Release
	Next    heroku.Release // of TakenBack, the release that took it back
	Failed  heroku.Release // the newest that has it and failed, whatever came of it; zero: none did
	Latest  bool           // of Running and TakenBack: it may have run before Release, as the one before it may have it
}

// FateKind is what became of it.
type FateKind int

// What becomes of a change.
const (
	Unreleased FateKind = iota // no release has it, as far as is known
	Releasing                  // Release has it, and its command runs
	Broken                     // Release has it and failed, and nothing that ran since has it
	Running                    // it runs, since Release
	TakenBack                  // it ran since Release, and does not since Next
	Unclear                    // Release runs, and whether it has it is not known
)

// skew is how far Heroku's clock and GitHub's may be apart.
const skew = 5 * time.Second

// Fates tell what became of changes. They are for one goroutine at a time.
type Fates struct {
	k        *Known
	line     Lineage
	releases []heroku.Release // with code, oldest first
	live     heroku.Release
	codes    map[string]code // by slug or image
}

// code is what is known of a release's code.
type code struct {
	first  time.Time // when it was first deployed; zero: that is not known
	placed *Placing  // nil: nobody asked yet
}

// Fates takes together what is known of the releases.
func (k *Known) Fates() *Fates {
	f := &Fates{k: k, line: k.Lineage(), codes: map[string]code{}}
	releases := k.Releases()
	for _, r := range slices.Backward(releases) {
		if hasCode(r) {
			f.releases = append(f.releases, r)
		}
		if r.Current {
			f.live = r
		}
		if _, ok := f.codes[r.SlugID+r.ImageID]; !ok {
			f.codes[r.SlugID+r.ImageID] = code{first: origin(r, releases).CreatedAt}
		}
	}
	return f
}

// Of tells what became of a change.
func (f *Fates) Of(change Landing) Fate {
	var w way
	for _, r := range f.releases {
		has, known := f.carries(r, change)
		w.pass(r, f.ran(r), has, known)
	}
	fate := w.fate()
	fate.Failed = w.failed
	if fate.Release.Version != 0 {
		fate.Placed = f.placed(fate.Release)
	}
	return fate
}

// way is that of one change through the releases, oldest first.
type way struct {
	running heroku.Release // what ran last
	has     bool           // whether that has the change
	known   bool
	first   heroku.Release // since when the change ran last
	latest  bool           // or before that
	next    heroku.Release // what took it back
	tried   heroku.Release // what has it last and did not come to run
	failed  heroku.Release // what has it and failed last
}

func (w *way) pass(r heroku.Release, ran, has, known bool) {
	if has && r.Status == heroku.Failed {
		w.failed = r
	}
	switch {
	case !ran && has:
		w.tried = r
		return
	case !ran:
		return
	case has && !w.has:
		w.first, w.latest = r, w.running.Version != 0 && !w.known
	case known && !has && w.has:
		w.next = r
	}
	w.running, w.has, w.known = r, has, known
}

func (w *way) fate() Fate {
	switch newer := w.tried.Version > w.running.Version; {
	case w.has:
		return Fate{Kind: Running, Release: w.first, Latest: w.latest}
	case newer && w.tried.Status == heroku.Pending:
		return Fate{Kind: Releasing, Release: w.tried}
	case newer:
		return Fate{Kind: Broken, Release: w.tried}
	case w.running.Version != 0 && !w.known:
		return Fate{Kind: Unclear, Release: w.running}
	case w.first.Version != 0:
		return Fate{Kind: TakenBack, Release: w.first, Next: w.next, Latest: w.latest}
	case w.tried.Version != 0:
		return Fate{Kind: Broken, Release: w.tried}
	}
	return Fate{}
}

// ran tells whether a release runs or did: those after the one that runs never did.
func (f *Fates) ran(r heroku.Release) bool {
	tried := r.Status == heroku.Failed || r.Status == heroku.Pending
	return r.Version == f.live.Version || r.Version < f.live.Version && !tried
}

// carries tells whether a release has a change. Code that was deployed before the change landed has it only if it is of a
// commit that surely holds it.
func (f *Fates) carries(r heroku.Release, change Landing) (has, known bool) {
	if first := f.codes[r.SlugID+r.ImageID].first; !first.IsZero() && first.Before(change.At.Add(-skew)) {
		slug, _ := f.k.Slug(r)
		return f.line.has(slug.Commit, change.SHA), true
	}
	return f.line.Contains(f.placed(r).Commit, change.SHA)
}

// placed is Placed, asked once for each code.
func (f *Fates) placed(r heroku.Release) Placing {
	c := f.codes[r.SlugID+r.ImageID]
	if c.placed == nil {
		p := f.k.Placed(r)
		c.placed = &p
		f.codes[r.SlugID+r.ImageID] = c
	}
	return *c.placed
}
