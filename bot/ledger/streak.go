package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slipway/bot/phrase"
	"slipway/integrations/github"
)

// Streak is the time in which the checks of a pull request are not all green: from the first attempt that began after they
// last were, to the moment when the newest run of every workflow at the head is.
type Streak struct {
	Pull github.Pull
	Runs []Run // its attempts, in the order in which they began
	Nth  int   // counts the streaks of the pull request that began at the same commit, from 1
	Last bool  // no other one followed
	Over bool  // its head is green

	newest []Run
}

// Streaks are those of all pull requests, in the order in which they began.
func (k *Known) Streaks() []Streak {
	var list []Streak
	for _, c := range k.checked() {
		list = append(list, c.streaks()...)
	}
	slices.SortStableFunc(list, func(a, b Streak) int {
		return cmp.Or(a.Began().Compare(b.Began()), a.Pull.Number-b.Pull.Number)
	})
	return list
}

// Began is when its first attempt did.
func (s Streak) Began() time.Time { return began(s.Runs[0].Run) }

// First is the commit at which it began.
func (s Streak) First() string { return s.Runs[0].Run.SHA }

// Head is the last commit that was tested.
func (s Streak) Head() string { return newestOf(s.Runs).Run.SHA }

// Newest are the newest attempts of each workflow at the head, by workflow; a workflow of two events runs for each.
func (s Streak) Newest() []Run { return s.newest }

// Reds are the attempts that failed, in the order in which they began.
func (s Streak) Reds() []Run {
	return only(slices.Clone(s.Runs), func(f Run) bool { return phrase.Failed(f.Run.Conclusion) })
}

// Failed are the newest attempts of each workflow that failed at the commit that failed last, by workflow.
func (s Streak) Failed() []Run {
	reds := s.Reds()
	if len(reds) == 0 {
		return nil
	}
	last := newestOf(reds).Run.SHA
	return newestAt(last, reds)
}

// Failures is how often it failed: several workflows at one commit fail once, and once more when they are run again.
func (s Streak) Failures() int {
	type round struct {
		sha     string
		attempt int
	}
	rounds := map[round]bool{}
	for _, f := range s.Reds() {
		rounds[round{f.Run.SHA, f.Run.Attempt}] = true
	}
	return len(rounds)
}

// newestOf is the latest attempt of the newest run.
func newestOf(list []Run) Run {
	return slices.MaxFunc(list, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.Run.ID, b.Run.ID), a.Run.Attempt-b.Run.Attempt)
	})
}

// newestAt are the newest attempts of each workflow and event at a commit. One that was cancelled for a newer run of the
// same workflow at the same commit is not asked about any more, whatever event began that.
func newestAt(sha string, list []Run) []Run {
	workflow := func(a, b Run) int {
		return cmp.Or(strings.Compare(a.Run.Path, b.Run.Path), strings.Compare(a.Run.Event, b.Run.Event))
	}
	var here []Run
	for _, f := range list {
		if f.Run.SHA == sha {
			here = append(here, f)
		}
	}
	slices.SortFunc(here, func(a, b Run) int {
		return cmp.Or(workflow(a, b), cmp.Compare(b.Run.ID, a.Run.ID), b.Run.Attempt-a.Run.Attempt)
	})
	newest := slices.CompactFunc(here, func(a, b Run) bool { return workflow(a, b) == 0 })
	all := slices.Clone(newest)
	return slices.DeleteFunc(newest, func(f Run) bool {
		return f.Run.Conclusion == "cancelled" && slices.ContainsFunc(all, func(o Run) bool { return o.Run.Path == f.Run.Path && o.Run.ID > f.Run.ID })
	})
}

// checks are the attempts that test one pull request.
type checks struct {
	pull github.Pull
	runs []Run
}

// turning is an attempt that begins or ends.
type turning struct {
	at  time.Time
	end bool
	run Run
}

// turn is its place among those of one second: an attempt ends before others begin, but after it began itself.
func (t turning) turn() int {
	switch {
	case !t.end:
		return 1
	case began(t.run.Run).Before(t.at):
		return 0
	default:
		return 2
	}
}

// turnings are in the order in which they happened. GitHub tells whole seconds: what ended in the second in which something
// else began is taken to have ended first, for a push after a fix is news.
func (c checks) turnings() []turning {
	var list []turning
	for _, f := range c.runs {
		list = append(list, turning{at: began(f.Run), run: f})
		if f.Run.Status == completed {
			list = append(list, turning{at: latest(f.Run.UpdatedAt, began(f.Run)), end: true, run: f})
		}
	}
	slices.SortFunc(list, func(a, b turning) int {
		return cmp.Or(a.at.Compare(b.at), a.turn()-b.turn(), cmp.Compare(a.run.Run.ID, b.run.Run.ID), a.run.Run.Attempt-b.run.Run.Attempt)
	})
	return list
}

// streaks follows what began and ended. What runs again at a commit that is not the head any more says nothing.
func (c checks) streaks() []Streak {
	var list []Streak
	var begun []Run
	over := map[string]bool{} // by attempt
	firsts := map[string]int{}
	for _, t := range c.turnings() {
		now := len(list) - 1
		open := now >= 0 && !list[now].Over
		switch {
		case !t.end && t.run.Run.Attempt > 1 && len(begun) > 0 && newestOf(begun).Run.SHA != t.run.Run.SHA:
			continue
		case !t.end:
			begun = append(begun, t.run)
			if !open {
				firsts[t.run.Run.SHA]++
				list, now = append(list, Streak{Pull: c.pull, Nth: firsts[t.run.Run.SHA]}), now+1
			}
			list[now].Runs = append(list[now].Runs, t.run)
		default:
			over[t.run.Subject().Key] = true
		}
		if now >= 0 && !list[now].Over {
			list[now].newest = newestAt(newestOf(begun).Run.SHA, begun)
			list[now].Over = !slices.ContainsFunc(list[now].newest, func(f Run) bool { return !over[f.Subject().Key] || !green(f.Run.Conclusion) })
		}
	}
	if len(list) > 0 {
		list[len(list)-1].Last = true
	}
	return list
}

// green tells whether nothing is wrong with a run of this conclusion.
func green(conclusion string) bool {
	return conclusion == "success" || conclusion == "skipped" || conclusion == "neutral"
}
