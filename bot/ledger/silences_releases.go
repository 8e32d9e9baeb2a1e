package ledger

import (
	"slices"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// notReleased finds runs whose deploying step passed without a release. That the step does release is known by another
// run, in which it did: many a step is named "push" and pushes something else.
func (k *Known) notReleased() []Silence {
	releases := k.Releases()
	var list []Silence
	for _, run := range k.BranchRuns() {
		for _, job := range k.Jobs(run) {
			for _, step := range job.Steps {
				passed := step.Conclusion == "success" && k.ships(run, step) && !step.CompletedAt.IsZero()
				if passed && !releasedIn(step, releases) && k.releases(run, step.Name, releases) && !k.followed(run, step) {
					list = append(list, Silence{Kind: NotReleased, SHA: run.SHA, Run: &run, Job: job.Name, Since: step.CompletedAt})
				}
			}
		}
	}
	return list
}

// releasedIn tells whether a release was made while a step went on.
func releasedIn(step github.Step, releases []heroku.Release) bool {
	return slices.ContainsFunc(releases, func(r heroku.Release) bool { return spansTime(step, r.CreatedAt) })
}

// followed tells whether something was deployed after a step, late or by another, or its commit was before: pushing it once
// more changes nothing.
func (k *Known) followed(run github.Run, step github.Step) bool {
	_, ok := k.Released(run.SHA, step.CompletedAt)
	return ok
}

// Released is the first deploy of a commit or, if there is none, of another after a time.
func (k *Known) Released(sha string, after time.Time) (release heroku.Release, ok bool) {
	own := false
	for _, r := range slices.Backward(k.Releases()) {
		mine := r.Cause().Kind == heroku.Deploy && k.Placed(r).Commit == sha
		other := r.Cause().Kind == heroku.Deploy && r.CreatedAt.After(after)
		if mine && !own || other && !ok {
			release, ok, own = r, true, mine
		}
	}
	return release, ok
}

// releases tells whether a step of this name made a release in another run of the same workflow.
func (k *Known) releases(not github.Run, name string, releases []heroku.Release) bool {
	for _, run := range k.attempts() {
		if run.Path != not.Path || run.ID == not.ID {
			continue
		}
		for _, job := range k.Jobs(run) {
			for _, step := range job.Steps {
				if step.Name == name && step.Conclusion == "success" && releasedIn(step, releases) {
					return true
				}
			}
		}
	}
	return false
}
