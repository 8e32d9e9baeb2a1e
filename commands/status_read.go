package commands

import (
	"cmp"
	"context"
	"slices"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/presence"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// status is what is known of one app at one time, taken apart for the words. Where something is not known its part is empty,
// and the gaps say why.
type status struct {
	app    config.App
	now    time.Time
	known  *ledger.Known
	branch string

	heroku  herokuPart
	github  githubPart
	live    *deployed          // what runs; nil when that is not known, or nothing was ever released
	before  *deployed          // the code that ran before it
	brought *github.Comparison // from before to live
	waiting *github.Comparison // from live to the head of the branch
	name    string             // the app's name, as titles have it
	sight   presence.Sight     // of others with our app token

	standing *standing // the operation that has the app; nil: none does
	held     *held     // the hold of its automatic deploys; nil: they are not held

	gaps
}

type herokuPart struct {
	app       *heroku.App
	releases  []heroku.Release // newest first
	dynos     []heroku.Dyno
	formation []heroku.Process
}

type githubPart struct {
	head *github.Commit
	runs []github.Run // of pushes to the branch, and those started by hand on it, newest first
}

// deployed is code that runs, or ran, with what is known of its commit.
type deployed struct {
	ledger.Deployed
	ledger.Placing
}

// knowStatus takes what is known apart. It reads nothing that is not known by now.
func knowStatus(ctx context.Context, c *bot.Clients, app config.App) *status {
	var k *ledger.Known
	var has *standing
	var holds *held
	var away, unread, unheld error
	abreast.Do(
		func() { k, away = c.Knowledge.Of(ctx, app) },
		func() { has, unread = standingOf(ctx, c, app.Name) },
		func() { holds, unheld = heldOf(ctx, c, app.Name) },
	)
	away = cmp.Or(away, unread, unheld)
	s := &status{app: app, now: time.Now(), known: k, branch: k.Branch(), standing: has, held: holds, gaps: gapsOf(c, k, away)}
	if state, ok := k.State(); ok {
		s.heroku.app = &state
	}
	s.heroku.releases, s.heroku.dynos, s.heroku.formation = k.Releases(), k.Dynos(), k.Formation()
	if head, ok := k.Head(); ok {
		s.github.head = &head
	}
	s.github.runs = k.BranchRuns()
	if live, ok := k.Live(); ok {
		s.live = &deployed{live, k.Placed(live.Code)}
	}
	if before, ok := k.Before(); ok {
		s.before = &deployed{before, k.Placed(before.Code)}
	}
	if span, ok := k.Brought(); ok {
		s.brought = &span
	}
	if span, ok := k.Waiting(); ok {
		s.waiting = &span
	}
	s.name = c.Title(ctx, app)
	if sight, err := c.Presence.Seen(ctx); err == nil { // without the database it is said that that is away
		s.sight = sight
	}
	return s
}

// failedSince is the newest release that failed after the live one.
func (s *status) failedSince() (heroku.Release, bool) { return s.known.FailedSince() }

// pull is the pull request whose merge a commit is.
func (s *status) pull(sha string) (github.Pull, bool) {
	pulls := s.known.Pulls()
	i := slices.IndexFunc(pulls, func(p github.Pull) bool { return p.Merged && p.MergeSHA == sha })
	if i < 0 {
		return github.Pull{}, false
	}
	return pulls[i], true
}
