package githubsim

import "encoding/base64"

// commitObject is a commit as lists show it: without files and stats.
func (r *Repo) commitObject(c *gitCommit) object {
	parents := make([]object, len(c.parents))
	for i, p := range c.parents {
		parents[i] = object{"sha": p, "url": r.api("/commits/%s", p), "html_url": r.html("/commit/%s", p)}
	}
	return object{
		"sha": c.sha, "node_id": "C_" + base64.RawURLEncoding.EncodeToString([]byte(c.sha)),
		"commit": object{
			"author": person(c.author, "date"), "committer": person(c.committer, "date"), "message": c.message,
			"tree": object{"sha": c.tree, "url": r.api("/git/trees/%s", c.tree)}, "url": r.api("/git/commits/%s", c.sha), "comment_count": 0,
			"verification": object{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil},
		},
		"url": r.api("/commits/%s", c.sha), "html_url": r.html("/commit/%s", c.sha), "comments_url": r.api("/commits/%s/comments", c.sha),
		"author": r.signer(c.author), "committer": r.signer(c.committer), "parents": parents,
	}
}

// signer is the account behind a signature, or null.
func (r *Repo) signer(g signature) any {
	if u := r.server.byEmail(g.email); u != nil {
		return r.server.userObject(u)
	}
	return nil
}

// person is a signature in JSON, with its time under the given name if that is not empty.
func person(g signature, date string) object {
	o := object{"name": g.name, "email": g.email}
	if date != "" {
		o[date] = stamp(g.at)
	}
	return o
}

// headCommit is a commit as it stands inside a run.
func headCommit(c *gitCommit) object {
	return object{
		"id": c.sha, "tree_id": c.tree, "message": c.message, "timestamp": stamp(c.committer.at),
		"author": person(c.author, ""), "committer": person(c.committer, ""),
	}
}

// suiteCommit is a commit as it stands inside a check suite: with the logins of those who have an account.
func (r *Repo) suiteCommit(c *gitCommit) object {
	o := headCommit(c)
	for field, g := range map[string]signature{"author": c.author, "committer": c.committer} {
		if u := r.server.byEmail(g.email); u != nil {
			o[field].(object)["username"] = u.login
		}
	}
	return o
}

// changeObject is one changed file, as of a commit.
func (r *Repo) changeObject(ch change, at string) object {
	o := object{
		"sha": ch.sha, "filename": ch.path, "status": ch.status, "additions": ch.additions, "deletions": ch.deletions,
		"changes": ch.additions + ch.deletions, "blob_url": r.html("/blob/%s/%s", at, ch.path), "raw_url": r.html("/raw/%s/%s", at, ch.path),
		"contents_url": r.api("/contents/%s?ref=%s", ch.path, at),
	}
	if ch.patch != "" {
		o["patch"] = ch.patch
	}
	if ch.from != "" {
		o["previous_filename"] = ch.from
	}
	return o
}

// total adds up what changes changed.
func total(list []change) (additions, deletions int) {
	for _, ch := range list {
		additions += ch.additions
		deletions += ch.deletions
	}
	return additions, deletions
}
