package ledger

import (
	"slices"
	"time"

	"slipway/integrations/github"
)

// Change is one pull request, or a commit that none brought.
type Change struct {
	Commit  github.Commit   // the last one, as it is on the branch
	Pull    *github.Pull    // nil: none brought it, as far as is known
	Commits []github.Commit // all that came with it, oldest first, the last one among them
}

// Changes are what a span holds, newest first: its pull requests, and the commits that no pull request brought.
func (k *Known) Changes(span github.Comparison) []Change {
	merged := map[string]github.Pull{}
	for _, pull := range k.Pulls() {
		if pull.Merged {
			merged[pull.MergeSHA] = pull
		}
	}
	s := side{commits: map[string]github.Commit{}, brought: map[string]bool{}, merged: merged}
	for _, c := range span.Commits {
		s.commits[c.SHA] = c
	}
	var list []Change
	for _, c := range slices.Backward(span.Commits) {
		pull, ok := merged[c.SHA]
		if !ok && s.brought[c.SHA] {
			continue
		}
		change := Change{Commit: c}
		var with map[string]bool
		switch {
		case len(c.Parents) > 1: // a merge, also one by hand or of a pull request that is not known
			with = s.reached(c)
		case ok:
			with = s.rebased(c)
		}
		if ok {
			change.Pull = &pull
		}
		for _, o := range span.Commits {
			if with[o.SHA] || o.SHA == c.SHA {
				change.Commits = append(change.Commits, o)
			}
		}
		list = append(list, change)
	}
	return list
}

// side finds the commits that came with the last one of a pull request.
type side struct {
	commits map[string]github.Commit // of the span, by SHA
	brought map[string]bool
	merged  map[string]github.Pull // by the commit that it ended as
}

// reached marks and gives what a merge commit's other parents reach and its first does not.
func (s side) reached(last github.Commit) map[string]bool {
	before := s.reach(last.Parents[:1], nil)
	with := s.reach(last.Parents[1:], before)
	for sha := range with {
		s.brought[sha] = true
	}
	return with
}

// reach gives the commits of the span that some reach, those among them, without the ones that others do.
func (s side) reach(from []string, without map[string]bool) map[string]bool {
	found := map[string]bool{}
	next := slices.Clone(from)
	for len(next) > 0 {
		c, ok := s.commits[next[0]]
		next = next[1:]
		if ok && !found[c.SHA] && !without[c.SHA] {
			found[c.SHA] = true
			next = append(next, c.Parents...)
		}
	}
	return found
}

// rebasedWithin is how far apart the commits of one rebase can be: GitHub dates them all anew when it lands them.
const rebasedWithin = 5 * time.Second

// rebased marks and gives the commits below the last that were made with it. A squash has none, and so has one that landed
// right after another pull request.
func (s side) rebased(last github.Commit) map[string]bool {
	with := map[string]bool{}
	for c, ok := s.below(last); ok && len(c.Parents) == 1 && last.At.Sub(c.At).Abs() <= rebasedWithin; c, ok = s.below(c) {
		if _, another := s.merged[c.SHA]; another || s.brought[c.SHA] {
			break
		}
		s.brought[c.SHA], with[c.SHA] = true, true
	}
	return with
}

// below gives a commit's first parent, if it lies in the span.
func (s side) below(c github.Commit) (github.Commit, bool) {
	if len(c.Parents) == 0 {
		return github.Commit{}, false
	}
	parent, ok := s.commits[c.Parents[0]]
	return parent, ok
}
