package githubsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// pullFilesMax is how many files of a pull request can be listed at all: facts 3.2.
const pullFilesMax = 3000

// listPulls takes state, base, head ("owner:branch"), sort, direction and the page.
func listPulls(c *call) (any, error) {
	state, base, head := c.query.Get("state"), c.query.Get("base"), c.query.Get("head")
	if state == "" {
		state = "open"
	}
	if !slices.Contains([]string{"open", "closed", "all"}, state) {
		return nil, &fault{
			status: http.StatusUnprocessableEntity, message: "Validation Failed", doc: "rest/pulls/pulls#list-pull-requests",
			errors: []object{{"resource": "PullRequest", "field": "state", "code": "invalid"}},
		}
	}
	var list []*pull
	for _, p := range c.repo.sortedPulls() {
		ownHead := head == "" || !strings.Contains(head, ":") || strings.EqualFold(head, c.repo.owner+":"+p.Head)
		if (state == "all" || p.State == state) && (base == "" || p.Base == base) && ownHead {
			list = append(list, p)
		}
	}
	sortPulls(list, c.query.Get("sort"), c.query.Get("direction"))
	return mapped(paged(c, list), c.repo.pullObject), nil
}

// sortPulls sorts by creation or update. As GitHub documents it, creation starts with the newest unless "asc" is
// asked for, and everything else with the oldest unless "desc" is.
func sortPulls(list []*pull, by, direction string) {
	slices.SortStableFunc(list, func(a, b *pull) int {
		if by == "updated" {
			if n := a.UpdatedAt.Compare(b.UpdatedAt); n != 0 {
				return n
			}
		} else if n := a.CreatedAt.Compare(b.CreatedAt); n != 0 {
			return n
		}
		return a.Number - b.Number
	})
	if direction == "desc" || direction == "" && (by == "" || by == "created") {
		slices.Reverse(list)
	}
}

// pull finds the pull request that the address names.
func (c *call) pull() (*pull, error) {
	n, _ := strconv.Atoi(c.path("number"))
	if p := c.repo.pulls[n]; p != nil {
		return p, nil
	}
	return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/pulls/pulls#get-a-pull-request"}
}

func getPull(c *call) (any, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	return c.repo.pullWhole(p), nil
}

func pullCommits(c *call) (any, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	own := c.repo.commitsOf(p)
	return mapped(paged(c, own[:min(len(own), comparedMax)]), c.repo.commitObject), nil
}

func pullFiles(c *call) (any, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	files := c.repo.filesOf(p)
	return mapped(paged(c, files[:min(len(files), pullFilesMax)]), func(ch change) object { return c.repo.changeObject(ch, p.HeadSHA) }), nil
}

// commitPulls lists, for a commit of the default branch, the merged pull requests that introduced it, and for
// any other the merged and open ones that have it (facts 1.2).
func commitPulls(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	arrived := c.repo.git.ancestors(c.repo.branches[c.repo.base])[commit.sha]
	var list []*pull
	for _, p := range c.repo.sortedPulls() {
		if (p.Merged || !arrived && p.State == "open") && c.repo.brought(p, commit.sha) {
			list = append(list, p)
		}
	}
	return mapped(paged(c, list), c.repo.pullObject), nil
}

// brought tells whether a commit is one of a pull request's own, or of those that its merge made.
func (r *Repo) brought(p *pull, sha string) bool {
	return slices.Contains(p.landed, sha) || slices.ContainsFunc(r.commitsOf(p), func(c *gitCommit) bool { return c.sha == sha })
}
