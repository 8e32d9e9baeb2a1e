package githubsim

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// api is an address of the REST API below a repository.
func (r *Repo) api(format string, args ...any) string {
	return r.server.options.URL + "/repos/" + r.full() + fmt.Sprintf(format, args...)
}

// html is an address of a page below a repository.
func (r *Repo) html(format string, args ...any) string {
	return r.server.options.HTML + "/" + r.full() + fmt.Sprintf(format, args...)
}

// nodeID is a GraphQL id as GitHub makes them: a prefix and a packed array of 0 and the ids from the
// repository down.
func nodeID(prefix string, ids ...int64) string {
	packed := []byte{0x91 + byte(len(ids)), 0}
	for _, id := range ids {
		if id < 1<<32 {
			packed = binary.BigEndian.AppendUint32(append(packed, 0xCE), uint32(id))
		} else {
			packed = binary.BigEndian.AppendUint64(append(packed, 0xCF), uint64(id))
		}
	}
	return prefix + "_" + base64.RawURLEncoding.EncodeToString(packed)
}

// userObject is the short form of an account, as it stands inside everything else; null for nobody.
func (s *Server) userObject(u *user) object {
	if u == nil {
		return nil
	}
	api := s.options.URL + "/users/" + u.login
	return object{
		"login": u.login, "id": u.id, "node_id": nodeID(u.kind[:1], u.id),
		"avatar_url": fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", u.id), "gravatar_id": "",
		"url": api, "html_url": s.options.HTML + "/" + u.login,
		"followers_url": api + "/followers", "following_url": api + "/following{/other_user}", "gists_url": api + "/gists{/gist_id}",
		"starred_url": api + "/starred{/owner}{/repo}", "subscriptions_url": api + "/subscriptions", "organizations_url": api + "/orgs",
		"repos_url": api + "/repos", "events_url": api + "/events{/privacy}", "received_events_url": api + "/received_events",
		"type": u.kind, "user_view_type": "public", "site_admin": false,
	}
}

// userOrNull is an account's short form inside another object; a nil map would be null too, but of another type.
func (s *Server) userOrNull(login string) any {
	if u := s.known(login); u != nil {
		return s.userObject(u)
	}
	return nil
}

// repoLinks are the addresses below a repository, by the name of their field.
var repoLinks = map[string]string{
	"forks_url": "/forks", "keys_url": "/keys{/key_id}", "collaborators_url": "/collaborators{/collaborator}", "teams_url": "/teams",
	"hooks_url": "/hooks", "issue_events_url": "/issues/events{/number}", "events_url": "/events", "assignees_url": "/assignees{/user}",
	"branches_url": "/branches{/branch}", "tags_url": "/tags", "blobs_url": "/git/blobs{/sha}", "git_tags_url": "/git/tags{/sha}",
	"git_refs_url": "/git/refs{/sha}", "trees_url": "/git/trees{/sha}", "statuses_url": "/statuses/{sha}", "languages_url": "/languages",
	"stargazers_url": "/stargazers", "contributors_url": "/contributors", "subscribers_url": "/subscribers",
	"subscription_url": "/subscription", "commits_url": "/commits{/sha}", "git_commits_url": "/git/commits{/sha}",
	"comments_url": "/comments{/number}", "issue_comment_url": "/issues/comments{/number}", "contents_url": "/contents/{+path}",
	"compare_url": "/compare/{base}...{head}", "merges_url": "/merges", "archive_url": "/{archive_format}{/ref}",
	"downloads_url": "/downloads", "issues_url": "/issues{/number}", "pulls_url": "/pulls{/number}", "milestones_url": "/milestones{/number}",
	"notifications_url": "/notifications{?since,all,participating}", "labels_url": "/labels{/name}", "releases_url": "/releases{/id}",
	"deployments_url": "/deployments",
}

// minimal is a repository as it stands inside a run.
func (r *Repo) minimal() object {
	o := object{
		"id": r.id, "node_id": nodeID("R", r.id), "name": r.name, "full_name": r.full(), "private": true,
		"owner": r.server.userOrNull(r.owner), "html_url": r.html(""), "description": nil, "fork": false, "url": r.api(""),
	}
	for field, path := range repoLinks {
		o[field] = r.api("") + path
	}
	return o
}

// whole is a repository as it stands inside a pull request.
func (r *Repo) whole() object {
	o := r.minimal()
	host := strings.TrimPrefix(strings.TrimPrefix(r.server.options.HTML, "https://"), "http://")
	open := 0
	for _, p := range r.pulls {
		if p.State == "open" {
			open++
		}
	}
	for field, value := range (object{
		"created_at": stamp(r.created), "updated_at": stamp(r.pushed), "pushed_at": stamp(r.pushed),
		"git_url": "git://" + host + "/" + r.full() + ".git", "ssh_url": "git@" + host + ":" + r.full() + ".git",
		"clone_url": r.html(".git"), "svn_url": r.html(""), "homepage": nil, "size": len(r.git.blobs), "stargazers_count": 0,
		"watchers_count": 0, "language": "Python", "has_issues": true, "has_projects": true, "has_downloads": true, "has_wiki": true,
		"has_pages": false, "has_discussions": false, "forks_count": 0, "mirror_url": nil, "archived": false, "disabled": false,
		"open_issues_count": open, "license": nil, "allow_forking": true, "is_template": false, "web_commit_signoff_required": false,
		"topics": []string{}, "visibility": "private", "forks": 0, "open_issues": open, "watchers": 0, "default_branch": r.base,
	}) {
		o[field] = value
	}
	return o
}

// settings are the fields that only the repository's own address and a pull request's base show.
func (r *Repo) settings(o object) object {
	for field, value := range (object{
		"allow_squash_merge": true, "allow_merge_commit": true, "allow_rebase_merge": true, "allow_auto_merge": false,
		"delete_branch_on_merge": false, "allow_update_branch": false, "use_squash_pr_title_as_default": false,
		"squash_merge_commit_message": "COMMIT_MESSAGES", "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
		"merge_commit_message": "PR_TITLE", "merge_commit_title": "MERGE_MESSAGE",
	}) {
		o[field] = value
	}
	return o
}
