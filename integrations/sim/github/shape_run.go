package githubsim

import "strings"

func (r *Repo) workflowObject(w *workflow) object {
	return object{
		"id": w.id, "node_id": nodeID("W", r.id, w.id), "name": w.Name, "path": w.Path, "state": "active",
		"created_at": stamp(w.created), "updated_at": stamp(w.created), "url": r.api("/actions/workflows/%d", w.id),
		"html_url": r.html("/blob/%s/%s", r.base, w.Path), "badge_url": r.html("/workflows/%s/badge.svg", strings.ReplaceAll(w.Name, " ", "%20")),
	}
}

// runObject is a run as of one of its attempts.
func (r *run) runObject(a *attempt, pulls bool) object {
	repo := r.repo
	at := repo.api("/actions/runs/%d", r.id)
	url := at
	var previous any
	if a.number > 1 {
		previous = repo.api("/actions/runs/%d/attempts/%d", r.id, a.number-1)
	}
	refs := []object{}
	if pulls {
		refs = repo.openRefs(r.branch, r.sha)
	}
	return object{
		"id": r.id, "name": r.workflow.Name, "node_id": nodeID("WFR", repo.id, r.id), "head_branch": r.branch, "head_sha": r.sha,
		"path": r.workflow.Path, "display_title": r.title, "run_number": r.number, "run_attempt": a.number, "event": r.event,
		"status": a.status, "conclusion": orNull(a.conclusion), "workflow_id": r.workflow.id, "check_suite_id": r.suite,
		"check_suite_node_id": nodeID("CS", repo.id, r.suite), "url": url, "html_url": repo.html("/actions/runs/%d", r.id), "pull_requests": refs,
		"created_at": stamp(r.created), "updated_at": stamp(r.updated), "run_started_at": stamp(a.started),
		"actor": repo.server.userOrNull(r.actor), "triggering_actor": repo.server.userOrNull(a.actor), "referenced_workflows": []object{},
		"jobs_url": at + "/jobs", "logs_url": at + "/logs", "artifacts_url": at + "/artifacts", "cancel_url": at + "/cancel", "rerun_url": at + "/rerun",
		"check_suite_url": repo.api("/check-suites/%d", r.suite), "previous_attempt_url": previous,
		"workflow_url": repo.api("/actions/workflows/%d", r.workflow.id), "head_commit": headCommit(repo.git.commits[r.sha]),
		"repository": repo.minimal(), "head_repository": repo.minimal(),
	}
}

func (j *job) jobObject() object {
	r, repo := j.attempt.run, j.attempt.run.repo
	steps := make([]object, len(j.steps))
	for i, s := range j.steps {
		steps[i] = object{
			"name": s.Name, "number": s.Number, "status": s.Status, "conclusion": orNull(s.Conclusion),
			"started_at": stamp(s.StartedAt), "completed_at": stamp(s.CompletedAt),
		}
	}
	o := object{
		"id": j.id, "run_id": r.id, "workflow_name": r.workflow.Name, "head_branch": r.branch, "run_url": repo.api("/actions/runs/%d", r.id),
		"run_attempt": j.attempt.number, "node_id": nodeID("CR", repo.id, j.id), "head_sha": r.sha, "url": repo.api("/actions/jobs/%d", j.id),
		"html_url": j.page(), "status": j.status, "conclusion": orNull(j.conclusion),
		"created_at": stamp(j.created), "started_at": stamp(j.started), "completed_at": stamp(j.completed), "name": j.def.Name, "steps": steps,
		"check_run_url": repo.api("/check-runs/%d", j.id), "labels": []string{"ubuntu-latest"},
		"runner_id": nil, "runner_name": nil, "runner_group_id": nil, "runner_group_name": nil,
	}
	if j.runner != 0 {
		o["runner_id"], o["runner_name"] = j.runner, j.runnerName()
		o["runner_group_id"], o["runner_group_name"] = 2, "GitHub Actions"
	}
	return o
}
