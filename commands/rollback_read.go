package commands

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/config"
	"slipway/bot/hold"
	"slipway/bot/ledger"
	"slipway/bot/target"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// releasesBack is how many of an app's releases are read: more than ten codes deep, config changes among them.
const releasesBack = 100

// undo is what a rollback rests on. What could not be read of it says so.
type undo struct {
	app     config.App
	title   string // the app's, as titles have it
	now     time.Time
	targets target.Targets
	to      target.Target
	stop    []string // the names of one-off dynos that were chosen
	chose   bool     // somebody chose, if only none

	dynos     []heroku.Dyno
	formation []heroku.Process
	builds    []heroku.Build
	state     heroku.App
	health    string // the path at which the app tells that it is well

	held  *hold.Hold // the hold that is set now; nil: none, or it cannot be read
	known *ledger.Known
	hub   string // where the credential comes from that GitHub is read with

	addons    []heroku.Attachment
	addonsErr error
	configs   [2]heroku.Config // now, and as it is gone back to
	configErr error

	codes      [2]ledger.Placing // what runs, and what is gone back to
	span       *github.Comparison
	spanErr    error
	migrations []string
	filesErr   error
}

// readUndo reads what a rollback to what somebody aims at rests on, at most four calls deep. It refuses where Heroku does not tell enough,
// and where nothing is aimed at.
func readUndo(ctx context.Context, c *bot.Clients, app config.App, a aim, chosen bot.Chosen) (*undo, error) {
	u := &undo{app: app, now: time.Now(), hub: c.GitHubVariable}
	u.stop, u.chose = chosen["stop"]
	if err := u.readApp(ctx, c); err != nil {
		return nil, err
	}
	var err error
	if u.to, err = aimed(&u.targets, app.Name, a, chosen); err != nil {
		return nil, err
	}
	u.readTarget(ctx, c)
	u.readSpan(ctx, c)
	u.readMigrations(ctx, c)
	return u, nil
}

// readApp reads the app as it stands.
func (u *undo) readApp(ctx context.Context, c *bot.Clients) error {
	name := u.app.Name
	var releases []heroku.Release
	errs := make([]error, 5)
	abreast.Do(
		func() { releases, errs[0] = c.Heroku.Releases(ctx, name, releasesBack) },
		func() { u.dynos, errs[1] = c.Heroku.Dynos(ctx, name) },
		func() { u.builds, errs[2] = c.Heroku.Builds(ctx, name, 1) },
		func() { u.formation, errs[3] = c.Heroku.Formation(ctx, name) },
		func() { u.state, errs[4] = c.Heroku.App(ctx, name) },
		func() { u.addons, u.addonsErr = c.Heroku.Attachments(ctx, name) },
		func() { u.known, _ = c.Knowledge.Of(ctx, u.app) }, // without our own database there is no plan
		func() { u.health = c.Policy.Health(ctx, u.app) },
		func() { u.title = c.Title(ctx, u.app) },
		func() { u.readHold(ctx, c) },
	)
	if err := cmp.Or(errs...); err != nil {
		return unread(err)
	}
	var ok bool
	if u.targets, ok = target.Of(releases); !ok {
		return nothingRuns(name)
	}
	return nil
}

// readHold reads whether automatic deploys are held already. Without our own database there is no plan.
func (u *undo) readHold(ctx context.Context, c *bot.Clients) {
	if standing, ok, err := c.Holds.Standing(ctx, u.app.Name); err == nil && ok {
		u.held = &standing
	}
}

// readTarget reads what becomes of the config vars, what both codes are and, where that is known already, what lies between them.
func (u *undo) readTarget(ctx context.Context, c *bot.Clients) {
	releases := u.ends()
	var slugs [2]*heroku.Slug
	errs := make([]error, 2)
	reads := []func(){func() { u.readSpan(ctx, c) }}
	for i, r := range releases {
		reads = append(reads, func() { u.configs[i], errs[i] = c.Heroku.ReleaseConfig(ctx, u.app.Name, r.Version) })
		if slug, ok := u.known.Slug(r); (!ok || slug.ProcessTypes == nil) && r.SlugID != "" {
			reads = append(reads, func() {
				if slug, err := c.Heroku.Slug(ctx, u.app.Name, r.SlugID); err == nil {
					slugs[i] = &slug
				}
			})
		}
	}
	u.place()
	abreast.Do(reads...)
	u.configErr = cmp.Or(errs...)
	for _, slug := range slugs {
		if slug != nil {
			u.known.Add(ledger.Slug{App: u.app.Name, Slug: *slug})
		}
	}
	u.place()
}

