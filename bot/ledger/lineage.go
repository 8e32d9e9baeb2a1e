package ledger

import "strings"

// Lineage is which commits follow from which, as far as that is known: from parents, from pushes that were not forced, and
// from what was compared. It is for one goroutine at a time.
type Lineage struct {
	holds map[string][]string        // the commits that one surely contains
	lacks map[string]map[string]bool // those that one surely does not
	found map[string]map[string]bool // what reach found by now
}

// Lineage takes together what is known of the commits.
func (k *Known) Lineage() Lineage {
	l := Lineage{holds: map[string][]string{}, lacks: map[string]map[string]bool{}, found: map[string]map[string]bool{}}
	for _, f := range all[Commit](k) {
		l.follows(f.Commit.SHA, f.Commit.Parents...)
	}
	for _, f := range all[Push](k) {
		p := f.Push
		if _, branch := p.Branch(); !branch || p.Deleted {
			continue
		}
		for _, c := range p.Commits {
			l.follows(p.After, c.SHA)
		}
		if !p.Forced && !p.Created && strings.Trim(p.Before, "0") != "" {
			l.follows(p.After, p.Before)
		}
	}
	for _, f := range all[Span](k) {
		l.compared(f)
	}
	return l
}

func (l Lineage) follows(sha string, before ...string) {
	l.holds[sha] = append(l.holds[sha], before...)
}

func (l Lineage) compared(f Span) {
	for _, c := range f.Comparison.Commits {
		l.follows(c.SHA, c.Parents...)
		l.follows(f.Head, c.SHA)
		if l.lacks[f.Base] == nil {
			l.lacks[f.Base] = map[string]bool{}
		}
		l.lacks[f.Base][c.SHA] = true
	}
	switch f.Comparison.Status {
	case "ahead":
		l.follows(f.Head, f.Base)
	case "behind":
		l.follows(f.Base, f.Head)
	case "identical":
		l.follows(f.Head, f.Base)
		l.follows(f.Base, f.Head)
	}
}

// Contains tells whether a commit holds another, or is it; not known: neither that nor the contrary follows.
func (l Lineage) Contains(commit, sha string) (yes, known bool) {
	if commit == "" || sha == "" {
		return false, false
	}
	if l.has(commit, sha) {
		return true, true
	}
	for c := range l.reach(sha) {
		if c == commit || l.lacks[commit][c] {
			return false, true
		}
	}
	return false, false
}

func (l Lineage) has(commit, sha string) bool { return l.reach(commit)[sha] }

// reach gives all commits that one surely holds, itself among them.
func (l Lineage) reach(from string) map[string]bool {
	if found, ok := l.found[from]; ok {
		return found
	}
	found := map[string]bool{from: true}
	l.found[from] = found
	for next := []string{from}; len(next) > 0; next = next[1:] {
		for _, c := range l.holds[next[0]] {
			if !found[c] {
				found[c] = true
				next = append(next, c)
			}
		}
	}
	return found
}
