package githubsim

import "time"

func (k *checkRun) page() string { return k.repo.html("/runs/%d", k.id) }

func (k *checkRun) object() object {
	r := k.repo
	details := k.details
	if details == "" {
		details = k.page()
	}
	return object{
		"id": k.id, "node_id": nodeID("CR", r.id, k.id), "head_sha": k.sha, "external_id": k.external, "name": k.name,
		"url": r.api("/check-runs/%d", k.id), "html_url": k.page(), "details_url": details, "status": k.status, "conclusion": orNull(k.conclusion),
		"started_at": stamp(k.started), "completed_at": stamp(k.completed),
		"output": object{
			"title": orNull(k.title), "summary": orNull(k.summary), "text": orNull(k.text), "annotations_count": 0,
			"annotations_url": r.api("/check-runs/%d/annotations", k.id),
		},
		"check_suite": object{"id": k.suite}, "app": r.server.ownAppObject(k.app), "pull_requests": r.openRefsAt(k.sha),
	}
}

func (k *checkRun) suiteObject() object {
	r := k.repo
	status, conclusion := "completed", "success"
	var created, updated time.Time
	mates := k.mates()
	for i, m := range mates {
		if i == 0 {
			created = m.started
		}
		updated = m.completed
		if m.status != "completed" {
			status, conclusion = "in_progress", ""
			break
		}
		if m.conclusion != "success" && m.conclusion != "neutral" && m.conclusion != "skipped" {
			conclusion = m.conclusion
		}
	}
	if created.IsZero() {
		created = seconds(r.server.now())
	}
	if updated.IsZero() {
		updated = created
	}
	before := ""
	if c := r.git.commits[k.sha]; len(c.parents) > 0 {
		before = c.parents[0]
	}
	return object{
		"id": k.suite, "node_id": nodeID("CS", r.id, k.suite), "head_branch": orNull(r.branchAt(k.sha)), "head_sha": k.sha, "status": status,
		"conclusion": orNull(conclusion), "url": r.api("/check-suites/%d", k.suite), "before": orNull(before), "after": k.sha,
		"pull_requests": r.openRefsAt(k.sha), "app": r.server.ownAppObject(k.app), "repository": r.minimal(),
		"created_at": stamp(created), "updated_at": stamp(updated), "rerequestable": true, "runs_rerequestable": true,
		"latest_check_runs_count": len(mates), "check_runs_url": r.api("/check-suites/%d/check-runs", k.suite), "head_commit": headCommit(r.git.commits[k.sha]),
	}
}

// branchAt is a branch that stands at a commit, or "".
func (r *Repo) branchAt(sha string) string {
	for _, name := range sortedKeys(r.branches) {
		if r.branches[name] == sha {
			return name
		}
	}
	return ""
}

// openRefsAt lists the open pull requests whose head is this commit.
func (r *Repo) openRefsAt(sha string) []object {
	refs := []object{}
	for _, p := range r.sortedPulls() {
		if p.State == "open" && p.HeadSHA == sha {
			refs = append(refs, r.pullRef(p))
		}
	}
	return refs
}
