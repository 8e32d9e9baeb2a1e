package githubsim

import (
	"net/http"
	"strings"
	"time"
)

// perCommit are the addresses below a commit. They are told apart here and not by the mux, because a ref may
// hold slashes.
var perCommit = map[string]route{
	"pulls": {permission: "pull_requests=read; contents=read", handler: commitPulls}, "status": {permission: "statuses=read", handler: combinedStatus},
	"statuses": {permission: "statuses=read", handler: listStatuses}, "check-runs": {permission: "checks=read", handler: listCheckRuns},
	"check-suites": {permission: "checks=read", handler: listCheckSuites}, "comments": {handler: notSimulated}, "branches-where-head": {handler: notSimulated},
}

func commitRoutes(c *call) (any, error) {
	below := route{permission: "contents=read", handler: getCommit}
	ref := c.path("ref")
	if i := strings.LastIndex(ref, "/"); i > 0 && perCommit[ref[i+1:]].handler != nil {
		below = perCommit[ref[i+1:]]
		c.r.SetPathValue("ref", ref[:i])
	}
	c.header.Set("X-Accepted-GitHub-Permissions", below.permission)
	if err := c.who.allows(below.permission); err != nil {
		return nil, err
	}
	return below.handler(c)
}

// commit finds the commit that the address names. GitHub answers 422, not 404, where there is none.
func (c *call) commit() (*gitCommit, error) {
	ref := c.path("ref")
	if found := c.repo.resolve(ref); found != nil {
		return found, nil
	}
	return nil, &fault{status: http.StatusUnprocessableEntity, message: "No commit found for SHA: " + ref, doc: "rest/commits/commits#get-a-commit"}
}

func getCommit(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	parent := map[string]string{}
	if len(commit.parents) > 0 {
		parent = c.repo.git.commits[commit.parents[0]].files
	}
	all := c.repo.git.changes(parent, commit.files)
	additions, deletions := total(all)
	page, per := window(c.query)
	if c.query.Get("per_page") == "" {
		per = filesMax
	}
	o := c.repo.commitObject(commit)
	o["stats"] = object{"total": additions + deletions, "additions": additions, "deletions": deletions}
	o["files"] = mapped(pagedBy(c, all, page, per), func(ch change) object { return c.repo.changeObject(ch, commit.sha) })
	return o, nil
}

// listCommits takes sha, path, author, since, until and the page.
func listCommits(c *call) (any, error) {
	start := c.query.Get("sha")
	if start == "" {
		start = c.repo.base
	}
	head := c.repo.resolve(start)
	switch {
	case len(c.repo.git.commits) == 0:
		return nil, &fault{status: http.StatusConflict, message: "Git Repository is empty.", doc: "rest/commits/commits#list-commits"}
	case head == nil:
		return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/commits/commits#list-commits"}
	}
	var list []*gitCommit
	for _, commit := range c.repo.git.log(head.sha, nil) {
		if c.wanted(commit) {
			list = append(list, commit)
		}
	}
	return mapped(paged(c, list), c.repo.commitObject), nil
}

func (c *call) wanted(commit *gitCommit) bool {
	if path := c.query.Get("path"); path != "" && !c.repo.touches(commit, path) {
		return false
	}
	if author := c.query.Get("author"); author != "" {
		u := c.s.byEmail(commit.author.email)
		if !strings.EqualFold(author, commit.author.email) && (u == nil || !strings.EqualFold(author, u.login)) {
			return false
		}
	}
	if since, err := time.Parse(time.RFC3339, c.query.Get("since")); err == nil && commit.committer.at.Before(since) {
		return false
	}
	until, err := time.Parse(time.RFC3339, c.query.Get("until"))
	return err != nil || !commit.committer.at.After(until)
}

// touches tells whether a commit changed a file, or anything below a directory, against its first parent.
func (r *Repo) touches(c *gitCommit, path string) bool {
	parent := map[string]string{}
	if len(c.parents) > 0 {
		parent = r.git.commits[c.parents[0]].files
	}
	for _, ch := range r.git.changes(parent, c.files) {
		for _, p := range []string{ch.path, ch.from} {
			if p == path || strings.HasPrefix(p, path+"/") {
				return true
			}
		}
	}
	return false
}
