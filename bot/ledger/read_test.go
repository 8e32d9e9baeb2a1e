package ledger_test

import (
	"context"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// read reads all that can be read, with every attempt and the jobs of each, and then what is missing.
func (s story) read() []ledger.Fact {
	s.t.Helper()
	facts := append(s.readGitHub(), s.readHeroku()...)
	k := ledger.New(app, repo)
	k.Add(facts...)
	for range 3 {
		for _, w := range k.Missing() {
			f := s.wanted(w)
			k.Add(f)
			facts = append(facts, f)
		}
	}
	if missing := k.Missing(); len(missing) > 0 {
		s.t.Errorf("still missing: %#v", missing)
	}
	return facts
}

// wanted reads what else may be missing: what lies between commits, and whether they are on GitHub.
func (s story) wanted(w ledger.Want) ledger.Fact {
	s.t.Helper()
	ctx, c := context.Background(), s.github()
	switch w := w.(type) {
	case ledger.WantCommit:
		found, err := c.Commit(ctx, repo, w.SHA)
		if github.KindOf(err) == github.NotFound {
			return ledger.Absent{Repo: repo, SHA: w.SHA, At: time.Now()}
		}
		s.check(err)
		return ledger.Commit{Repo: repo, Commit: found}
	case ledger.WantSpan:
		found, err := c.Compare(ctx, repo, w.Base, w.Head)
		s.check(err)
		return ledger.Span{Repo: repo, Base: w.Base, Head: w.Head, Comparison: found, At: time.Now()}
	}
	s.t.Fatalf("%#v is missing", w)
	return nil
}

func (s story) github() *github.Client {
	c, err := github.New(github.Options{URL: s.env("GITHUB_API_URL"), Token: s.env("GITHUB_TOKEN"), HTTP: served{s.GitHub}})
	s.check(err)
	return c
}

func (s story) readGitHub() []ledger.Fact {
	ctx, now, c := context.Background(), time.Now(), s.github()
	found, err := c.Repository(ctx, repo)
	s.check(err)
	head, err := c.Branch(ctx, repo, found.DefaultBranch)
	s.check(err)
	facts := []ledger.Fact{
		ledger.Branch{Repo: repo, Name: found.DefaultBranch, Read: now},
		ledger.Commit{Repo: repo, Commit: head},
		ledger.Head{Repo: repo, Branch: found.DefaultBranch, SHA: head.SHA, URL: head.URL, At: now, Read: now},
	}
	pulls, err := c.Pulls(ctx, repo, github.PullQuery{State: "all"})
	s.check(err)
	for _, p := range pulls {
		facts = append(facts, ledger.Pull{Repo: repo, Pull: p, Read: now})
	}
	runs, err := c.Runs(ctx, repo, github.RunQuery{})
	s.check(err)
	for _, r := range runs {
		for n := 1; n <= r.Attempt; n++ {
			attempt, err := c.RunAttempt(ctx, repo, r.ID, n)
			s.check(err)
			facts = append(facts, ledger.Run{Repo: repo, Run: attempt, Read: now})
			jobs, err := c.Jobs(ctx, repo, r.ID, n)
			s.check(err)
			for _, j := range jobs {
				facts = append(facts, ledger.Job{Repo: repo, Job: j, Read: now})
			}
			facts = append(facts, readingOf(ledger.WantJobs{RunID: r.ID, Attempt: n}, now))
		}
	}
	for _, what := range []ledger.List{ledger.Branches, ledger.Heads, ledger.Runs, ledger.Pulls} {
		facts = append(facts, ledger.Reading{Scope: ledger.RepoScope(repo), What: what, At: now})
	}
	return facts
}

func readingOf(w ledger.Want, at time.Time) ledger.Reading {
	what, of := w.Reading()
	return ledger.Reading{Scope: ledger.RepoScope(repo), What: what, Of: of, At: at}
}

func (s story) readHeroku() []ledger.Fact {
	ctx, now := context.Background(), time.Now()
	c, err := heroku.New(heroku.Options{URL: s.env("HEROKU_API_URL"), Token: s.env("HEROKU_API_KEY"), HTTP: served{s.Heroku}})
	s.check(err)
	state, err := c.App(ctx, app)
	s.check(err)
	facts := []ledger.Fact{ledger.App{App: app, State: state, At: now, Read: now}}
	releases, err := c.Releases(ctx, app, 0)
	s.check(err)
	for _, r := range releases {
		facts = append(facts, ledger.Release{App: app, Release: r, Read: now})
		if r.SlugID != "" {
			slug, err := c.Slug(ctx, app, r.SlugID)
			s.check(err)
			facts = append(facts, ledger.Slug{App: app, Slug: slug})
		}
	}
	builds, err := c.Builds(ctx, app, 0)
	s.check(err)
	for _, b := range builds {
		facts = append(facts, ledger.Build{App: app, Build: b, Read: now})
	}
	dynos, err := c.Dynos(ctx, app)
	s.check(err)
	listed := ledger.Listed{App: app, What: ledger.Dynos, Read: now}
	for _, d := range dynos {
		facts = append(facts, ledger.Dyno{App: app, Dyno: d, At: now, Read: now})
		listed.Names = append(listed.Names, ledger.DynoKey(d))
	}
	formation, err := c.Formation(ctx, app)
	s.check(err)
	types := ledger.Listed{App: app, What: ledger.Formation, Read: now}
	for _, p := range formation {
		facts = append(facts, ledger.Process{App: app, Process: p, At: now, Read: now})
		types.Names = append(types.Names, p.Type)
	}
	facts = append(facts, listed, types)
	for _, what := range []ledger.List{ledger.Apps, ledger.Releases, ledger.Builds, ledger.Dynos, ledger.Formation} {
		facts = append(facts, ledger.Reading{Scope: ledger.AppScope(app), What: what, At: now})
	}
	return facts
}

func (s story) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
