package githubsim

import "fmt"

// pullObject is a pull request as lists show it: whether it is merged must be read from merged_at.
func (r *Repo) pullObject(p *pull) object {
	at := fmt.Sprintf("/pulls/%d", p.Number)
	issue := fmt.Sprintf("/issues/%d", p.Number)
	statuses := r.api("/statuses/%s", p.HeadSHA)
	href := func(format string) object { return object{"href": r.api("%s", format)} }
	return object{
		"id": p.id, "node_id": nodeID("PR", r.id, p.id), "number": p.Number, "state": p.State, "locked": false, "title": p.Title,
		"url": r.api("%s", at), "html_url": r.html("/pull/%d", p.Number), "diff_url": r.html("/pull/%d.diff", p.Number),
		"patch_url": r.html("/pull/%d.patch", p.Number), "issue_url": r.api("%s", issue), "user": r.server.userOrNull(p.Author), "body": orNull(p.body),
		"created_at": stamp(p.CreatedAt), "updated_at": stamp(p.UpdatedAt), "closed_at": stamp(p.closedAt), "merged_at": stamp(p.MergedAt),
		"merge_commit_sha": r.mergeCommit(p), "assignee": nil, "assignees": []object{}, "requested_reviewers": []object{},
		"requested_teams": []object{}, "labels": []object{}, "milestone": nil, "draft": p.draft,
		"commits_url": r.api("%s/commits", at), "review_comments_url": r.api("%s/comments", at),
		"review_comment_url": r.api("/pulls/comments{/number}"), "comments_url": r.api("%s/comments", issue), "statuses_url": statuses,
		"head": r.end(p.Head, p.HeadSHA), "base": r.end(p.Base, p.baseAt),
		"_links": object{
			"self": href(at), "html": object{"href": r.html("/pull/%d", p.Number)}, "issue": href(issue),
			"comments": href(issue + "/comments"), "review_comments": href(at + "/comments"),
			"review_comment": href("/pulls/comments{/number}"), "commits": href(at + "/commits"), "statuses": object{"href": statuses},
		},
		"author_association": "MEMBER", "auto_merge": nil, "active_lock_reason": nil,
	}
}

// mergeCommit is facts 1.2: the test merge while open, and then the commit that the base was moved to.
func (r *Repo) mergeCommit(p *pull) any {
	if p.Merged {
		return p.MergeSHA
	}
	if test := r.testMerge(p); test != nil {
		return test.sha
	}
	return nil
}

// end is one end of a pull request.
func (r *Repo) end(ref, sha string) object {
	return object{
		"label": r.owner + ":" + ref, "ref": ref, "sha": sha, "user": r.server.userOrNull(r.owner), "repo": r.settings(r.whole()),
	}
}

// pullWhole is a pull request at its own address.
func (r *Repo) pullWhole(p *pull) object {
	o := r.pullObject(p)
	files := r.filesOf(p)
	additions, deletions := total(files)
	for field, value := range (object{
		"merged": p.Merged, "merged_by": r.server.userOrNull(p.MergedBy), "comments": 0, "review_comments": 0, "maintainer_can_modify": false,
		"commits": len(r.commitsOf(p)), "additions": additions, "deletions": deletions, "changed_files": len(files),
		"mergeable": nil, "rebaseable": nil, "mergeable_state": "unknown", // once closed GitHub no longer tells
	}) {
		o[field] = value
	}
	if p.State == "open" {
		clean := r.testMerge(p) != nil
		o["mergeable"], o["rebaseable"], o["mergeable_state"] = clean, clean, "dirty"
		if clean {
			o["mergeable_state"] = r.mergeableState(p)
		}
	}
	return o
}

// mergeableState is "unstable" while a check of the head has not passed.
func (r *Repo) mergeableState(p *pull) string {
	for _, one := range r.runs() {
		if a := one.last(); one.sha == p.HeadSHA && a.conclusion != "success" && a.conclusion != "skipped" {
			return "unstable"
		}
	}
	return "clean"
}

// filesOf lists what a pull request changes, from where it left the base.
func (r *Repo) filesOf(p *pull) []change {
	fork := r.git.mergeBase(r.against(p), p.HeadSHA)
	return r.git.changes(fork.files, r.git.commits[p.HeadSHA].files)
}

// pullRef is a pull request as it stands inside runs and checks.
func (r *Repo) pullRef(p *pull) object {
	repo := object{"id": r.id, "url": r.api(""), "name": r.name}
	return object{
		"id": p.id, "number": p.Number, "url": r.api("/pulls/%d", p.Number),
		"head": object{"ref": p.Head, "sha": p.HeadSHA, "repo": repo}, "base": object{"ref": p.Base, "sha": p.baseAt, "repo": repo},
	}
}

// openRefs lists the open pull requests whose head this is. After the merge it is empty (facts 1.2).
func (r *Repo) openRefs(branch, sha string) []object {
	refs := []object{}
	for _, p := range r.sortedPulls() {
		if p.State == "open" && p.Head == branch && p.HeadSHA == sha {
			refs = append(refs, r.pullRef(p))
		}
	}
	return refs
}
