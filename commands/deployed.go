package commands

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"slipway/bot"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// deployed is code that runs, or ran, with what is known of its commit.
type deployed struct {
	release heroku.Release // the newest release of this code
	code    heroku.Release // the one that brought it
	slug    heroku.Slug

	commit  string       // as GitHub knows it; "" when that is not known
	run     *github.Run  // the run that must have deployed it, when the commit itself is not known to GitHub
	several []github.Run // more than one run may have
	known   bool         // GitHub knows the slug's commit after all
	missing bool         // GitHub does not know commit
}

func version(r heroku.Release) string { return fmt.Sprintf("v%d", r.Version) }

// codeID tells code apart: a release with another one brought new code, any other is a config release.
func codeID(r heroku.Release) string {
	if r.SlugID != "" {
		return r.SlugID
	}
	return r.ImageID
}

func codeOf(ctx context.Context, c *bot.Clients, app string, r heroku.Release) (heroku.Slug, error) {
	if r.SlugID == "" && r.ImageID != "" {
		return c.Heroku.Image(ctx, app, r.ImageID)
	}
	return c.Heroku.Slug(ctx, app, r.SlugID)
}

// findDeployed finds the code that runs and the code that ran before it in releases, newest first. Releases that never
// ran are passed over.
func findDeployed(releases []heroku.Release) (live, before *deployed) {
	for _, r := range releases {
		switch {
		case codeID(r) == "":
		case live == nil:
			if r.Current {
				live = &deployed{release: r, code: r}
			}
		case r.Status == heroku.Failed, r.Status == heroku.Pending:
		case before == nil && codeID(r) == codeID(live.code):
			live.code = r
		case before == nil:
			before = &deployed{release: r, code: r}
		case codeID(r) == codeID(before.code):
			before.code = r
		default:
			return live, before
		}
	}
	return live, before
}

// placeCommits decides, for both, which commit on GitHub stands for the code. The deployed commit need not be on GitHub:
// a runner may add one before it pushes (facts/github.md §8.2). Then the run that deployed it tells which commit it
// began from.
func (s *status) placeCommits() {
	for _, d := range []*deployed{s.live, s.before} {
		if d == nil {
			continue
		}
		d.commit = d.slug.Commit
		if s.onGitHub(d.slug.Commit) {
			continue
		}
		runs := s.deployers(d.code.CreatedAt)
		switch len(runs) {
		case 0:
		case 1:
			d.run, d.commit = &runs[0], runs[0].SHA
		default:
			d.several, d.commit = runs, ""
		}
	}
}

// onGitHub tells whether anything that was read from GitHub names this commit.
func (s *status) onGitHub(sha string) bool {
	if s.github.head != nil && s.github.head.SHA == sha {
		return true
	}
	for _, run := range s.github.runs {
		if run.SHA == sha {
			return true
		}
	}
	for _, pull := range s.github.pulls {
		if pull.MergeSHA == sha {
			return true
		}
	}
	return false
}

// deploying are words that the steps which ship are named by.
var deploying = regexp.MustCompile(`(?i)deploy|heroku|production|release|push`)

// deployers are the runs in which a step went on while the release was made. Where several did, those whose step is
// named like one that ships.
func (s *status) deployers(released time.Time) []github.Run {
	var during, named []github.Run
	for _, run := range s.github.runs {
		if !wentOn(run, released) {
			continue
		}
		found, byName := false, false
		for _, job := range s.github.jobs[run.ID] {
			for _, step := range job.Steps {
				if spansTime(step, released) {
					found = true
					byName = byName || deploying.MatchString(step.Name)
				}
			}
		}
		if found {
			during = append(during, run)
		}
		if byName {
			named = append(named, run)
		}
	}
	if len(named) > 0 {
		return named
	}
	return during
}

// spansTime tells whether a step went on at t. GitHub's times are whole seconds, so a step may have ended up to a second
// after its end.
func spansTime(step github.Step, t time.Time) bool {
	if step.StartedAt.IsZero() || step.Conclusion == "skipped" || t.Before(step.StartedAt.Add(-time.Second)) {
		return false
	}
	return step.CompletedAt.IsZero() || t.Before(step.CompletedAt.Add(time.Second))
}
