package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slipway/integrations/github"
)

// actionsApp is the app that checks which are jobs belong to.
const actionsApp = "github-actions"

// Runs are all runs that are known, each with its latest attempt, newest first.
func (k *Known) Runs() []Run {
	list := all[Run](k)
	slices.SortFunc(list, func(a, b Run) int {
		return cmp.Or(cmp.Compare(b.Run.ID, a.Run.ID), b.Run.Attempt-a.Run.Attempt)
	})
	return slices.CompactFunc(list, func(a, b Run) bool { return a.Run.ID == b.Run.ID })
}

// BranchRuns are the runs of pushes to the deploy branch and those that were started by hand on it, each with its latest
// attempt, newest first. Scheduled ones, and those of a fork whose branch has the same name, say nothing about what is
// shipped.
func (k *Known) BranchRuns() []github.Run {
	return k.onBranch(k.Runs())
}

func (k *Known) onBranch(runs []Run) []github.Run {
	branch := k.Branch()
	var list []github.Run
	for _, f := range runs {
		ours := f.HeadRepo == "" || strings.EqualFold(f.HeadRepo, k.Repo.String())
		shipping := f.Run.Event == "push" || f.Run.Event == "workflow_dispatch"
		if ours && shipping && branch != "" && f.Run.Branch == branch {
			list = append(list, f.Run)
		}
	}
	return list
}

// attempts are all attempts of the runs that BranchRuns gives.
func (k *Known) attempts() []github.Run {
	list := k.onBranch(all[Run](k))
	slices.SortFunc(list, func(a, b github.Run) int {
		return cmp.Or(cmp.Compare(b.ID, a.ID), b.Attempt-a.Attempt)
	})
	for i := 1; i < len(list); i++ { // an attempt has ended when the next begins, whether or not that was told
		if next := list[i-1]; next.ID == list[i].ID && list[i].Status != completed {
			list[i].Status, list[i].UpdatedAt = completed, began(next)
		}
	}
	return list
}

// began is when this attempt of the run did.
func began(run github.Run) time.Time {
	if run.Attempt > 1 && !run.StartedAt.IsZero() {
		return run.StartedAt
	}
	return run.CreatedAt
}

// Jobs are the jobs of an attempt, by id. Those that a re-run carried over belong to the attempt that ran them.
func (k *Known) Jobs(run github.Run) []github.Job {
	var list []github.Job
	for _, f := range all[Job](k) {
		if f.Job.RunID == run.ID && f.Job.Attempt == run.Attempt {
			list = append(list, f.Job)
		}
	}
	slices.SortFunc(list, func(a, b github.Job) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Superseded gives the newer run of the same workflow and branch that a cancelled run made way for. GitHub does not say so
// (facts/github.md §1.3); of several it is the one next in number.
func (k *Known) Superseded(run github.Run) (by github.Run, ok bool) {
	if run.Conclusion != "cancelled" {
		return github.Run{}, false
	}
	for _, f := range k.Runs() {
		r := f.Run
		newer := r.Path == run.Path && r.Branch == run.Branch && r.Number > run.Number
		if newer && (!ok || r.Number < by.Number) {
			by, ok = r, true
		}
	}
	return by, ok
}
