package githubsim

import (
	"strings"
)

// noCommit stands for the commit of a branch that is not there yet, or no longer.
var noCommit = strings.Repeat("0", 40)

// told announces that a branch has moved, from before to where it stands now.
func (r *Repo) told(branch, before, by string) {
	r.pushed = seconds(r.server.now())
	after := r.branches[branch]
	if before == "" {
		before = noCommit
	}
	if after == "" {
		after = noCommit
	}
	e := Event{Name: "push", Ref: "refs/heads/" + branch, Before: before, After: after}
	r.server.announce(r, e, by, func() object { return r.pushPayload(branch, before, after, by) })
}

// tellPull announces what became of a pull request; more holds the fields of that action alone.
func (r *Repo) tellPull(p *pull, action, by string, more object) {
	e := Event{Name: "pull_request", Action: action, Pull: p.Number, After: p.HeadSHA}
	r.server.announce(r, e, by, func() object {
		whole := r.pullWhole(p)
		for _, end := range []string{"base", "head"} { // a field that webhooks have and REST has not
			whole[end].(object)["repo"].(object)["custom_properties"] = object{}
		}
		o := object{"number": p.Number, "pull_request": whole}
		for field, value := range more {
			o[field] = value
		}
		return o
	})
}

// tell announces what became of a run.
func (r *run) tell(action string) {
	r.updated = r.repo.server.now()
	a := r.last()
	e := Event{Name: "workflow_run", Action: action, Run: r.id, Attempt: a.number, After: r.sha}
	r.repo.server.announce(r.repo, e, a.actor, func() object {
		return object{"workflow_run": r.runObject(a, true), "workflow": r.repo.workflowObject(r.workflow)}
	})
}

// tellSuite announces what became of the check suite that belongs to a run.
func (r *run) tellSuite(action string) {
	e := Event{Name: "check_suite", Action: action, Run: r.id, Attempt: r.last().number, After: r.sha}
	r.repo.server.announce(r.repo, e, r.last().actor, func() object {
		return object{"check_suite": r.repo.ownSuite(r.suiteObject(), r.sha)}
	})
}

// tell announces what became of a job, and of the check run that it is.
func (j *job) tell(action string) {
	a, r := j.attempt, j.attempt.run
	r.updated = r.repo.server.now()
	e := Event{Name: "workflow_job", Action: action, Run: r.id, Job: j.id, Attempt: a.number, After: r.sha}
	r.repo.server.announce(r.repo, e, a.actor, func() object { return object{"workflow_job": j.jobObject()} })
	check := map[string]string{"queued": "created", "completed": "completed"}[action]
	if check == "" {
		return
	}
	e.Name, e.Action = "check_run", check
	r.repo.server.announce(r.repo, e, a.actor, func() object {
		o := j.checkObject()
		o["check_suite"] = simple(r.suiteObject())
		return object{"check_run": o}
	})
}

// ownSuite is a check suite as its own webhooks have it: with the logins of its commit's authors, and without the repository that
// REST gives.
func (r *Repo) ownSuite(suite object, sha string) object {
	delete(suite, "repository")
	suite["head_commit"] = r.suiteCommit(r.git.commits[sha])
	return suite
}

// simple is a check suite as the webhooks of check runs have it.
func simple(suite object) object {
	for _, field := range []string{"check_runs_url", "head_commit", "latest_check_runs_count", "rerequestable", "runs_rerequestable"} {
		delete(suite, field)
	}
	return suite
}
