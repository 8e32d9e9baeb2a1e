package githubsim

import (
	"strings"
)

// The sizes of a comparison: facts 3.2.
const (
	comparedMax = 250 // commits, where no page is asked for
	filesMax    = 300
)

func compare(c *call) (any, error) {
	baseName, headName, ok := strings.Cut(c.path("basehead"), "...")
	if !ok {
		return nil, notFound()
	}
	git := c.repo.git
	base, head := c.repo.resolve(c.withoutOwner(baseName)), c.repo.resolve(c.withoutOwner(headName))
	if base == nil || head == nil {
		return nil, &fault{status: 404, message: "Not Found", doc: "rest/commits/commits#compare-two-commits"}
	}
	fork := git.mergeBase(base.sha, head.sha)
	if fork == nil {
		return nil, &fault{status: 404, message: "No common ancestor between " + baseName + " and " + headName + ".", doc: "rest/commits/commits#compare-two-commits"}
	}
	ahead := git.between(base.sha, head.sha)
	behind := len(git.between(head.sha, base.sha))
	files := git.changes(fork.files, head.files)
	page, _ := window(c.query)
	shown := files[:min(len(files), filesMax)]
	if page > 1 {
		shown = nil
	}
	r, span := c.repo, base.sha+"..."+head.sha
	short := r.owner + ":" + base.sha[:7] + "..." + r.owner + ":" + head.sha[:7]
	return object{
		"url": r.api("/compare/%s...%s", baseName, headName), "html_url": r.html("/compare/%s...%s", baseName, headName),
		"permalink_url": r.html("/compare/%s", short), "diff_url": r.html("/compare/%s.diff", span), "patch_url": r.html("/compare/%s.patch", span),
		"base_commit": r.commitObject(base), "merge_base_commit": r.commitObject(fork), "status": relation(len(ahead), behind),
		"ahead_by": len(ahead), "behind_by": behind, "total_commits": len(ahead),
		"commits": mapped(c.comparedPage(ahead), r.commitObject),
		"files":   mapped(shown, func(ch change) object { return r.changeObject(ch, head.sha) }),
	}, nil
}

// withoutOwner takes the "owner:" off a branch, as forks would have it.
func (c *call) withoutOwner(ref string) string {
	if owner, name, ok := strings.Cut(ref, ":"); ok && strings.EqualFold(owner, c.repo.owner) {
		return name
	}
	return ref
}

// comparedPage is the page that was asked for; without one, the newest 250 commits.
func (c *call) comparedPage(list []*gitCommit) []*gitCommit {
	if c.query.Has("page") || c.query.Has("per_page") {
		return paged(c, list)
	}
	return list[max(len(list)-comparedMax, 0):]
}

func relation(ahead, behind int) string {
	switch {
	case ahead > 0 && behind > 0:
		return "diverged"
	case ahead > 0:
		return "ahead"
	case behind > 0:
		return "behind"
	}
	return "identical"
}
