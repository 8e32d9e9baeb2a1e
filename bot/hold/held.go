package hold

import (
	"slices"
	"strings"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

const completed = "completed"

// Newest is the newest run of a workflow that deploys.
func Newest(k *ledger.Known) (run github.Run, ok bool) {
	paths := shipping(k)
	list := k.BranchRuns()
	i := slices.IndexFunc(list, func(r github.Run) bool { return slices.Contains(paths, r.Path) })
	if i < 0 {
		return github.Run{}, false
	}
	return list[i], true
}

// shipping are the files of the workflows that deploy: the one that the settings name, else those of which a job was seen that ships.
func shipping(k *ledger.Known) []string {
	if k.Way.Workflow != "" {
		return []string{k.Way.Workflow}
	}
	var paths []string
	for _, run := range k.BranchRuns() {
		ships := func(j github.Job) bool { return k.Ships(run, j) }
		if !slices.Contains(paths, run.Path) && slices.ContainsFunc(k.Jobs(run), ships) {
			paths = append(paths, run.Path)
		}
	}
	return paths
}

// passes tells whether a run may deploy though the app is held: of a pull request that somebody allowed, or of a revert of one that
// the rollback took back.
func (h Hold) passes(k *ledger.Known, run github.Run) bool {
	for _, p := range k.Pulls() {
		if p.Merged && p.BaseRef == k.Branch() && landedAs(k, p, run.SHA) && h.lets(p) {
			return true
		}
	}
	return false
}

// lets tells whether a pull request passes.
func (h Hold) lets(p github.Pull) bool {
	n, isRevert := reverts(p)
	return slices.Contains(h.Allowed, p.Number) || isRevert && slices.Contains(h.Pulls, n)
}

// landedAs tells whether a pull request alone came to the branch with a commit: of others that came with it nobody said they may.
func landedAs(k *ledger.Known, p github.Pull, sha string) bool {
	alone := true
	ours := p.MergeSHA == sha
	for _, l := range k.Landed() {
		if l.Head != sha || l.Pull == nil {
			continue
		}
		ours = ours || l.Pull.Number == p.Number
		alone = alone && l.Pull.Number == p.Number
	}
	return ours && alone
}

// pushing tells whether a step that ships has begun, whatever came of it.
func pushing(k *ledger.Known, run github.Run, jobs []github.Job) bool {
	for _, job := range jobs {
		for _, step := range job.Steps {
			ships := k.Ships(run, github.Job{Steps: []github.Step{step}})
			begun := step.Status == "in_progress" || step.Status == completed && step.Conclusion != "skipped"
			if ships && begun && !strings.EqualFold(job.Conclusion, "skipped") {
				return true
			}
		}
	}
	return false
}

// shipped tells whether a job that ships came to its end, where no step says by its name that it is the one.
func shipped(k *ledger.Known, run github.Run, jobs []github.Job) bool {
	return slices.ContainsFunc(jobs, func(job github.Job) bool {
		unnamed := !slices.ContainsFunc(job.Steps, func(s github.Step) bool { return k.Ships(run, github.Job{Steps: []github.Step{s}}) })
		return job.Conclusion == "success" && unnamed && k.Ships(run, job)
	})
}
