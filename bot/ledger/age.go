package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// telling are the lists of each sender that show whether anything is new. The others need not be read as long as these stay
// as they are.
var telling = map[Sender][]List{
	GitHub: {Heads, Runs},
	Heroku: {Releases, Dynos, Formation, Apps},
}

// scope is that of what a sender tells.
func (k *Known) scope(s Sender) string {
	if s == GitHub {
		return RepoScope(k.Repo)
	}
	return AppScope(k.App)
}

// senderOf is who knows a list.
func senderOf(what List) Sender {
	switch what {
	case Apps, Releases, Slugs, Outputs, Builds, Dynos, Formation:
		return Heroku
	}
	return GitHub
}

func (k *Known) reading(what List, of string) Reading {
	f, _ := find(k, Reading{Scope: k.scope(senderOf(what)), What: what, Of: of})
	return f
}

// ReadAt is when a list was last read whole; zero: never.
func (k *Known) ReadAt(what List) time.Time { return k.reading(what, "").At }

// Heard is when the last delivery of a sender came; zero: none did.
func (k *Known) Heard(s Sender) time.Time {
	f, _ := find(k, Heard{Scope: k.scope(s), Sender: s})
	return f.At
}

// AsOf is up to when it is known for sure what a sender has to tell: when the lists were last read that show whether anything
// is new. Webhooks may have told more since, but none of them says that it told all. Zero: nothing was ever read.
func (k *Known) AsOf(s Sender) time.Time {
	oldest := time.Time{}
	for i, what := range telling[s] {
		if at := k.ReadAt(what); i == 0 || at.Before(oldest) {
			oldest = at
		}
	}
	return oldest
}

// Gap is something that could not be read when it was last tried.
type Gap struct {
	Sender  Sender
	What    string // in words: "releases", "the commit of v122"
	Trouble Trouble
}

// Gaps are what the answers lack, by sender and words: lists that could not be read since they last were, and wants that
// could not be satisfied.
func (k *Known) Gaps() []Gap {
	var list []Gap
	add := func(s Sender, words string, r Reading) {
		if r.troubled() {
			list = append(list, Gap{s, words, *r.Trouble})
		}
	}
	for _, r := range all[Reading](k) {
		if r.Of == "" {
			add(senderOf(r.What), string(r.What), r)
		}
	}
	for _, w := range k.Missing() {
		add(w.Sender(), w.Words(), k.reading(w.Reading()))
	}
	slices.SortFunc(list, func(a, b Gap) int {
		return cmp.Or(strings.Compare(string(a.Sender), string(b.Sender)), strings.Compare(a.What, b.What),
			b.Trouble.At.Compare(a.Trouble.At))
	})
	return slices.CompactFunc(list, func(a, b Gap) bool { return a.Sender == b.Sender && a.What == b.What })
}

// troubled tells whether the last reading went wrong.
func (f Reading) troubled() bool { return f.Trouble != nil && f.At.Before(f.Trouble.At) }

// Lost tells whether a list could not be read when that was last tried.
func (k *Known) Lost(what List) bool { return k.reading(what, "").troubled() }
