package githubsim

import (
	"fmt"
	"time"
)

// revert opens a pull request that takes a merged one back, as facts 6.3 says: a branch with the inverse commit,
// told by push and pull_request opened. It does not merge.
func (r *Repo) revert(p *pull, title, body string, draft bool, by string) (*pull, error) {
	switch {
	case !p.Merged:
		return nil, refusal("Pull request is not merged")
	case r.branches[revertBranch(p)] != "":
		return nil, refusal("A branch named '" + revertBranch(p) + "' already exists")
	}
	was, merged := r.git.commits[p.onto], r.git.commits[p.MergeSHA]
	tip := r.git.commits[r.branches[r.base]]
	files, ok := r.git.mergeTrees(merged, tip, was)
	if !ok {
		return nil, refusal("This pull request cannot be reverted automatically: it has conflicts")
	}
	if title == "" {
		title = fmt.Sprintf("Revert %q", p.Title)
	}
	if body == "" {
		body = fmt.Sprintf("Reverts %s#%d", r.full(), p.Number)
	}
	at := time.Now()
	c := r.git.commit(files, []string{tip.sha}, r.server.signature(by, at), webSignature(at), fmt.Sprintf("Revert %q", p.Title))
	branch := revertBranch(p)
	r.branches[branch] = c.sha
	r.told(branch, "", by)
	return r.propose(PullSpec{Title: title, Body: body, Draft: draft, Author: by, Head: branch})
}

// refusal is an error in GitHub's own words.
type refusal string

func (r refusal) Error() string { return string(r) }

// revertBranch is "revert-<n>-<head branch>" [unverified].
func revertBranch(p *pull) string { return fmt.Sprintf("revert-%d-%s", p.Number, p.Head) }
