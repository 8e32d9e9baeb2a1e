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
	code    heroku.Release // the one that brought it; for a rollback, the rollback
	origin  heroku.Release // the deploy that first released it; zero if that is not among the releases that were read

	slug   *heroku.Slug // nil: not read, and the gaps say why
	place  place
	commit string       // on GitHub, if place is exact or inferred
	runs   []github.Run // those that were deploying when origin was made

	asked bool  // GitHub was asked whether it knows the slug's commit
	known error // what it answered: nil for yes
}

// place is what is known of where some code stands in the repository. It is decided once, by settle.
type place int

const (
	unread   place = iota // not known, because something could not be read: the gaps say what
	exact                 // its commit is on GitHub
	inferred              // it is not, but just one run was deploying then, and tells where it began from
	several               // it is not, and several runs were
	nowhere               // it is not, and no run was
	unsaid                // Heroku does not name a commit
)

// unplaced tells whether everything was read and the commit is not known all the same.
func (d *deployed) unplaced() bool {
	return d.place == several || d.place == nowhere || d.place == unsaid
}

func version(r heroku.Release) string { return fmt.Sprintf("v%d", r.Version) }

func hasCode(r heroku.Release) bool { return r.SlugID != "" || r.ImageID != "" }

func codeOf(ctx context.Context, c *bot.Clients, app string, r heroku.Release) (heroku.Slug, error) {
	if r.SlugID == "" {
		return c.Heroku.Image(ctx, app, r.ImageID)
	}
	return c.Heroku.Slug(ctx, app, r.SlugID)
}

// findDeployed finds the code that runs and the code that ran before it in releases, newest first. Releases that never
// ran are passed over.
func findDeployed(releases []heroku.Release) (live, before *deployed) {
	for _, r := range releases {
		switch {
		case !hasCode(r):
		case live == nil:
			if r.Current {
				live = &deployed{release: r, code: r}
			}
		case r.Status == heroku.Failed, r.Status == heroku.Pending:
		case before == nil && r.SameCode(live.code):
			live.code = r
		case before == nil:
			before = &deployed{release: r, code: r}
		case r.SameCode(before.code):
			before.code = r
		default:
			return originate(live, releases), originate(before, releases)
		}
	}
	return originate(live, releases), originate(before, releases)
}

// originate finds the deploy that first released the code. A rollback releases code that an older run deployed, and a
// promotion code of another app: their own time says nothing about a run.
func originate(d *deployed, releases []heroku.Release) *deployed {
	if d == nil {
		return nil
	}
	for _, r := range releases {
		if r.SameCode(d.code) && r.Cause().Kind == heroku.Deploy {
			d.origin = r
		}
	}
	return d
}

// sha matches a whole commit. Builds through the API carry what their maker calls the source, which may be a branch.
var sha = regexp.MustCompile(`^[0-9a-f]{40}$`)

// candidate is the commit to compare with while GitHub is asked whether it knows the slug's own: that of the only run
// that was deploying, or the slug's, if that is a commit at all.
func (s *status) candidate(d *deployed) string {
	switch {
	case d.slug == nil || !sha.MatchString(d.slug.Commit):
		return ""
	case s.onGitHub(d.slug.Commit):
		d.asked = true
		return d.slug.Commit
	}
	d.runs = s.deployers(d.origin)
	if len(d.runs) == 1 {
		return d.runs[0].SHA
	}
	return d.slug.Commit
}

// settle decides what is known of the commit, once everything about it was asked. The deployed commit need not be on
// GitHub: a runner may add one before it pushes (facts/github.md §8.2). Then the run that deployed it tells which commit
// it began from. What could not be read is no proof of anything.
func (s *status) settle(d *deployed) {
	d.commit = ""
	switch {
	case d.slug == nil:
		d.place = unread
	case !sha.MatchString(d.slug.Commit):
		d.place = unsaid
	case d.asked && d.known == nil:
		d.place, d.commit = exact, d.slug.Commit
	case github.KindOf(d.known) != github.NotFound, s.lost(fromGitHub, "runs"), s.lost(fromGitHub, "jobs"):
		d.place = unread
	case len(d.runs) == 1:
		d.place, d.commit = inferred, d.runs[0].SHA
	case len(d.runs) > 1:
		d.place = several
	default:
		d.place = nowhere
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
		if pull.Merged && pull.MergeSHA == sha {
			return true
		}
	}
	return false
}

// deploying are words that the steps which ship are named by.
var deploying = regexp.MustCompile(`(?i)deploy|heroku|production|release|push|ship`)

// deployers are the runs of which a step that is named like one that ships went on while the release was made.
func (s *status) deployers(origin heroku.Release) []github.Run {
	var list []github.Run
	for _, run := range s.github.runs {
		if origin.Version != 0 && wentOn(run, origin.CreatedAt) && s.shipped(run, origin.CreatedAt) {
			list = append(list, run)
		}
	}
	return list
}

func (s *status) shipped(run github.Run, at time.Time) bool {
	for _, job := range s.github.jobs[run.ID] {
		for _, step := range job.Steps {
			if deploying.MatchString(step.Name) && spansTime(step, at) {
				return true
			}
		}
	}
	return false
}

// wentOn tells whether a run was under way at t. GitHub's times are whole seconds.
func wentOn(run github.Run, t time.Time) bool {
	over := run.Status == "completed" && t.After(run.UpdatedAt.Add(time.Second))
	return !t.Before(run.CreatedAt.Add(-time.Second)) && !over
}

// spansTime tells whether a step went on at t. GitHub's times are whole seconds, so a step may have ended up to a second
// after its end.
func spansTime(step github.Step, t time.Time) bool {
	if step.StartedAt.IsZero() || step.Conclusion == "skipped" || t.Before(step.StartedAt.Add(-time.Second)) {
		return false
	}
	return step.CompletedAt.IsZero() || t.Before(step.CompletedAt.Add(time.Second))
}
