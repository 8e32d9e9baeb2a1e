package notices

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/board"
	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// checking is a streak of a pull request's checks as it is told: from the first failure to the fix.
type checking struct {
	*scene
	ledger.Streak
	failed   []ledger.Run // Streak.Failed
	newest   []run        // of each workflow at the head, the red ones first
	untested bool         // its head is newer than all that was tested
}

// checks draws one message for each streak. They belong to the repository, so one of its apps tells of them.
func (s *scene) checks() []notice {
	if !s.repoTeller || s.settings.Notify.Checks == settings.NoChecks {
		return nil
	}
	var list []notice
	for _, streak := range s.known.Streaks() {
		if len(streak.Reds()) == 0 && s.settings.Notify.Checks != settings.AllChecks || !s.told(streak.Began()) {
			continue
		}
		if c := s.checking(streak); s.wanted(c.key(), c.news()) {
			list = append(list, c.notices()...)
		}
	}
	return list
}

func (s *scene) checking(streak ledger.Streak) checking {
	c := checking{scene: s, Streak: streak, failed: streak.Failed()}
	for _, f := range streak.Newest() {
		c.newest = append(c.newest, c.run(f))
	}
	slices.SortStableFunc(c.newest, func(a, b run) int { return checksOrder(a) - checksOrder(b) })
	p, last := streak.Pull, streak.Runs[len(streak.Runs)-1].Run
	c.untested = streak.Last && p.State == "open" && p.HeadSHA != "" && !p.UpdatedAt.Before(last.CreatedAt) &&
		!slices.ContainsFunc(s.known.Runs(), func(f ledger.Run) bool { return f.Run.SHA == p.HeadSHA })
	return c
}

// run is an attempt with its jobs. Of streaks that are green or have not failed they are not loaded; of an attempt of which
// no job is known yet, those that it took over would look as if all was over. A job that is skipped is left out: in a pull
// request it is usually the one that deploys.
func (c checking) run(f ledger.Run) run {
	r := run{Run: f.Run}
	if c.Over || len(c.failed) == 0 || r.going() && len(c.known.Jobs(f.Run)) == 0 {
		return r
	}
	for _, j := range c.known.Standing(f.Run) {
		if j.Conclusion != "skipped" {
			r.jobs = append(r.jobs, j)
		}
	}
	return r
}

func checksOrder(r run) int {
	return slices.IndexFunc([]func(run) bool{run.failed, run.approval, run.going, run.grey, run.green}, func(is func(run) bool) bool { return is(r) })
}

// approval tells whether a person must let the run begin or go on.
func (r run) approval() bool { return r.waits() || r.needsAction() }

// green tells whether nothing is wrong with a run that is over.
func (r run) green() bool { return !r.going() && !r.failed() && !r.grey() && !r.needsAction() }

// grey tells whether a run ended and says neither that something fails nor that nothing does.
func (r run) grey() bool {
	return !r.going() && slices.Contains([]string{"cancelled", "stale", ""}, r.Conclusion)
}

// news is when something happened last: to a run, or to the pull request before it was fixed.
func (c checking) news() time.Time {
	var last time.Time
	for _, f := range c.Runs {
		last = later(last, later(f.Run.CreatedAt, f.Run.UpdatedAt))
	}
	switch p := c.Pull; {
	case c.Over:
	case p.Merged:
		last = later(last, p.MergedAt)
	case p.State == "closed", c.untested:
		last = later(last, p.UpdatedAt)
	}
	return last
}

// key names the streak by the commit that it began with. The runs of a commit become known in any order, and which of them
// fails first does not tell which was first: with the id of a run the key would depend on both.
func (c checking) key() board.Key {
	key := fmt.Sprintf("checks %s #%d %s", c.app.Name, c.Pull.Number, c.First())
	if c.Nth > 1 { // the same commit was green meanwhile, and was tested again
		key += fmt.Sprintf("/%d", c.Nth)
	}
	return board.Key(key)
}

// notices are the message and, in its thread, the call of the author. Where apps of one repository live in several channels,
// each has the message, and only one calls.
func (c checking) notices() []notice {
	state := c.state()
	key := c.key()
	list := []notice{{key: key, page: c.page(state), urgent: state.red}}
	if author := c.Pull.Author; state.red && c.caller && author != "" && !strings.HasSuffix(author, "[bot]") { // a bot would not come
		call := c.call()
		list = append(list, notice{key: key + " failed", parent: key, urgent: true, page: page{title: call, sentence: call}})
	}
	return list
}

// call calls the author because of what failed first: it calls once, so its words stay while the message goes on.
func (c checking) call() string {
	first := c.Reds()[0]
	author, email := c.Pull.Author, ""
	if commit, ok := c.known.Commit(first.Run.SHA); ok && commit.Author == author {
		email = commit.Email
	}
	text := fmt.Sprintf("%s: %s failed on %s", c.called(author, email), phrase.Run(first.Run), say.Link(c.Pull.URL, fmt.Sprintf("#%d", c.Pull.Number)))
	var parts []string
	for _, m := range c.redJobs(first) {
		parts = append(parts, m.FailedLine())
	}
	if len(parts) > namedJobs {
		parts = append(parts[:namedJobs], fmt.Sprintf("and %d more", len(parts)-namedJobs))
	}
	if words := strings.Join(parts, "; "); words != "" && len(words) < lineLimit {
		text += ": " + words
	}
	return text + "."
}

// redJobs are the failed jobs of an attempt, folded.
func (c checking) redJobs(f ledger.Run) []phrase.Matrix {
	return slices.DeleteFunc(phrase.Matrices(c.run(f).jobs), func(m phrase.Matrix) bool { return len(m.Red()) == 0 })
}
