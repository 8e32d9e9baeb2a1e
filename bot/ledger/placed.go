package ledger

import (
	"regexp"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Place is what is known of where some code stands in the repository.
type Place int

// The places.
const (
	Unread   Place = iota // not known, because something was not read: the gaps say what
	Exact                 // its commit is on GitHub
	Inferred              // it is not, but just one run was deploying then, and tells where it began from
	Several               // it is not, and several runs were
	Nowhere               // it is not, and no run was
	Unsaid                // Heroku does not name a commit
)

// Placing is where the code of a release stands in the repository.
type Placing struct {
	Place  Place
	Commit string       // on GitHub, if Place is Exact or Inferred
	Slug   *heroku.Slug // nil: it is not known
	Runs   []github.Run // those that were deploying when the code was first released, if its commit is not on GitHub
}

// Unplaced tells whether everything is known and the commit is not known all the same.
func (p Placing) Unplaced() bool {
	return p.Place == Several || p.Place == Nowhere || p.Place == Unsaid
}

// sha matches a whole commit. Builds through the API carry what their maker calls the source, which may be a branch.
var sha = regexp.MustCompile(`^[0-9a-f]{40}$`)

// Placed tells where the code of a release stands in the repository. The deployed commit need not be on GitHub: a runner
// may add one before it pushes (facts/github.md §8.2). Then the run that deployed it tells which commit it began from.
// What was not read is no proof of anything.
func (k *Known) Placed(r heroku.Release) Placing {
	slug, ok := k.Slug(r)
	switch {
	case !ok:
		return Placing{}
	case !sha.MatchString(slug.Commit):
		return Placing{Place: Unsaid, Slug: &slug}
	case k.OnGitHub(slug.Commit):
		return Placing{Place: Exact, Commit: slug.Commit, Slug: &slug}
	}
	deploy := origin(r, k.Releases())
	p := Placing{Slug: &slug, Runs: k.deployers(deploy)}
	_, absent := find(k, Absent{Repo: k.Repo, SHA: slug.Commit})
	switch {
	case !absent, !k.ranThen(deploy):
	case len(p.Runs) == 1:
		p.Place, p.Commit = Inferred, p.Runs[0].SHA
	case len(p.Runs) > 1:
		p.Place = Several
	default:
		p.Place = Nowhere
	}
	return p
}

// ranThen tells whether it is known which runs went on when a release was made, and what they did.
func (k *Known) ranThen(deploy heroku.Release) bool {
	if deploy.Version == 0 {
		return !k.ReadAt(Runs).IsZero() && !k.Lost(Runs) // whatever ran, it was not this deploy
	}
	if told := latest(k.ReadAt(Runs), k.Heard(GitHub)); told.Before(deploy.CreatedAt) {
		return false
	}
	for _, run := range k.attempts() {
		if wentOn(run, deploy.CreatedAt) && !k.jobsKnown(run) && k.reading(Jobs, attemptKey(run.ID, run.Attempt)).At.IsZero() {
			return false
		}
	}
	return true
}

// deploying are words that the steps which ship are named by.
var deploying = regexp.MustCompile(`(?i)deploy|heroku|production|release|push|ship`)

// deployers are the runs of which a step that is named like one that ships went on while the release was made.
func (k *Known) deployers(deploy heroku.Release) []github.Run {
	if deploy.Version == 0 {
		return nil
	}
	var list []github.Run
	for _, run := range k.attempts() {
		if wentOn(run, deploy.CreatedAt) && k.shipped(run, deploy.CreatedAt) {
			list = append(list, run)
		}
	}
	return list
}

// ships tells whether a step is one that ships: as the team says it, and where it does not, by its name.
func (k *Known) ships(run github.Run, step github.Step) bool {
	name := deploying
	if k.Way.Step != nil {
		name = k.Way.Step
	}
	return (k.Way.Workflow == "" || run.Path == k.Way.Workflow) && name.MatchString(step.Name)
}

func (k *Known) shipped(run github.Run, at time.Time) bool {
	for _, job := range k.Jobs(run) {
		for _, step := range job.Steps {
			if k.ships(run, step) && spansTime(step, at) {
				return true
			}
		}
	}
	return false
}

// wentOn tells whether an attempt of a run was under way at t. GitHub's times are whole seconds.
func wentOn(run github.Run, t time.Time) bool {
	over := run.Status == completed && t.After(run.UpdatedAt.Add(time.Second))
	return !t.Before(began(run).Add(-time.Second)) && !over
}

// spansTime tells whether a step went on at t. GitHub's times are whole seconds, so a step may have ended up to a second
// after its end.
func spansTime(step github.Step, t time.Time) bool {
	if step.StartedAt.IsZero() || step.Conclusion == "skipped" || t.Before(step.StartedAt.Add(-time.Second)) {
		return false
	}
	return step.CompletedAt.IsZero() || t.Before(step.CompletedAt.Add(time.Second))
}
