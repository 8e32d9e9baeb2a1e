package ledger

import (
	"cmp"
	"slices"

	"slipway/integrations/github"
)

// Standing are the jobs of a run as they stand, in the order in which they were made: those of its latest attempt, and those
// that it took over from earlier ones. While it goes on these are the ones that passed: of the others it is not known yet
// whether they run again. There are none before any job of this attempt is known.
func (k *Known) Standing(run github.Run) []github.Job {
	if run.Status != completed && len(k.Jobs(run)) == 0 {
		return nil
	}
	newest, order := map[string]github.Job{}, map[string]int64{}
	for _, f := range all[Job](k) {
		j := f.Job
		if j.RunID != run.ID || j.Attempt > run.Attempt {
			continue
		}
		if first, ok := order[j.Name]; !ok || j.ID < first {
			order[j.Name] = j.ID
		}
		if old, ok := newest[j.Name]; !ok || cmp.Or(j.Attempt-old.Attempt, cmp.Compare(j.ID, old.ID)) > 0 {
			newest[j.Name] = j
		}
	}
	var list []github.Job
	for _, j := range newest {
		if j.Attempt == run.Attempt || run.Status == completed || j.Conclusion == "success" {
			list = append(list, j)
		}
	}
	slices.SortFunc(list, func(a, b github.Job) int { return cmp.Compare(order[a.Name], order[b.Name]) })
	return list
}

// Attempt gives an attempt of a run, as far as it is known.
func (k *Known) Attempt(run github.Run, attempt int) (github.Run, bool) {
	list := all[Run](k)
	i := slices.IndexFunc(list, func(f Run) bool { return f.Run.ID == run.ID && f.Run.Attempt == attempt })
	if i < 0 {
		return github.Run{}, false
	}
	return list[i].Run, true
}

// Ships tells whether a job of a run sends code to Heroku: as the team says it, and where it does not, by its name or those
// of its steps.
func (k *Known) Ships(run github.Run, job github.Job) bool {
	named := k.ships(run, github.Step{Name: job.Name}) && (k.Way.Step == nil || len(job.Steps) == 0)
	return named || slices.ContainsFunc(job.Steps, func(s github.Step) bool { return k.ships(run, s) })
}
