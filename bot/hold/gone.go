package hold

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

// verdict is whether some code has what was taken back.
type verdict int

// The verdicts.
const (
	unclear verdict = iota // it is not known; the history says what must be asked
	there
	gone
)

// span is two commits of which is asked whether the first contains the second.
type span struct{ commit, within string }

// history is what is known of which commits contain what, and what took what back. It is for one goroutine at a time.
type history struct {
	line     ledger.Lineage
	pulls    []github.Pull // merged
	pushes   []github.PushEvent
	messages map[string]string // of commits, by SHA
	wants    map[span]bool     // what was not known
}

// historyOf takes together what is known.
func historyOf(k *ledger.Known) *history {
	h := &history{line: k.Lineage(), messages: map[string]string{}, wants: map[span]bool{}}
	for _, f := range k.Facts() {
		switch f := f.(type) {
		case ledger.Commit:
			h.messages[f.Commit.SHA] = f.Commit.Message
		case ledger.Pull:
			if f.Pull.Merged && f.Pull.MergeSHA != "" {
				h.pulls = append(h.pulls, f.Pull)
			}
		case ledger.Push:
			h.pushes = append(h.pushes, f.Push)
		case ledger.Span:
			for _, c := range f.Comparison.Commits {
				h.messages[c.SHA] = c.Message
			}
		}
	}
	for _, p := range h.pushes {
		for _, c := range p.Commits {
			if h.messages[c.SHA] == "" {
				h.messages[c.SHA] = c.Message
			}
		}
	}
	return h
}

// in tells whether a commit still has what a rollback took back. It counts what the code says, not only the ancestry: a revert leaves
// what it takes back among the ancestors.
func (h *history) in(hold Hold, commit string) verdict {
	away := hold.Away
	if len(away) == 0 {
		away = []string{hold.Head}
	}
	result := gone
	for _, bad := range away {
		yes, known := h.line.Contains(commit, bad)
		if known && !yes {
			continue
		}
		switch v := h.reverted(bad, commit, deepest); {
		case v == there && known:
			return there
		case v != gone && result == gone:
			_, _ = h.contains(commit, bad) // what GitHub says of the first may settle the others
			result = unclear
		}
	}
	return result
}

// contains is Lineage.Contains that remembers what was not known.
func (h *history) contains(commit, within string) (yes, known bool) {
	yes, known = h.line.Contains(commit, within)
	if !known && commit != "" && within != "" {
		h.wants[span{commit, within}] = true
	}
	return yes, known
}

// deepest is how often a revert may be reverted, and that one reverted, before it is not followed any more.
const deepest = 4

// reverted tells whether something that a commit contains is gone from it: it also has what takes that back, and that is not itself
// taken back.
func (h *history) reverted(bad, at string, depth int) verdict {
	if depth == 0 {
		return unclear
	}
	result := there
	shas, numbers := h.names(bad)
	for _, by := range h.reverts(shas, numbers) {
		if by == bad {
			continue
		}
		yes, known := h.contains(at, by)
		if known && !yes {
			continue
		}
		switch back := h.reverted(by, at, depth-1); {
		case known && back == there:
			return gone
		case back != gone:
			result = unclear
		}
	}
	return result
}

// names are what a revert calls a commit by: its own name, and those of the pull request that brought it.
func (h *history) names(commit string) (shas []string, numbers []int) {
	shas = []string{commit}
	for _, p := range h.pulls {
		if p.MergeSHA == commit || h.brought(p, commit) {
			shas, numbers = append(shas, p.MergeSHA), append(numbers, p.Number)
		}
	}
	return shas, numbers
}

// brought tells whether a pull request brought a commit: in the push that landed it, the first whose last commit comes after it did.
func (h *history) brought(pull github.Pull, commit string) bool {
	for _, push := range h.pushes {
		seen := false
		for _, c := range push.Commits {
			seen = seen || c.SHA == commit
			if seen && h.merged(c.SHA) {
				if c.SHA == pull.MergeSHA {
					return true
				}
				break
			}
		}
	}
	return false
}

// merged tells whether a pull request was merged as a commit.
func (h *history) merged(sha string) bool {
	for _, p := range h.pulls {
		if p.MergeSHA == sha {
			return true
		}
	}
	return false
}

var (
	// revertsCommit is git's own sentence in the message of a revert.
	revertsCommit = regexp.MustCompile(`(?i)\bThis reverts (?:merge )?commit ([0-9a-f]{7,40})`)
	// revertsPull is GitHub's in the description of a revert, which a squash may make the message.
	revertsPull = regexp.MustCompile(`(?m)^Reverts (?:[\w.-]+/[\w.-]+)?#(\d+)\s*$`)
	// revertsBranch begins the name of the branch that GitHub makes for a revert [unverified].
	revertsBranch = regexp.MustCompile(`^revert-(\d+)-`)
)

// reverts are the commits that say they take back any of these.
func (h *history) reverts(shas []string, numbers []int) (list []string) {
	for sha, message := range h.messages {
		if says(message, shas, numbers) {
			list = append(list, sha)
		}
	}
	for _, p := range h.pulls {
		if n, ok := reverts(p); ok && slices.Contains(numbers, n) {
			list = append(list, p.MergeSHA)
		}
	}
	return list
}

func says(message string, shas []string, numbers []int) bool {
	for _, m := range revertsCommit.FindAllStringSubmatch(message, -1) {
		for _, sha := range shas {
			if strings.HasPrefix(sha, strings.ToLower(m[1])) {
				return true
			}
		}
	}
	for _, m := range revertsPull.FindAllStringSubmatch(message, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil && slices.Contains(numbers, n) {
			return true
		}
	}
	return false
}

// reverts tells which pull request one takes back, as GitHub's button and ours name them.
func reverts(p github.Pull) (number int, ok bool) {
	m := revertsBranch.FindStringSubmatch(p.HeadRef)
	if m == nil || !strings.HasPrefix(p.Title, "Revert ") {
		return 0, false
	}
	number, err := strconv.Atoi(m[1])
	return number, err == nil
}
