package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/say"
	"slipway/integrations/github"
)

// changes names what a span holds, newest first: its pull requests, and the commits that no pull request brought.
func (s *status) changes(span *github.Comparison) []string {
	merged := map[string]github.Pull{}
	for _, pull := range s.github.pulls {
		if pull.Merged {
			merged[pull.MergeSHA] = pull
		}
	}
	side := side{commits: map[string]github.Commit{}, brought: map[string]bool{}}
	for _, c := range span.Commits {
		side.commits[c.SHA] = c
	}
	var list []string
	for _, c := range slices.Backward(span.Commits) {
		pull, ok := merged[c.SHA]
		switch {
		case ok:
			list = append(list, pullWords(pull)+", merged "+say.At(s.now, pull.MergedAt))
			side.with(c)
		case !side.brought[c.SHA]:
			title, _, _ := strings.Cut(c.Message, "\n")
			list = append(list, fmt.Sprintf("%s %s, by %s", s.commitLink(c.SHA), say.Foreign(title, titleLimit), say.Foreign(c.Author, nameLimit)))
			if len(c.Parents) > 1 { // a merge by hand, or of a pull request that was not read
				side.merged(c)
			}
		}
	}
	return list
}

// side finds the commits that came with the last one of a pull request.
type side struct {
	commits map[string]github.Commit // of the span, by SHA
	brought map[string]bool
}

func (s side) with(last github.Commit) {
	if len(last.Parents) > 1 {
		s.merged(last)
	} else {
		s.rebased(last)
	}
}

// merged marks what a merge commit's second parent reaches and its first does not.
func (s side) merged(last github.Commit) {
	main := map[string]bool{}
	for c, ok := s.commits[last.Parents[0]]; ok; c, ok = s.below(c) {
		main[c.SHA] = true
	}
	next := slices.Clone(last.Parents[1:])
	for len(next) > 0 {
		c, ok := s.commits[next[0]]
		next = next[1:]
		if ok && !main[c.SHA] && !s.brought[c.SHA] {
			s.brought[c.SHA] = true
			next = append(next, c.Parents...)
		}
	}
}

// rebasedWithin is how far apart the commits of one rebase can be: GitHub dates them all anew when it lands them.
const rebasedWithin = 5 * time.Second

// rebased marks the commits below the last that were made with it. A squash has none.
func (s side) rebased(last github.Commit) {
	for c, ok := s.below(last); ok && len(c.Parents) == 1 && last.At.Sub(c.At).Abs() <= rebasedWithin; c, ok = s.below(c) {
		s.brought[c.SHA] = true
	}
}

// below gives a commit's first parent, if it lies in the span.
func (s side) below(c github.Commit) (github.Commit, bool) {
	if len(c.Parents) == 0 {
		return github.Commit{}, false
	}
	parent, ok := s.commits[c.Parents[0]]
	return parent, ok
}
