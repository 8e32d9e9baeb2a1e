package githubsim

import (
	"encoding/base64"
	"net/http"
	"path"
	"strings"
)

func repository(c *call) (any, error) {
	r := c.repo
	o := r.settings(r.whole())
	o["custom_properties"] = object{}
	admin, push := c.who.allows("administration=write") == nil, c.who.allows("contents=write") == nil
	o["permissions"] = object{"admin": admin, "maintain": admin, "push": push, "triage": push, "pull": true}
	o["network_count"], o["subscribers_count"], o["temp_clone_token"] = 0, 0, ""
	if owner := c.s.known(r.owner); owner.kind == "Organization" {
		o["organization"] = c.s.userObject(owner)
	}
	return o, nil
}

func branch(c *call) (any, error) {
	name := c.path("branch")
	head := c.repo.git.commits[c.repo.branches[name]]
	if head == nil {
		return nil, &fault{status: http.StatusNotFound, message: "Branch not found", doc: "rest/branches/branches#get-a-branch"}
	}
	protected, protection := c.repo.protection(name)
	return object{
		"name": name, "commit": c.repo.commitObject(head),
		"_links":    object{"self": c.repo.api("/branches/%s", name), "html": c.repo.html("/tree/%s", name)},
		"protected": protected, "protection_url": c.repo.api("/branches/%s/protection", name), "protection": protection,
	}, nil
}

// The sizes of contents: facts 3.2.
const (
	inlineMax    = 1 << 20 // more comes only with the raw media type
	directoryMax = 1000
)

func contents(c *call) (any, error) {
	ref := c.query.Get("ref")
	if ref == "" {
		ref = c.repo.base
	}
	commit := c.repo.resolve(ref)
	if commit == nil {
		return nil, &fault{status: http.StatusNotFound, message: "No commit found for the ref " + ref, doc: "rest/repos/contents#get-repository-content"}
	}
	p := strings.Trim(c.path("path"), "/")
	if blob := commit.files[p]; blob != "" {
		return c.repo.file(c.r, p, blob, ref), nil
	}
	tree, ok := c.repo.git.descend(commit.tree, p)
	if !ok {
		return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/repos/contents#get-repository-content"}
	}
	entries := c.repo.git.trees[tree]
	return mapped(entries[:min(len(entries), directoryMax)], func(e entry) object {
		return c.repo.entryObject(path.Join(p, e.name), e, ref)
	}), nil
}

// descend finds the tree at a path.
func (o *store) descend(tree, p string) (string, bool) {
	if p == "" {
		return tree, true
	}
	first, rest, _ := strings.Cut(p, "/")
	for _, e := range o.trees[tree] {
		if e.dir && e.name == first {
			return o.descend(e.sha, rest)
		}
	}
	return "", false
}

// file is a file's content: in base64, or as it is for the raw media type.
func (r *Repo) file(req *http.Request, p, blob, ref string) any {
	text := r.git.blobs[blob]
	if accept := req.Header.Get("Accept"); strings.Contains(accept, ".raw") {
		return raw{mediaType: "application/vnd.github.raw+json", body: text}
	}
	o := r.entryObject(p, entry{name: path.Base(p), sha: blob}, ref)
	o["encoding"], o["content"] = "base64", lines60(base64.StdEncoding.EncodeToString([]byte(text)))
	if len(text) > inlineMax {
		o["encoding"], o["content"] = "none", ""
	}
	return o
}

// lines60 breaks base64 as GitHub does: 60 characters a line, each with its newline.
func lines60(s string) string {
	var b strings.Builder
	for len(s) > 60 {
		b.WriteString(s[:60] + "\n")
		s = s[60:]
	}
	if s != "" {
		b.WriteString(s + "\n")
	}
	return b.String()
}

func (r *Repo) entryObject(p string, e entry, ref string) object {
	kind, git, page := "file", r.api("/git/blobs/%s", e.sha), r.html("/blob/%s/%s", ref, p)
	size := len(r.git.blobs[e.sha])
	var download any = "https://raw.githubusercontent.com/" + r.full() + "/" + ref + "/" + p
	if e.dir {
		kind, git, page, download = "dir", r.api("/git/trees/%s", e.sha), r.html("/tree/%s/%s", ref, p), nil
	}
	self := r.api("/contents/%s?ref=%s", p, ref)
	return object{
		"name": e.name, "path": p, "sha": e.sha, "size": size, "type": kind, "url": self, "html_url": page, "git_url": git,
		"download_url": download, "_links": object{"self": self, "git": git, "html": page},
	}
}
