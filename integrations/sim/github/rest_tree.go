package githubsim

import (
	"fmt"
	"net/http"
	"path"
)

// treeMax is how many entries a recursive tree gives at most: facts 3.2.
const treeMax = 100_000

// getTree gives a tree by its own name, a commit's or a branch's; with any "recursive", all that is below it.
func getTree(c *call) (any, error) {
	ref := c.path("ref")
	git := c.repo.git
	tree := ref
	if commit := c.repo.resolve(ref); commit != nil {
		tree = commit.tree
	}
	if git.trees[tree] == nil {
		return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/git/trees#get-a-tree"}
	}
	list := []object{}
	whole := c.repo.treeEntries("", tree, c.query.Get("recursive") != "", func(o object) bool {
		if len(list) == c.s.treeMax {
			return false
		}
		list = append(list, o)
		return true
	})
	return object{"sha": tree, "url": c.repo.api("/git/trees/%s", tree), "tree": list, "truncated": !whole}, nil
}

// treeEntries gives a tree's entries to yield until that has enough, and tells whether it got all of them.
func (r *Repo) treeEntries(below, tree string, recursive bool, yield func(object) bool) bool {
	for _, e := range r.git.trees[tree] {
		p := path.Join(below, e.name)
		o := object{"path": p, "mode": "100644", "type": "blob", "sha": e.sha, "size": len(r.git.blobs[e.sha]), "url": r.api("/git/blobs/%s", e.sha)}
		if e.dir {
			o = object{"path": p, "mode": "040000", "type": "tree", "sha": e.sha, "url": r.api("/git/trees/%s", e.sha)}
		}
		if !yield(o) || e.dir && recursive && !r.treeEntries(p, e.sha, true, yield) {
			return false
		}
	}
	return true
}

// tarball answers 302 to the archive of a ref, of the default branch if none is named.
func tarball(c *call) (any, error) {
	ref := c.path("ref")
	if ref == "" {
		ref = c.repo.base
	}
	commit := c.repo.resolve(ref)
	if commit == nil {
		return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/repos/contents#download-a-repository-archive-tar"}
	}
	return c.s.signedBlob(fmt.Sprintf("/archive/%d/%s", c.repo.id, commit.sha), archiveTime), nil
}
