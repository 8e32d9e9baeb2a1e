package commands

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// How much is read of each list, in one call each. An app that was only configured a hundred times since its last deploy
// has its code release beyond them, and the answer says so.
const (
	releasesRead = 100
	buildsRead   = 5
	runsRead     = 30
	pullsRead    = 100
)

// roundWithin bounds each round of reading, so that a far end that hangs costs its part of the answer and not the
// answer.
const roundWithin = 6 * time.Second

// status is what is known of one app at one time. Where a far end did not answer, its part is empty and gaps say why.
type status struct {
	app    config.App
	now    time.Time
	branch string

	heroku  herokuPart
	github  githubPart
	live    *deployed          // what runs; nil when that is not known, or nothing was ever released
	before  *deployed          // the code that ran before it
	brought *github.Comparison // from before to live
	waiting *github.Comparison // from live to the head of the branch

	gaps
	mu sync.Mutex // guards github.runs and github.jobs while a round reads
}

type herokuPart struct {
	app       *heroku.App
	releases  []heroku.Release // newest first
	dynos     []heroku.Dyno
	formation []heroku.Process
	builds    []heroku.Build
	output    string // what the release phase of the newest failed release printed, if that is newer than live
}

type githubPart struct {
	head     *github.Commit
	runs     []github.Run // of pushes to the branch, and those started by hand on it, newest first
	jobs     map[int64][]github.Job
	pulls    []github.Pull // closed ones, the last touched first
	statuses []github.Status
	checks   []github.CheckRun
}

type read = func(context.Context)

// readStatus asks the far ends in rounds, each side by side: what there is, what those are, and what lies between them.
// The answer to the person is the fourth call of the chain.
func readStatus(ctx context.Context, c *bot.Clients, app config.App) *status {
	s := &status{app: app, now: time.Now()}
	s.github.jobs = map[int64][]github.Job{}
	branch, err := c.Branches.Of(ctx, app.Repo)
	s.note(fromGitHub, "the deploy branch", err)
	s.branch = branch

	s.round(ctx, append(s.herokuLists(c), s.githubLists(c)...))
	slices.SortFunc(s.github.runs, func(a, b github.Run) int { return cmp.Compare(b.ID, a.ID) })
	s.live, s.before = findDeployed(s.heroku.releases)
	s.round(ctx, s.details(c))
	s.round(ctx, s.between(c))
	return s
}

func (s *status) round(ctx context.Context, reads []read) {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	fs := make([]func(), len(reads))
	for i, r := range reads {
		fs[i] = func() { r(ctx) }
	}
	bot.Together(fs...)
}

// both are live and before, as far as there are such.
func (s *status) both() []*deployed {
	var list []*deployed
	for _, d := range []*deployed{s.live, s.before} {
		if d != nil {
			list = append(list, d)
		}
	}
	return list
}

// herokuLists and githubLists are the first round: everything that can be asked by the app's and the branch's name.
func (s *status) herokuLists(c *bot.Clients) []read {
	app := s.app.Name
	return []read{
		func(ctx context.Context) {
			a, err := c.Heroku.App(ctx, app)
			if s.note(fromHeroku, "maintenance mode", err) {
				s.heroku.app = &a
			}
		},
		func(ctx context.Context) {
			list, err := c.Heroku.Releases(ctx, app, releasesRead)
			s.note(fromHeroku, "releases", err)
			s.heroku.releases = list
		},
		func(ctx context.Context) {
			list, err := c.Heroku.Dynos(ctx, app)
			s.note(fromHeroku, "dynos", err)
			s.heroku.dynos = list
		},
		func(ctx context.Context) {
			list, err := c.Heroku.Formation(ctx, app)
			s.note(fromHeroku, "the formation", err)
			s.heroku.formation = list
		},
		func(ctx context.Context) {
			list, err := c.Heroku.Builds(ctx, app, buildsRead)
			s.note(fromHeroku, "builds", err)
			s.heroku.builds = list
		},
	}
}

func (s *status) githubLists(c *bot.Clients) []read {
	if s.branch == "" {
		return nil
	}
	repo := s.app.Repo
	return []read{
		func(ctx context.Context) { c.Branches.Refresh(ctx, repo) },
		func(ctx context.Context) {
			head, err := c.GitHub.Branch(ctx, repo, s.branch)
			if s.note(fromGitHub, "commits", err) {
				s.github.head = &head
			}
		},
		func(ctx context.Context) { s.readRuns(ctx, c, "push") },
		func(ctx context.Context) { s.readRuns(ctx, c, "workflow_dispatch") },
		func(ctx context.Context) {
			list, err := c.GitHub.Pulls(ctx, repo, github.PullQuery{
				State: "closed", Base: s.branch, Sort: "updated", Direction: "desc", Limit: pullsRead,
			})
			s.note(fromGitHub, "pull requests", err)
			s.github.pulls = list
		},
		func(ctx context.Context) {
			combined, err := c.GitHub.CombinedStatus(ctx, repo, s.branch)
			s.note(fromGitHub, "commit statuses", optional(err))
			s.github.statuses = combined.Statuses
		},
		func(ctx context.Context) {
			list, err := c.GitHub.CheckRuns(ctx, repo, s.branch)
			s.note(fromGitHub, "check runs", optional(err))
			s.github.checks = list
		},
	}
}

