package githubsim

// actionsApp is the id of the App that Actions' own checks belong to.
const actionsApp = 15368

// appObject is GitHub Actions as an App.
func (s *Server) appObject() object {
	owner := s.userObject(&user{id: 9919, login: "github", kind: "Organization"})
	return object{
		"id": actionsApp, "slug": "github-actions", "node_id": "MDM6QXBwMTUzNjg=", "client_id": "Iv1.05c79e9ad1f6bdfa", "owner": owner,
		"name": "GitHub Actions", "description": "Automate your workflow from idea to production", "external_url": "https://help.github.com/en/actions",
		"html_url": s.options.HTML + "/apps/github-actions", "created_at": "2018-07-30T09:30:17Z", "updated_at": "2025-03-07T16:35:00Z",
		"permissions": object{"actions": "write", "checks": "write", "contents": "write", "metadata": "read", "pull_requests": "write", "statuses": "write"},
		"events":      []string{"check_run", "check_suite", "push", "pull_request", "workflow_dispatch"},
	}
}

func (j *job) checkObject() object {
	r, repo := j.attempt.run, j.attempt.run.repo
	annotations := 0
	if j.conclusion == "failure" {
		annotations = 1 // see listAnnotations
	}
	return object{
		"id": j.id, "node_id": nodeID("CR", repo.id, j.id), "head_sha": r.sha, "external_id": requestID(j.page()), "name": j.def.Name,
		"url": repo.api("/check-runs/%d", j.id), "html_url": j.page(), "details_url": j.page(), "status": j.status, "conclusion": orNull(j.conclusion),
		"started_at": stamp(j.started), "completed_at": stamp(j.completed),
		"output": object{
			"title": nil, "summary": nil, "text": nil, "annotations_count": annotations, "annotations_url": repo.api("/check-runs/%d/annotations", j.id),
		},
		"check_suite": object{"id": r.suite}, "app": repo.server.appObject(), "pull_requests": repo.openRefs(r.branch, r.sha),
	}
}

func (r *run) suiteObject() object {
	repo, a := r.repo, r.last()
	return object{
		"id": r.suite, "node_id": nodeID("CS", repo.id, r.suite), "head_branch": r.branch, "head_sha": r.sha, "status": a.status,
		"conclusion": orNull(a.conclusion), "url": repo.api("/check-suites/%d", r.suite), "before": orNull(r.before), "after": r.sha,
		"pull_requests": repo.openRefs(r.branch, r.sha), "app": repo.server.appObject(), "repository": repo.minimal(),
		"created_at": stamp(r.created), "updated_at": stamp(r.updated), "rerequestable": true, "runs_rerequestable": true,
		"latest_check_runs_count": len(a.listed()), "check_runs_url": repo.api("/check-suites/%d/check-runs", r.suite),
		"head_commit": headCommit(repo.git.commits[r.sha]),
	}
}
