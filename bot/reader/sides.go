package reader

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// How often is read what changes seldom, or what its sender's webhooks tell.
const (
	branchEvery   = 30 * time.Minute // a team changes its deploy branch once in years
	checksEvery   = 3 * time.Minute  // statuses and checks of the head, while GitHub's webhooks are not trusted
	settingsEvery = 15 * time.Minute // formation and app, and what is pending at the head, while webhooks are trusted
)

func (r *Reader) gitHubSide(app config.App, k *ledger.Known, trusted bool) *side {
	s := &side{end: r.gitHub, known: k, trusted: trusted, rarely: checksEvery, read: map[ledger.List]bool{}}
	repo, first := app.Repo, headOf(k)
	branched := func() bool { return k.Branch() != "" }
	checked := func(what ledger.List) func() bool {
		return func() bool {
			never := k.ReadAt(what).IsZero()
			late := s.older(what, settingsEvery) && pending(k) // one webhook that is lost would leave it so
			return branched() && (never || late || headOf(k) != first || !trusted && s.older(what, s.rarely))
		}
	}
	s.lists = []list{
		{what: ledger.Branches, due: func() bool { return s.older(ledger.Branches, branchEvery) }, ask: func() question { return r.branch(repo) }},
		{what: ledger.Heads, look: true, due: branched, ask: func() question { return r.head(repo, k.Branch()) }},
		{what: ledger.Runs, look: true, ask: func() question { return r.newRuns(repo, k) }},
		{what: ledger.Pulls, ask: func() question { return r.pulls(repo) }},
		{what: ledger.Statuses, due: checked(ledger.Statuses), ask: func() question { return r.statuses(repo, k.Branch()) }},
		{what: ledger.Checks, due: checked(ledger.Checks), ask: func() question { return r.checks(repo, k.Branch()) }},
	}
	s.state = func() string {
		var b strings.Builder
		fmt.Fprintln(&b, headOf(k))
		for _, run := range k.Runs() {
			fmt.Fprintln(&b, run.Run.ID, run.Run.Attempt, run.Run.Status, run.Run.Conclusion)
		}
		return b.String()
	}
	return s
}

func (r *Reader) herokuSide(app config.App, k *ledger.Known, trusted bool) *side {
	s := &side{end: r.heroKu, known: k, trusted: trusted, read: map[ledger.List]bool{}, outputs: map[int]heroku.StreamURL{}}
	name := app.Name
	setting := func(what ledger.List) func() bool {
		return func() bool { return s.person || !trusted || s.older(what, settingsEvery) }
	}
	s.lists = []list{
		{what: ledger.Releases, look: true, ask: func() question { return r.releases(name, newest(k)) }},
		{what: ledger.Dynos, look: true, ask: func() question { return r.dynos(name) }},
		{what: ledger.Builds, ask: func() question { return r.builds(name) }},
		{what: ledger.Formation, look: true, due: setting(ledger.Formation), ask: func() question { return r.formation(name) }},
		{what: ledger.Apps, look: true, due: setting(ledger.Apps), ask: func() question { return r.state(name) }},
	}
	s.state = func() string {
		var b strings.Builder
		for _, release := range k.Releases() {
			fmt.Fprintln(&b, release.Version, release.Status, release.Current)
		}
		for _, dyno := range k.Dynos() {
			fmt.Fprintln(&b, ledger.DynoKey(dyno), dyno.State)
		}
		app, _ := k.State()
		fmt.Fprintln(&b, app.Maintenance, k.Formation())
		return b.String()
	}
	return s
}

// pending tells whether a status or a check of the head is not over, as far as is known.
func pending(k *ledger.Known) bool {
	head := headOf(k)
	return slices.ContainsFunc(k.Statuses(head), func(s github.Status) bool { return s.State == "pending" }) ||
		slices.ContainsFunc(k.Checks(head), func(c github.CheckRun) bool { return c.Status != "completed" })
}

func headOf(k *ledger.Known) string {
	head, _ := k.Head()
	return head.SHA
}

// newest is the version of the newest release that was read or told; 0: nothing was ever read, so that there may be others.
func newest(k *ledger.Known) int {
	list := k.Releases()
	if k.ReadAt(ledger.Releases).IsZero() || len(list) == 0 {
		return 0
	}
	return list[0].Version
}

// again is how far before the last reading runs are read: a re-run keeps the time at which its run was made, and most are
// made within a day.
const again = 24 * time.Hour

// newRuns asks for the runs that may have changed since runs were last read: the new ones, those that went on then, and
// what may have been run again. The time is a whole hour, so that GitHub can answer that nothing changed.
func (r *Reader) newRuns(repo github.Repo, k *ledger.Known) question {
	last := k.ReadAt(ledger.Runs)
	if last.IsZero() {
		return r.firstRuns(repo)
	}
	since := last
	for _, run := range k.Runs() {
		if run.Run.Status != "completed" && run.Run.CreatedAt.Before(since) {
			since = run.Run.CreatedAt
		}
	}
	return r.runs(repo, since.Add(-again).Truncate(time.Hour), last)
}
