package ledger

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"slipway/integrations/github"
)

// Landing is a change as it landed on the deploy branch: a pull request, or what one push brought that no pull request did.
type Landing struct {
	SHA     string       // the commit that it ended as on the branch
	Head    string       // what the branch pointed to then, which the runs are of; not SHA if others landed with it, after it
	At      time.Time    // when it landed
	Pull    *github.Pull // nil: none brought it, as far as is known
	Last    github.Commit
	Commits int    // how many it brought, without one that only merges; 0: not known
	By      string // GitHub login of who merged or pushed it; "" if that is not known
	Email   string // of its author; "" if that is not known
	Quiet   bool   // no run is expected
}

// Landed are the changes on the deploy branch, oldest first. The same change has the same SHA whoever told of it first: its
// pull request, the push, a run, or a reading of the branch.
func (k *Known) Landed() []Landing {
	l := landings{k: k, found: map[string]*Landing{}, heads: map[string]bool{}, ran: map[string]bool{}}
	l.pulls()
	l.pushes()
	l.runs()
	l.head()
	l.together()
	quiet := k.quietBranch()
	list := make([]Landing, 0, len(l.found))
	for _, one := range l.found {
		one.Quiet = quiet || skipsRuns(k.message(one.Head)) || l.silent(one.Head)
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b Landing) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(yes(a.SHA == a.Head), yes(b.SHA == b.Head)), a.number()-b.number(), strings.Compare(a.SHA, b.SHA))
	})
	return list
}

// Author is the GitHub login of who wrote it.
func (l Landing) Author() string {
	if l.Pull != nil {
		return l.Pull.Author
	}
	return l.Last.Author
}

func (l Landing) number() int {
	if l.Pull == nil {
		return 0
	}
	return l.Pull.Number
}

// landings are found from whatever tells of them.
type landings struct {
	k     *Known
	found map[string]*Landing // by SHA
	heads map[string]bool     // what pushes ended as
	ran   map[string]bool     // what runs are of
}

// add gives the landing of a commit, a new one if it is not found yet.
func (l *landings) add(sha string, at time.Time, by string) *Landing {
	one := l.found[sha]
	if one == nil {
		last, _ := l.k.Commit(sha)
		last.SHA = sha
		one = &Landing{SHA: sha, Head: sha, At: at, Last: last, Email: last.Email}
		l.found[sha] = one
	}
	one.By = cmp.Or(one.By, by)
	return one
}

func (l *landings) pulls() {
	for _, p := range l.k.Pulls() {
		if p.Merged && p.BaseRef == l.k.Branch() && p.MergeSHA != "" {
			one := l.add(p.MergeSHA, p.MergedAt, p.MergedBy)
			if one.Pull = &p; one.Last.Author != p.Author {
				one.Email = ""
			}
		}
	}
}

// pushes finds what each push ended as. A branch may come to the same commit twice; it landed the first time.
func (l *landings) pushes() {
	for _, f := range slices.Backward(l.k.pushes()) {
		p := f.Push
		if p.Deleted || strings.Trim(p.After, "0") == "" {
			continue
		}
		l.add(p.After, f.At, f.By)
		l.heads[p.After] = true
	}
	for _, f := range slices.Backward(l.k.pushes()) {
		l.cut(f.Push)
	}
}

// cut finds where in a push each of its changes ends.
func (l *landings) cut(p github.PushEvent) {
	count, emails := 0, map[string]string{}
	for _, c := range p.Commits {
		emails[c.Author] = c.Email
		if !l.merges(c) {
			count++
		}
		one := l.found[c.SHA]
		if one == nil {
			continue
		}
		if !l.heads[c.SHA] {
			one.Head = p.After
		}
		one.Commits, count = max(one.Commits, count), 0
		if author := one.Author(); emails[author] != "" {
			one.Email = emails[author]
		}
	}
}

// merges tells whether a pushed commit is one that GitHub made to merge a pull request. A push tells no parents.
func (l *landings) merges(c github.PushedCommit) bool {
	known, _ := l.k.Commit(c.SHA)
	one := l.found[c.SHA]
	return len(known.Parents) > 1 || one != nil && one.Pull != nil && strings.HasPrefix(c.Message, "Merge pull request #")
}

// runs finds pushes that only their runs tell of.
func (l *landings) runs() {
	for _, run := range slices.Backward(l.k.BranchRuns()) {
		l.ran[run.SHA] = true
		if run.Event != "push" {
			continue
		}
		one := l.add(run.SHA, run.CreatedAt, run.Actor)
		one.Last.Message, one.Last.Author = cmp.Or(one.Last.Message, run.Title), cmp.Or(one.Last.Author, run.Actor)
	}
}

// head finds a push that nothing else tells of than where the branch points to. When it came is not known then; its commit is
// not younger.
func (l *landings) head() {
	if head, ok := l.k.Head(); ok && !head.At.IsZero() {
		l.add(head.SHA, head.At, "").Last = head
	}
}

// landedWithin is how far apart pull requests can be that a merge queue landed at once.
const landedWithin = 2 * time.Second

// together finds pull requests that landed in one push which was not told: those that have no run of their own, and that a
// change of the same time follows.
func (l *landings) together() {
	line := l.k.Lineage()
	shas := slices.Sorted(maps.Keys(l.found))
	for _, sha := range shas {
		one := l.found[sha]
		if one.Pull == nil || one.Head != sha || l.ran[sha] || l.heads[sha] {
			continue
		}
		for _, other := range shas {
			near := l.found[other].Pull != nil && l.found[other].At.Sub(one.At).Abs() <= landedWithin
			if near && other != sha && l.ran[other] && line.has(other, sha) {
				one.Head = other
			}
		}
	}
}

// silent tells whether a run's own token pushed a commit.
func (l *landings) silent(head string) bool {
	return slices.ContainsFunc(l.k.pushes(), func(f Push) bool { return f.Push.After == head && byActions(f.By) })
}

// quietBranch tells whether no run of a push to the branch is known: it may have no workflow that listens to pushes.
func (k *Known) quietBranch() bool {
	return !slices.ContainsFunc(k.BranchRuns(), func(r github.Run) bool { return r.Event == "push" })
}

func (k *Known) message(sha string) string {
	c, _ := k.Commit(sha)
	return c.Message
}
