package commands

import (
	"context"
	"sync"
	"time"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// How much is read. More would be a longer list than anybody reads in a chat.
const (
	releasesRead = 30
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
	mu sync.Mutex // guards github.jobs
}

type herokuPart struct {
	app       *heroku.App
	releases  []heroku.Release // newest first
	dynos     []heroku.Dyno
	formation []heroku.Process
	builds    []heroku.Build
	output    string // what the release phase of the newest release printed, when it failed
}

type githubPart struct {
	head     *github.Commit
	runs     []github.Run // of the branch, newest first
	jobs     map[int64][]github.Job
	pulls    []github.Pull // closed ones, the last touched first
	statuses []github.Status
	checks   []github.CheckRun
}

// readStatus asks the far ends in rounds, each side by side: what there is, what those are, and what lies between them.
// The answer to them is the fourth call of the chain.
func readStatus(ctx context.Context, c *bot.Clients, app config.App) *status {
	s := &status{app: app, now: time.Now()}
	s.github.jobs = map[int64][]github.Job{}
	branch, err := c.Branches.Of(ctx, app.Repo)
	s.note(fromGitHub, "the deploy branch", err)
	s.branch = branch

	s.round(ctx, s.lists(c))
	s.live, s.before = findDeployed(s.heroku.releases)
	s.round(ctx, s.details(c))
	s.placeCommits()
	s.round(ctx, s.spans(c))
	if s.knownAfterAll() {
		s.round(ctx, s.spans(c))
	}
	return s
}

func (s *status) round(ctx context.Context, reads []func(context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	fs := make([]func(), len(reads))
	for i, r := range reads {
		fs[i] = func() { r(ctx) }
	}
	bot.Together(fs...)
}

// lists is the first round: everything that can be asked by the app's and the repository's name.
func (s *status) lists(c *bot.Clients) []func(context.Context) {
	app := s.app.Name
	reads := []func(context.Context){
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
	if s.branch == "" {
		return reads
	}
	return append(reads, s.branchLists(c)...)
}

func (s *status) branchLists(c *bot.Clients) []func(context.Context) {
	repo := s.app.Repo
	return []func(context.Context){
		func(ctx context.Context) {
			head, err := c.GitHub.Branch(ctx, repo, s.branch)
			if s.note(fromGitHub, "commits", err) {
				s.github.head = &head
			}
		},
		func(ctx context.Context) {
			list, err := c.GitHub.Runs(ctx, repo, github.RunQuery{Branch: s.branch, Limit: runsRead})
			s.note(fromGitHub, "runs", err)
			s.github.runs = list
		},
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

// optional drops the error of a permission that a token may lack: fine-grained tokens cannot be given Checks at all
// (facts/github.md §4).
func optional(err error) error {
	if github.KindOf(err) == github.Forbidden {
		return nil
	}
	return err
}

// details is the second round: the code of the two releases, why the newest failed, and the jobs of the runs that
// matter.
func (s *status) details(c *bot.Clients) []func(context.Context) {
	var reads []func(context.Context)
	for _, d := range []*deployed{s.live, s.before} {
		if d != nil {
			reads = append(reads, func(ctx context.Context) {
				slug, err := codeOf(ctx, c, s.app.Name, d.code)
				if s.note(fromHeroku, "the commit of "+version(d.code), err) {
					d.slug = slug
				}
			})
		}
	}
	if r, ok := s.newest(); ok && r.Status == heroku.Failed && r.OutputURL != "" {
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

// newest is the newest release, which is not the live one when its release phase failed.
func (s *status) newest() (heroku.Release, bool) {
	if len(s.heroku.releases) == 0 {
		return heroku.Release{}, false
	}
	return s.heroku.releases[0], true
}

// runsThatMatter are those of the branch's head that are not green, all that are not over, and those that went on while
// live and before were released.
func (s *status) runsThatMatter() []github.Run {
	var list []github.Run
	for _, run := range s.github.runs {
		atHead := s.github.head != nil && run.SHA == s.github.head.SHA
		switch {
		case run.Status != "completed",
			atHead && run.Conclusion != "success",
			s.live != nil && wentOn(run, s.live.code.CreatedAt),
			s.before != nil && wentOn(run, s.before.code.CreatedAt):
			list = append(list, run)
		}
	}
	return list
}

// wentOn tells whether a run of a push was under way at t. GitHub's times are whole seconds.
func wentOn(run github.Run, t time.Time) bool {
	over := run.Status == "completed" && t.After(run.UpdatedAt.Add(time.Second))
	return run.Event != "pull_request" && !t.Before(run.CreatedAt.Add(-time.Second)) && !over
}

// spans is the third round: what lies between the commits.
func (s *status) spans(c *bot.Clients) []func(context.Context) {
	if s.live == nil || s.live.commit == "" || s.github.head == nil {
		return nil
	}
	repo := s.app.Repo
	reads := []func(context.Context){
		func(ctx context.Context) { s.waiting = s.compare(ctx, c, s.live, s.live.commit, s.github.head.SHA) },
	}
	if s.before != nil && s.before.commit != "" {
		reads = append(reads, func(ctx context.Context) {
			s.brought = s.compare(ctx, c, s.before, s.before.commit, s.live.commit)
		})
	}
	for _, d := range []*deployed{s.live, s.before} {
		if d != nil && d.run != nil && d.slug.Commit != "" {
			reads = append(reads, func(ctx context.Context) {
				_, err := c.GitHub.Commit(ctx, repo, d.slug.Commit)
				d.known = err == nil
			})
		}
	}
	return reads
}

func (s *status) compare(ctx context.Context, c *bot.Clients, d *deployed, base, head string) *github.Comparison {
	found, err := c.GitHub.Compare(ctx, s.app.Repo, base, head)
	if github.KindOf(err) == github.NotFound {
		d.missing = true
		return nil
	}
	if !s.note(fromGitHub, "what lies between the commits", err) {
		return nil
	}
	return &found
}

// knownAfterAll takes the deployed commit itself where GitHub turned out to know it although no run and no pull request
// that was read has it. That costs another round, and is rare: a branch deployed by hand.
func (s *status) knownAfterAll() bool {
	changed := false
	for _, d := range []*deployed{s.live, s.before} {
		if d != nil && d.known && d.run != nil {
			d.commit, d.run, d.known = d.slug.Commit, nil, false
			changed = true
		}
	}
	return changed
}