// readRuns reads runs of one event. Scheduled ones, and those of a fork whose branch has the same name, would fill the
// list and say nothing about what is shipped.
func (s *status) readRuns(ctx context.Context, c *bot.Clients, event string) {
	list, err := c.GitHub.Runs(ctx, s.app.Repo, github.RunQuery{Branch: s.branch, Event: event, Limit: runsRead})
	s.note(fromGitHub, "runs", err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.github.runs = append(s.github.runs, list...)
}

// optional drops the error of a permission that a token may lack: fine-grained tokens cannot be given Checks at all
// (facts/github.md §4).
func optional(err error) error {
	if github.KindOf(err) == github.Forbidden {
		return nil
	}
	return err
}

// details is the second round: the code of the two releases, why a newer one failed, and the jobs of the runs that
// matter.
func (s *status) details(c *bot.Clients) []read {
	var reads []read
	for _, d := range s.both() {
		reads = append(reads, func(ctx context.Context) {
			slug, err := codeOf(ctx, c, s.app.Name, d.code)
			if s.note(fromHeroku, "the commit of "+version(d.code), err) {
				d.slug = &slug
			}
		})
	}
	if r, ok := s.failedSince(); ok && r.OutputURL != "" {
		reads = append(reads, func(ctx context.Context) {
			output, err := c.Heroku.Output(ctx, r.OutputURL)
			s.note(fromHeroku, "the output of "+version(r), err)
			s.heroku.output = output
		})
	}
	for _, run := range s.runsThatMatter() {
		reads = append(reads, func(ctx context.Context) {
			jobs, err := c.GitHub.Jobs(ctx, s.app.Repo, run.ID, run.Attempt)
			s.note(fromGitHub, "jobs", err)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.github.jobs[run.ID] = jobs
		})
	}
	return reads
}

// failedSince is the newest release that failed after the live one.
func (s *status) failedSince() (heroku.Release, bool) {
	for _, r := range s.heroku.releases {
		if s.live != nil && r.Version > s.live.release.Version && r.Status == heroku.Failed {
			return r, true
		}
	}
	return heroku.Release{}, false
}

// runsThatMatter are those of the branch's head that are not green, all that are not over, and those that went on while
// live and before were first released.
func (s *status) runsThatMatter() []github.Run {
	var list []github.Run
	for _, run := range s.github.runs {
		atHead := s.github.head != nil && run.SHA == s.github.head.SHA
		matters := run.Status != "completed" || atHead && run.Conclusion != "success"
		for _, d := range s.both() {
			matters = matters || d.origin.Version != 0 && wentOn(run, d.origin.CreatedAt)
		}
		if matters {
			list = append(list, run)
		}
	}
	return list
}

// between is the third round: what lies between the commits, and whether GitHub knows them, asked at the same time. Where
// that shows that it compared with the wrong commit, it does so again: a fourth round, for a branch deployed by hand.
func (s *status) between(c *bot.Clients) []read {
	if s.live == nil || s.github.head == nil {
		return nil
	}
	live, before := s.candidate(s.live), ""
	reads := []read{s.ask(c, s.live)}
	if s.before != nil {
		before = s.candidate(s.before)
		reads = append(reads, s.ask(c, s.before))
	}
	var waiting, brought comparison
	reads = append(reads,
		func(ctx context.Context) { waiting = compare(ctx, c, s.app.Repo, live, s.github.head.SHA) },
		func(ctx context.Context) { brought = compare(ctx, c, s.app.Repo, before, live) },
	)
	return []read{func(ctx context.Context) {
		s.round(ctx, reads)
		for _, d := range s.both() {
			s.settle(d)
		}
		again := []read{}
		if s.live.commit != live {
			again = append(again, func(ctx context.Context) { waiting = compare(ctx, c, s.app.Repo, s.live.commit, s.github.head.SHA) })
		}
		if s.before != nil && (s.before.commit != before || s.live.commit != live) {
			again = append(again, func(ctx context.Context) { brought = compare(ctx, c, s.app.Repo, s.before.commit, s.live.commit) })
		}
		s.round(ctx, again)
		s.waiting, s.brought = s.take(waiting), s.take(brought)
	}}
}

// ask asks GitHub whether it knows the slug's commit, where nothing that was read says so.
func (s *status) ask(c *bot.Clients, d *deployed) read {
	return func(ctx context.Context) {
		if d.asked || d.slug == nil || !sha.MatchString(d.slug.Commit) {
			return
		}
		_, err := c.GitHub.Commit(ctx, s.app.Repo, d.slug.Commit)
		if github.KindOf(err) != github.NotFound {
			s.note(fromGitHub, "the commit of "+version(d.code), err)
		}
		d.asked, d.known = true, err
	}
}

// comparison is what a compare came to; neither is set when there was nothing to compare.
type comparison struct {
	found *github.Comparison
	err   error
}

func compare(ctx context.Context, c *bot.Clients, repo github.Repo, base, head string) comparison {
	if base == "" || head == "" {
		return comparison{}
	}
	found, err := c.GitHub.Compare(ctx, repo, base, head)
	if err != nil {
		return comparison{err: err}
	}
	return comparison{found: &found}
}

func (s *status) take(c comparison) *github.Comparison {
	s.note(fromGitHub, "what lies between the commits", c.err)
	return c.found
}
