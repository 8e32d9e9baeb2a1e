package githubsim

import (
	"slices"
)

// ancestors gives a commit and all commits that it was made from.
func (o *store) ancestors(sha string) map[string]bool {
	seen := map[string]bool{}
	todo := []string{sha}
	for len(todo) > 0 {
		c := o.commits[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		if c == nil || seen[c.sha] {
			continue
		}
		seen[c.sha] = true
		todo = append(todo, c.parents...)
	}
	return seen
}

// log lists what is reachable from head and not in without, newest first as git log does: by the committer's
// date, a commit never before its children.
func (o *store) log(head string, without map[string]bool) []*gitCommit {
	var ready, out []*gitCommit
	children := map[string]int{} // of the listed commits, how many are not yet out
	reach := o.ancestors(head)
	for sha := range without {
		delete(reach, sha)
	}
	for sha := range reach {
		for _, p := range o.commits[sha].parents {
			children[p]++
		}
	}
	if reach[head] {
		ready = append(ready, o.commits[head])
	}
	for len(ready) > 0 {
		slices.SortFunc(ready, older)
		c := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		out = append(out, c)
		for _, p := range c.parents {
			if children[p]--; children[p] == 0 && reach[p] {
				ready = append(ready, o.commits[p])
			}
		}
	}
	return out
}

// older sorts by the committer's date, and by creation where that is the same.
func older(a, b *gitCommit) int {
	if n := a.committer.at.Compare(b.committer.at); n != 0 {
		return n
	}
	return a.order - b.order
}

// between lists what head has and base has not, oldest first.
func (o *store) between(base, head string) []*gitCommit {
	list := o.log(head, o.ancestors(base))
	slices.Reverse(list)
	return list
}

// mergeBase is the newest commit that both were made from, or nil if they share none.
func (o *store) mergeBase(a, b string) *gitCommit {
	inB := o.ancestors(b)
	var shared []*gitCommit
	for sha := range o.ancestors(a) {
		if inB[sha] {
			shared = append(shared, o.commits[sha])
		}
	}
	if len(shared) == 0 {
		return nil
	}
	return slices.MaxFunc(shared, func(x, y *gitCommit) int { return x.order - y.order })
}
