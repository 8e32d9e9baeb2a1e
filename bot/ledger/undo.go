package ledger

import (
	"slices"
	"time"

	"slipway/bot/say"
	"slipway/integrations/django"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Undo is what takes the migrations back that lie between two commits, both whole SHAs; or, where Base is a branch, what Head would bring it.
// It is planned from what both have, which never changes; a plan that was made later may be a better one.
type Undo struct {
	Repo       github.Repo
	Base, Head string
	Undo       django.Undo
	At         time.Time // when it was made
}

// Subject is the two commits.
func (f Undo) Subject() Subject { return inRepo(KindUndo, f.Repo, f.Base, f.Head) }

func (f Undo) join(other Fact) Fact {
	o := other.(Undo)
	repo := eitherRepo(f.Repo, o.Repo)
	f.Repo, o.Repo = repo, repo
	return greater(f, o, func(u Undo) claim { return claim{read: u.At} }, asText)
}

func (f Undo) row() []any {
	return []any{RepoScope(f.Repo), f.Base, f.Head, string(f.Undo.Verdict), millis(f.At)}
}

// scrubbed takes secrets out of what findings quote.
func (f Undo) scrubbed() Undo {
	f.Undo.Findings = slices.Clone(f.Undo.Findings)
	for i := range f.Undo.Findings {
		f.Undo.Findings[i].Why = say.Scrub(f.Undo.Findings[i].Why)
	}
	return f
}

// Undo is what takes the migrations back that lie between two commits; not ok: nobody has planned it yet.
func (k *Known) Undo(base, head string) (undo django.Undo, ok bool) {
	f, ok := find(k, Undo{Repo: k.Repo, Base: base, Head: head})
	return f.Undo, ok
}

// UndoTrouble is why an undo could not be planned when that was tried last; nil: it was not tried, or it could.
func (k *Known) UndoTrouble(base, head string) *Trouble {
	r := k.reading(Undos, base+"..."+head)
	if !r.troubled() {
		return nil
	}
	return r.Trouble
}

// Return is what is gone back to when a change is taken back.
type Return struct {
	Release heroku.Release
	Commit  string // on GitHub; "": it is not known, or not yet
	Place   Place  // of the release
	Doubt   Doubt  // why it is not certain that the change came on top of just this commit
	Covered bool   // what runs has later changes as well, which go back with it
}

// Doubt is why something is not certain.
type Doubt string

// Why it is not certain what a change came on top of.
const (
	NoDoubt Doubt = ""
	ByTime  Doubt = "by time"        // a commit was matched with a release by the times of both
	Earlier Doubt = "earlier"        // it may have run before the release that it is said to have come with
	Another Doubt = "another deploy" // one of other code goes on, and may come before
)

// Return finds it: what ran before the release that a change came with, and what runs while no release has it. Not ok: nothing ran.
func (f *Fates) Return(change Landing, fate Fate) (to Return, ok bool) {
	before := f.live.Version + 1
	if fate.Kind != Unreleased && fate.Kind != Unclear {
		before = fate.Release.Version
	}
	for _, r := range slices.Backward(f.releases) {
		if r.Version < before && f.ran(r) {
			p := f.placed(r)
			return Return{Release: r, Commit: p.Commit, Place: p.Place, Doubt: f.doubt(change, fate, p), Covered: f.covered(change, fate)}, true
		}
	}
	return Return{}, false
}

func (f *Fates) doubt(change Landing, fate Fate, before Placing) Doubt {
	switch {
	case before.Place == Inferred, fate.Release.Version != 0 && fate.Placed.Place != Exact:
		return ByTime
	case fate.Latest:
		return Earlier
	case fate.Kind == Unreleased && f.another(change):
		return Another
	}
	return NoDoubt
}

// another tells whether other code than a change's is being deployed.
func (f *Fates) another(change Landing) bool {
	for _, b := range going(f.k.Builds()) {
		if !change.is(b.Commit) {
			return true
		}
	}
	for _, r := range f.releases {
		if r.Version > f.live.Version && r.Status == heroku.Pending {
			return true
		}
	}
	return false
}

// covered tells whether what runs is more than a change that it has.
func (f *Fates) covered(change Landing, fate Fate) bool {
	if fate.Kind != Running {
		return false
	}
	live := f.placed(f.live).Commit
	return live != "" && live != change.SHA
}

// is tells whether a commit is what a change was built of: what it is on the branch, or what the branch pointed to when it came.
func (l Landing) is(commit string) bool { return commit == l.SHA || commit == l.Head }
