package ledger

import (
	"slices"
	"strings"
	"time"

	"slipway/integrations/github"
)

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

// heeded are the runs that somebody waits for: those of the deploy branch, and those of the head of an open pull request,
// with the pull request; newest first.
func (k *Known) heeded() []Silence {
	var list []Silence
	for _, run := range k.BranchRuns() {
		list = append(list, Silence{SHA: run.SHA, Run: &run})
	}
	heads := map[string]*github.Pull{}
	for _, pull := range k.Pulls() {
		if pull.State == "open" {
			heads[pull.HeadSHA] = &pull
		}
	}
	for _, f := range k.Runs() {
		if pull := heads[f.Run.SHA]; pull != nil && strings.HasPrefix(f.Run.Event, "pull_request") {
			list = append(list, Silence{SHA: f.Run.SHA, Run: &f.Run, Pull: pull})
		}
	}
	return list
}

// notBegun finds runs that wait for a runner and, of each of those that do not, the job that has waited longest. One that
// waits for a person is no silence.
func (k *Known) notBegun() []Silence {
	var list []Silence
	for _, s := range k.heeded() {
		s.Kind = NotBegun
		switch {
		case queued(s.Run.Status):
			s.Since = began(*s.Run)
			list = append(list, s)
		case s.Run.Status != completed:
			jobs := k.Jobs(*s.Run)
			if job, ok := longestQueued(jobs); ok {
				s.Job, s.Since, s.moved = job.Name, latest(job.StartedAt, began(*s.Run)), moved(*s.Run, jobs)
				list = append(list, s)
			}
		}
	}
	return list
}

func queued(status string) bool { return status == "queued" || status == "requested" }

// longestQueued finds the job that has waited longest for a runner. GitHub sets the start of one that is queued to when it
// was made.
func longestQueued(jobs []github.Job) (longest github.Job, ok bool) {
	for _, job := range jobs {
		if queued(job.Status) && (!ok || job.StartedAt.Before(longest.StartedAt)) {
			longest, ok = job, true
		}
	}
	return longest, ok
}

// moved is when a runner last took a job of a run, as far as that is known: the run tells so before its jobs do.
func moved(run github.Run, jobs []github.Job) time.Time {
	last := run.UpdatedAt
	for _, job := range jobs {
		if !queued(job.Status) {
			last = latest(last, job.StartedAt)
		}
	}
	return last
}

// stalled finds runs that go on and of which nothing is heard. One whose job waits for a runner is not begun, and one that
// waits for a person is no silence.
func (k *Known) stalled() []Silence {
	var list []Silence
	for _, s := range k.heeded() {
		jobs := k.Jobs(*s.Run)
		waits := func(j github.Job) bool { return queued(j.Status) || j.Status == "waiting" }
		if s.Run.Status != "in_progress" || slices.ContainsFunc(jobs, waits) {
			continue
		}
		s.Kind, s.Since = Stalled, heard(*s.Run, jobs)
		list = append(list, s)
	}
	return list
}

// heard is when something happened last in a run.
func heard(run github.Run, jobs []github.Job) time.Time {
	last := latest(run.UpdatedAt, began(run))
	for _, job := range jobs {
		last = latest(last, latest(job.StartedAt, job.CompletedAt))
		for _, step := range job.Steps {
			last = latest(last, latest(step.StartedAt, step.CompletedAt))
		}
	}
	return last
}
