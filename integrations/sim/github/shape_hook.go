package githubsim

import "fmt"

// inWebhook is a repository as it stands in a webhook.
func (r *Repo) inWebhook() object {
	o := r.whole()
	o["custom_properties"] = object{}
	return o
}

// inPush is a repository as it stands in the webhook of a push, which is older than all others: times are
// numbers, and some names are those of long ago.
func (r *Repo) inPush() object {
	o := r.inWebhook()
	o["created_at"], o["pushed_at"] = r.created.Unix(), r.pushed.Unix()
	o["stargazers"], o["master_branch"] = 0, r.base
	owner := r.server.known(r.owner)
	whole := r.server.userObject(owner)
	whole["name"], whole["email"] = owner.login, nil
	if owner.kind == "Organization" {
		o["organization"] = owner.login
	} else {
		whole["email"] = owner.email
	}
	o["owner"] = whole
	return o
}

// organization is an organization as webhooks show it beside the repository.
func (s *Server) organization(u *user) object {
	api := s.options.URL + "/orgs/" + u.login
	return object{
		"login": u.login, "id": u.id, "node_id": nodeID("O", u.id), "url": api, "repos_url": api + "/repos", "events_url": api + "/events",
		"hooks_url": api + "/hooks", "issues_url": api + "/issues", "members_url": api + "/members{/member}",
		"public_members_url": api + "/public_members{/member}", "description": nil,
		"avatar_url": fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", u.id),
	}
}

// pushedMax is how many commits a push lists: facts 1.2, "may be cut (2,048 [unverified])".
const pushedMax = 2048

// pushPayload is a push; before or after is noCommit for a branch that came or went.
func (r *Repo) pushPayload(branch, before, after, by string) object {
	o := object{
		"ref": "refs/heads/" + branch, "before": before, "after": after, "base_ref": nil, "repository": r.inPush(),
		"created": before == noCommit, "deleted": after == noCommit, "forced": false, "commits": []object{}, "head_commit": nil,
		"pusher": object{"name": by, "email": nil}, "compare": r.html("/compare/%s...%s", before[:12], after[:12]),
	}
	if u := r.server.known(by); u != nil {
		o["pusher"] = object{"name": u.login, "email": u.email}
	}
	if after == noCommit {
		return o
	}
	from := before
	if before == noCommit {
		from = r.branches[r.base]
		o["compare"] = r.html("/compare/%s", branch)
	} else {
		o["forced"] = !r.git.ancestors(after)[before]
	}
	old := r.elsewhere(branch)
	list := r.git.between(from, after)
	o["commits"] = mapped(list[:min(len(list), pushedMax)], func(c *gitCommit) object { return r.pushedCommit(c, !old[c.sha]) })
	o["head_commit"] = r.pushedCommit(r.git.commits[after], !old[after])
	return o
}

// elsewhere gives the commits that other branches have.
func (r *Repo) elsewhere(branch string) map[string]bool {
	all := map[string]bool{}
	for _, name := range sortedKeys(r.branches) {
		if name == branch {
			continue
		}
		for sha := range r.git.ancestors(r.branches[name]) {
			all[sha] = true
		}
	}
	return all
}

func (r *Repo) pushedCommit(c *gitCommit, distinct bool) object {
	parent := map[string]string{}
	if len(c.parents) > 0 {
		parent = r.git.commits[c.parents[0]].files
	}
	files := map[string][]string{"added": {}, "removed": {}, "modified": {}}
	for _, path := range sortedKeys(c.files) {
		switch parent[path] {
		case c.files[path]:
		case "":
			files["added"] = append(files["added"], path)
		default:
			files["modified"] = append(files["modified"], path)
		}
	}
	for _, path := range sortedKeys(parent) {
		if c.files[path] == "" {
			files["removed"] = append(files["removed"], path)
		}
	}
	return object{
		"id": c.sha, "tree_id": c.tree, "distinct": distinct, "message": c.message, "timestamp": stamp(c.committer.at),
		"url": r.html("/commit/%s", c.sha), "author": r.pusher(c.author), "committer": r.pusher(c.committer),
		"added": files["added"], "removed": files["removed"], "modified": files["modified"],
	}
}

// pusher is a signature as a push shows it.
func (r *Repo) pusher(g signature) object {
	o := person(g, "date")
	if u := r.server.byEmail(g.email); u != nil {
		o["username"] = u.login
	}
	return o
}

// hookObject is a webhook as its owner reads it; the secret is never shown.
func (s *Server) hookObject(h *hook) object {
	config := object{"content_type": h.contentType, "insecure_ssl": h.insecure, "url": h.url}
	if h.secret != "" {
		config["secret"] = "********"
	}
	o := object{
		"type": "Repository", "id": h.id, "name": "web", "active": h.active, "events": h.events, "config": config,
		"updated_at": stamp(h.updated), "created_at": stamp(h.created),
	}
	if h.repo == nil {
		o["type"], o["app_id"], o["deliveries_url"] = "App", h.app.ID, s.options.URL+"/app/hook/deliveries"
		return o
	}
	at := h.repo.api("/hooks/%d", h.id)
	o["url"], o["test_url"], o["ping_url"], o["deliveries_url"] = at, at+"/test", at+"/pings", at+"/deliveries"
	o["last_response"] = object{"code": nil, "status": "unused", "message": nil}
	if h.last != nil {
		o["last_response"] = object{"code": h.last.Status, "status": "active", "message": h.last.Error}
	}
	return o
}
