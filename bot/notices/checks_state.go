package notices

import (
	"fmt"
	"slices"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// verdict is how the checks stand.
type verdict struct {
	emoji, text string
	red         bool // somebody must act
}

// state is how the checks stand. What failed before stays named until it is fixed.
func (c checking) state() verdict {
	switch {
	case c.Over && len(c.failed) > 0:
		return verdict{emoji: good, text: "fixed after " + say.Count(c.Failures(), "failure", "failures")}
	case c.Over:
		return verdict{emoji: good, text: "checks passed"}
	case c.Pull.State == "closed" || c.Pull.Merged:
		return c.closed()
	case c.untested:
		return verdict{emoji: going, text: c.after("the run of a new commit has not begun", "waits for the run of a new commit")}
	}
	switch head := c.newest[0]; {
	case head.failed():
		return verdict{emoji: bad, text: c.what(phrase.Matrix.FailedTitle), red: true}
	case head.approval():
		return verdict{emoji: person, text: c.after(c.again("waits for an approval to run again", "a new commit waits for an approval"), "waits for an approval")}
	case head.going():
		return verdict{emoji: going, text: c.after(c.again(rerun(head), "a new commit is tested"), "checks run")}
	default:
		cancelled := say.Foreign(head.Name, phrase.NameLimit) + " was cancelled"
		return verdict{emoji: idle, text: c.after("then "+cancelled, cancelled)}
	}
}

// rerun says which attempt a run is.
func rerun(r run) string {
	if r.Attempt > 1 {
		return fmt.Sprintf("runs again (attempt %d)", r.Attempt)
	}
	return "runs again"
}

// closed is how the checks of a pull request stand that was closed before they were green.
func (c checking) closed() verdict {
	closed := "closed"
	if c.Pull.Merged {
		closed = "merged"
	}
	failed := slices.DeleteFunc(slices.Clone(c.newest), func(r run) bool { return !r.failed() })
	afterwards := c.Pull.Merged && !slices.ContainsFunc(failed, func(r run) bool { return !r.UpdatedAt.After(c.Pull.MergedAt) })
	switch {
	case len(failed) > 0 && afterwards:
		return verdict{emoji: bad, text: "merged, then " + c.what(phrase.Matrix.FailedTitle)}
	case len(failed) > 0:
		return verdict{emoji: bad, text: closed + " with failing checks"}
	case len(c.failed) > 0:
		return verdict{emoji: idle, text: c.after(closed+" before it was fixed", "")}
	default:
		return verdict{emoji: idle, text: closed + " before its checks passed"}
	}
}

// after puts what failed before what goes on since; without a failure it says the other.
func (c checking) after(since, without string) string {
	if len(c.failed) == 0 {
		return without
	}
	return c.what(func(m phrase.Matrix) string { return say.Foreign(m.Name, phrase.NameLimit) + " failed" }) + ", " + since
}

// again chooses what is said of the commit that failed, or of a new one.
func (c checking) again(same, other string) string {
	if len(c.failed) > 0 && c.failed[0].Run.SHA == c.newest[0].SHA {
		return same
	}
	return other
}

// what says what failed last: the first job by the given words, or the run if no failed job of it is known.
func (c checking) what(words func(phrase.Matrix) string) string {
	var list []string
	for _, f := range c.reds() {
		jobs := c.redJobs(f)
		for _, m := range jobs {
			list = append(list, words(m))
		}
		if len(jobs) == 0 {
			list = append(list, endedRed(run{Run: f.Run}))
		}
	}
	if more := len(list) - 1; more > 0 {
		return fmt.Sprintf("%s; %d more failed", list[0], more)
	}
	return list[0]
}

// reds are the attempts that are red at the head or, if none is now, those that were last.
func (c checking) reds() []ledger.Run {
	var list []ledger.Run
	for _, f := range c.Newest() {
		if phrase.Failed(f.Run.Conclusion) {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return c.failed
	}
	return list
}

// endedRed says how a run failed of which no failed job is known.
func endedRed(r run) string {
	name := say.Foreign(r.Name, phrase.NameLimit)
	switch r.Conclusion {
	case "timed_out":
		return name + " timed out"
	case "startup_failure":
		return name + " could not start"
	default:
		return name + " failed"
	}
}
