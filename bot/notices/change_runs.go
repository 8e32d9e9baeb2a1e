package notices

import (
	"fmt"
	"slices"
	"strings"

	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// run is the newest run of one workflow file on a change, with its jobs.
type run struct {
	github.Run
	jobs  []github.Job
	ships []github.Job // those that send code to Heroku
}

// What a run does or did.

func (r run) going() bool       { return r.Status != "completed" }
func (r run) waits() bool       { return r.Status == "waiting" }
func (r run) failed() bool      { return phrase.Failed(r.Conclusion) }
func (r run) passed() bool      { return r.Conclusion == "success" }
func (r run) cancelled() bool   { return r.Conclusion == "cancelled" }
func (r run) needsAction() bool { return r.Conclusion == "action_required" }
func (r run) repeats() bool     { return r.going() && r.Attempt > 1 }
func (r run) begun() bool       { return r.Status == "in_progress" }
func (r run) shipping() bool    { return has(r.ships, "in_progress") }
func (r run) shipped() bool     { return has(r.ships, "success") }
func (r run) shipSkipped() bool { return has(r.ships, "skipped") }
func (r run) shipFailed() bool  { return slices.ContainsFunc(r.ships, redJob) }

// red tells whether the run failed, or a job of one that goes on.
func (r run) red() bool { return r.failed() || r.going() && slices.ContainsFunc(r.jobs, redJob) }

func redJob(j github.Job) bool { return phrase.Failed(j.Conclusion) }

// has tells whether a job is in a state.
func has(jobs []github.Job, state string) bool {
	return slices.ContainsFunc(jobs, func(j github.Job) bool { return j.Status == state || j.Conclusion == state })
}

func (c change) any(is func(run) bool) bool { return slices.ContainsFunc(c.runs, is) }

// first is the first run that something is true of, if any.
func (c change) first(is func(run) bool) (run, bool) {
	if i := slices.IndexFunc(c.runs, is); i >= 0 {
		return c.runs[i], true
	}
	return run{}, false
}

// named are the names of the runs that something is true of.
func (c change) named(is func(run) bool) string {
	var names []string
	for _, r := range c.runs {
		if name := say.Foreign(r.Name, phrase.NameLimit); is(r) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return phrase.Some(names, " and ")
}

// again is the attempt of a run that goes on after another; 0: none does.
func (c change) again() int {
	r, _ := c.first(run.repeats)
	return r.Attempt
}

// reds are the matrices of jobs that are red, of all runs.
func (c change) reds() []phrase.Matrix {
	var list []phrase.Matrix
	for _, r := range c.runs {
		if r.red() {
			list = append(list, slices.DeleteFunc(phrase.Matrices(r.jobs), func(m phrase.Matrix) bool { return len(m.Red()) == 0 })...)
		}
	}
	return list
}

// redName names what is red first: a job or, if none is known, the run.
func (c change) redName() string {
	if reds := c.reds(); len(reds) > 0 {
		return say.Foreign(reds[0].Name, phrase.NameLimit)
	}
	return c.named(run.red)
}

// redWords tell of what is red.
func (c change) redWords(words func(phrase.Matrix) string) string {
	var parts []string
	for _, m := range c.reds() {
		parts = append(parts, words(m))
	}
	if len(parts) > namedJobs {
		parts = append(parts[:namedJobs], fmt.Sprintf("and %d more", len(parts)-namedJobs))
	}
	return strings.Join(parts, "; ")
}

// How much of many runs and jobs is named.
const (
	namedRuns = 2
	namedJobs = 3
)

// runLines are one line for each workflow file, the red ones first, then those that go on.
func (c change) runLines() []string {
	runs := slices.Clone(c.runs)
	slices.SortStableFunc(runs, func(a, b run) int { return a.order() - b.order() })
	var lines []string
	for _, r := range runs[:min(len(runs), namedRuns)] {
		lines = append(lines, r.line())
	}
	if more := len(runs) - namedRuns; more > 0 {
		lines[namedRuns-1] += " · and " + say.Count(more, "more run", "more runs")
	}
	return lines
}

func (r run) order() int {
	switch {
	case r.red():
		return 0
	case r.going():
		return 1
	}
	return 2
}

// lineLimit is how long the line of a run may be, in bytes with its links.
const lineLimit = 1000

// line links the run and tells how its jobs stand.
func (r run) line() string {
	text := phrase.Run(r.Run) + ": "
	if len(r.jobs) == 0 || r.cancelled() && !slices.ContainsFunc(r.jobs, redJob) {
		return text + r.words()
	}
	line := text + strings.Join(parts(r.jobs), " · ")
	if len(line) > lineLimit {
		return text + strings.Join(counts(r.jobs), " · ")
	}
	return line
}

// words tell how a run stands as a whole.
func (r run) words() string {
	switch {
	case r.going():
		return phrase.Emoji(r.Status) + " " + phrase.Status(r.Status)
	case r.passed():
		return phrase.Emoji(r.Conclusion) + " passed"
	case r.failed():
		return phrase.Emoji(r.Conclusion) + " failed"
	}
	return phrase.Emoji(r.Conclusion) + " " + say.Foreign(strings.ReplaceAll(r.Conclusion, "_", " "), phrase.NameLimit)
}
