package github

import (
	"context"
	"fmt"
	"net/url"

	gh "github.com/google/go-github/v60/github"
)

// Tree is what lies in a repository at one commit.
type Tree struct {
	SHA       string
	Entries   []Entry
	Truncated bool // GitHub left some out: there are more than 100,000, or 7 MB of them
}

// Entry is one file, folder or submodule.
type Entry struct {
	Path string // from the top
	Type string // blob, tree or commit (a submodule)
	Mode string // 100644, 100755 (can be run), 120000 (a link), 040000, 160000
	SHA  string
	Size int64 // of a blob, in bytes
}

// Tree reads the whole tree of a commit, branch or tag, folders and what lies in them. A commit's SHA is the surest, as a
// branch may move meanwhile.
func (c *Client) Tree(ctx context.Context, repo Repo, ref string) (Tree, error) {
	op := fmt.Sprintf("read the tree of %s of %s", ref, repo)
	if err := checkRef(op, ref); err != nil {
		return Tree{}, err
	}
	var out Tree
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		var answer struct {
			SHA       string
			Tree      []Entry
			Truncated bool
		}
		resp, err := c.get(ctx, repo, "git/trees/"+refPath(ref), url.Values{"recursive": {"1"}}, "", &answer)
		if err != nil {
			return resp, err
		}
		out = Tree{SHA: answer.SHA, Entries: answer.Tree, Truncated: answer.Truncated}
		return resp, out.check()
	})
	if err != nil {
		return Tree{}, err
	}
	return out, nil
}

func (t Tree) check() error {
	if t.SHA == "" || t.Entries == nil {
		return lacks("sha or tree")
	}
	for _, e := range t.Entries {
		if e.Path == "" || e.Type == "" {
			return lacks("path or type of an entry")
		}
	}
	return nil
}