// ends are what runs, and what is gone back to.
func (u *undo) ends() [2]heroku.Release { return [2]heroku.Release{u.targets.Live, u.to.Release} }

// place finds both codes in the repository, as far as that is known by now.
func (u *undo) place() {
	for i, r := range u.ends() {
		u.codes[i] = u.known.Placed(r)
	}
}

// commitSHA matches a whole commit.
var commitSHA = regexp.MustCompile(`^[0-9a-f]{40}$`)

// commit is what one of the codes was built from, on GitHub as far as that is known; "": nobody knows.
func (u *undo) commit(i int) string {
	p := u.codes[i]
	if p.Commit == "" && p.Slug != nil && commitSHA.MatchString(p.Slug.Commit) {
		return p.Slug.Commit
	}
	return p.Commit
}

// readSpan reads what goes away, or comes back where newer code is gone to. It is asked once.
func (u *undo) readSpan(ctx context.Context, c *bot.Clients) {
	base, head := u.commit(1), u.commit(0)
	if u.to.Forward {
		base, head = head, base
	}
	if u.sameCode() || base == "" || head == "" || u.span != nil || u.spanErr != nil {
		return
	}
	span, err := c.GitHub.Compare(ctx, u.app.Repo, base, head)
	if u.spanErr = err; err == nil {
		u.span = &span
	}
}

// sameCode tells whether only config goes back.
func (u *undo) sameCode() bool { return len(u.to.Undoes) > 0 || u.targets.Live.SameCode(u.to.Release) }

// pullsLooked is of how many pull requests the files are read.
const pullsLooked = 8

// readMigrations reads which migrations came with what goes away.
func (u *undo) readMigrations(ctx context.Context, c *bot.Clients) {
	pulls := u.pulls()
	pulls = pulls[:min(len(pulls), pullsLooked)]
	files := make([][]github.PullFile, len(pulls))
	errs := make([]error, len(pulls)+1)
	abreast.Each(len(pulls), func(i int) {
		files[i], errs[i] = c.GitHub.PullFiles(ctx, u.app.Repo, pulls[i].Number)
	})
	u.filesErr = cmp.Or(errs...)
	for i, p := range pulls {
		u.migrations = append(u.migrations, foundPull{p, files[i]}.reverted().Migrations...)
	}
	slices.Sort(u.migrations)
	u.migrations = slices.Compact(u.migrations)
}

// changes are what goes away or comes back, newest first.
func (u *undo) changes() []ledger.Change {
	if u.span == nil {
		return nil
	}
	return u.known.Changes(*u.span)
}

// pulls are the pull requests among them.
func (u *undo) pulls() (list []github.Pull) {
	for _, change := range u.changes() {
		if change.Pull != nil {
			list = append(list, *change.Pull)
		}
	}
	return list
}

// phase is the release command of the code that is gone back to; "": it has none. Not ok: that is not known.
func (u *undo) phase() (command string, ok bool) {
	slug := u.codes[1].Slug
	if slug == nil || slug.ProcessTypes == nil {
		return "", false
	}
	return slug.ProcessTypes["release"], true
}

// once are the one-off dynos that run other code than what is gone back to: first those that are chosen to be stopped, then by name.
func (u *undo) once() (list []heroku.Dyno) {
	for _, d := range u.dynos {
		if (d.Type == "run" || d.Type == "scheduler") && !u.targets.SameCode(d.Release, u.to.Release) {
			list = append(list, d)
		}
	}
	last := func(d heroku.Dyno) int { // those that are chosen are never those for which there is no room
		if stopsByItself(d) {
			return 0
		}
		return 1
	}
	slices.SortFunc(list, func(a, b heroku.Dyno) int { return cmp.Or(last(a)-last(b), cmp.Compare(a.Name, b.Name)) })
	return list
}

// stopsByItself tells of a dyno that is chosen to be stopped: one of the scheduler's, which comes again, that changes no schema.
func stopsByItself(d heroku.Dyno) bool {
	return d.Type == "scheduler" && !strings.Contains(d.Command, "migrate")
}

// unlooked are the commits that no pull request brought, and the pull requests beyond those whose files were read: which migrations came
// with them is not known.
func (u *undo) unlooked() (commits, pulls int) {
	for _, change := range u.changes() {
		if change.Pull == nil {
			commits++
		}
	}
	return commits, max(len(u.pulls())-pullsLooked, 0)
}
