package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Silence is news that should have come and did not.
type Silence struct {
	Kind  SilenceKind
	SHA   string      // that was pushed, or that the run is of
	Run   *github.Run // nil of NoRun
	Job   string      // of NotBegun the job that did not begin, "" if the run did not; of NotReleased the one that deployed
	Since time.Time
}

// SilenceKind is which news did not come.
type SilenceKind string

// The silences.
const (
	NoRun       SilenceKind = "no run"       // of a push that runs are known to follow
	NotBegun    SilenceKind = "not begun"    // a run or job that is queued
	NotReleased SilenceKind = "not released" // a run whose deploying step passed, and Heroku released nothing meanwhile
)

// After how long no news is news (facts/github.md §8.2), and until when: nobody is helped by what went wrong last week.
const (
	runWithin     = 3 * time.Minute
	beginWithin   = 15 * time.Minute
	releaseWithin = 3 * time.Minute
	oldNews       = 24 * time.Hour
)

// Silences are the news that should have come by now, oldest first.
func (k *Known) Silences(now time.Time) []Silence {
	list := slices.Concat(k.noRun(), k.notBegun(), k.notReleased(now))
	within := map[SilenceKind]time.Duration{NoRun: runWithin, NotBegun: beginWithin, NotReleased: releaseWithin}
	list = only(list, func(s Silence) bool {
		age := now.Sub(s.Since)
		return age > within[s.Kind] && age < oldNews
	})
	slices.SortStableFunc(list, func(a, b Silence) int { return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.SHA, b.SHA)) })
	return list
}

// noRun finds the push that the head came with, if nothing runs on it. An older push that was pushed over may well have
// no run. A repository of which no run of a push is known may have no workflow that listens to pushes.
func (k *Known) noRun() []Silence {
	head, ok := k.Head()
	pushed := func(r github.Run) bool { return r.Event == "push" }
	runs := k.BranchRuns()
	if !ok || !slices.ContainsFunc(runs, pushed) || skipsRuns(head.Message) {
		return nil
	}
	since := head.At
	for _, f := range k.pushes() {
		if f.Push.After != head.SHA {
			continue
		}
		if byActions(f.By) {
			return nil
		}
		since = f.At
		break
	}
	started := func(r github.Run) bool { return pushed(r) && r.SHA == head.SHA }
	if since.IsZero() || slices.ContainsFunc(runs, started) {
		return nil
	}
	return []Silence{{Kind: NoRun, SHA: head.SHA, Since: since}}
}

// byActions tells whether a push was made with a run's own token: such pushes start nothing (facts/github.md §1.2).
func byActions(login string) bool { return login == "github-actions[bot]" }

// skipsRuns tells whether a commit's message asks for no runs.
func skipsRuns(message string) bool {
	for _, words := range [...]string{"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]", "\nskip-checks: true", "\nskip-checks:true"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

// notBegun finds runs that wait for a runner, and jobs of those that do not. One that waits for a person is no silence.
func (k *Known) notBegun() []Silence {
	var list []Silence
	for _, run := range k.BranchRuns() {
		switch {
		case queued(run.Status):
			list = append(list, Silence{Kind: NotBegun, SHA: run.SHA, Run: &run, Since: began(run)})
		case run.Status != completed:
			for _, job := range k.Jobs(run) {
				if queued(job.Status) {
					list = append(list, Silence{Kind: NotBegun, SHA: run.SHA, Run: &run, Job: job.Name, Since: latest(job.StartedAt, began(run))})
				}
			}
		}
	}
	return list
}

func queued(status string) bool { return status == "queued" || status == "requested" }

// notReleased finds runs whose deploying step passed without a release. That the step does release is known by another
// run, in which it did: many a step is named "push" and pushes something else.
func (k *Known) notReleased(now time.Time) []Silence {
	releases := k.Releases()
	var list []Silence
	for _, run := range k.BranchRuns() {
		if now.Sub(run.UpdatedAt) > oldNews {
			continue
		}
		for _, job := range k.Jobs(run) {
			for _, step := range job.Steps {
				passed := step.Conclusion == "success" && deploying.MatchString(step.Name) && !step.CompletedAt.IsZero()
				told := latest(k.ReadAt(Releases), k.Heard(Heroku))
				if passed && !told.Before(step.CompletedAt) && !releasedIn(step, releases) && k.releases(run, step.Name, releases) {
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
