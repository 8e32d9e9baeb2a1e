package commands

import (
	"context"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// How often is looked. They are odd, so that a look never falls together with what begins and ends at whole seconds, of which then either
// may come first.
const (
	phaseEvery = 1700 * time.Millisecond
	dynosEvery = 1900 * time.Millisecond
)

// phaseWithin is how long a release command may take: Heroku ends it after an hour.
const phaseWithin = 65 * time.Minute

// phase waits for the end of the release command, and gives the last of what it printed.
func (r rollback) phase(c *bot.Clients, made madeRelease) op.Watch[string] {
	return op.Watch[string]{
		Look: func(ctx context.Context) (string, bool, error) {
			release, err := c.Heroku.Release(ctx, r.App, made.Version)
			if err != nil || release.Status == heroku.Pending {
				return "", false, err
			}
			printed := printedBy(ctx, c, release)
			if release.Status == heroku.Failed {
				return "", false, r.phaseFailed(made, printed)
			}
			return printed, true, nil
		},
		Detail: func(printed string) string { return block("What the release command printed last:", printed) },
		Every:  phaseEvery, Deadline: phaseWithin,
	}
}

// printedBy gives the last of what a release command printed, fit for a block of code; "" where that cannot be read.
func printedBy(ctx context.Context, c *bot.Clients, release heroku.Release) string {
	if release.OutputURL == "" {
		return ""
	}
	output, _ := c.Heroku.Output(ctx, release.OutputURL) // what came before an error counts
	return say.Tail(output, 12, 200)
}

// block shows lines of a program below a line of ours; "" for no lines.
func block(title, lines string) string {
	if lines == "" {
		return ""
	}
	return title + "\n```\n" + lines + "\n```"
}

// current waits until the release that was made is the one that runs, and gives when that was seen.
func (r rollback) current(c *bot.Clients, made madeRelease) op.Watch[time.Time] {
	w := op.Watch[time.Time]{
		Look: func(ctx context.Context) (time.Time, bool, error) {
			releases, err := c.Heroku.Releases(ctx, r.App, newestReleases)
			if err != nil {
				return time.Time{}, false, err
			}
			runs, err := r.runs(ctx, c, made, releases)
			return time.Now(), runs, err
		},
		Every: phaseEvery, Deadline: 5 * time.Minute,
	}
	if r.Phase == "" {
		w.Deadline = phaseWithin // that there is a release command was not seen, and there may be one
	}
	return w
}

// runs tells whether the release that was made runs. It never will once it failed, or a newer one does.
func (r rollback) runs(ctx context.Context, c *bot.Clients, made madeRelease, releases []heroku.Release) (bool, error) {
	for _, other := range releases {
		switch {
		case other.Version > made.Version && other.Current:
			return false, r.replaced(made, other)
		case other.ID != made.ID:
		case other.Status == heroku.Failed:
			return false, r.phaseFailed(made, printedBy(ctx, c, other))
		default:
			return other.Current, nil
		}
	}
	return false, nil
}

// up waits until all types run on the release that was made, and gives when that was seen. Since is when it was seen to be the current one.
func (r rollback) up(c *bot.Clients, made madeRelease, since time.Time) op.Watch[time.Time] {
	return op.Watch[time.Time]{
		Look: func(ctx context.Context) (time.Time, bool, error) {
			dynos, err := c.Heroku.Dynos(ctx, r.App)
			if err != nil {
				return time.Time{}, false, err
			}
			switch f := r.fleetOf(dynos, made.Version); {
			case f.newer:
				return time.Time{}, false, r.overtook(ctx, c, made)
			case f.crashed != nil:
				return time.Time{}, false, r.dynoFailed(ctx, c, made, *f.crashed, "crashed")
			case f.late != nil && time.Since(since) > dynosWithin:
				return time.Time{}, false, r.dynoFailed(ctx, c, made, *f.late, "was not up "+say.For(dynosWithin)+" later")
			default:
				return time.Now(), f.up, nil
			}
		},
		Every: dynosEvery, Deadline: 2 * dynosWithin,
	}
}

// dynosWithin is how long dynos may take until they are up. Heroku ends one of a web process that does not listen after 60 s.
const dynosWithin = 5 * time.Minute

// rising is how the dynos of a release come up.
type rising struct {
	up, newer     bool // all are up; some are of a newer release
	crashed, late *heroku.Dyno
}

// fleetOf tells how the dynos stand that are to run a release.
func (r rollback) fleetOf(dynos []heroku.Dyno, version int) (f rising) {
	found := map[string]bool{}
	for _, d := range dynos {
		if d.Type == "run" || d.Type == "scheduler" || d.Type == "release" {
			continue
		}
		switch {
		case d.Release > version:
			f.newer = true
		case d.Release == version && d.State == "crashed":
			f.crashed = &d
		case d.Release == version && d.State == "up":
			found[d.Type] = true
		default: // also one of before that still runs
			f.late = &d
		}
	}
	f.up = f.late == nil && f.crashed == nil
	for _, t := range r.Types {
		f.up = f.up && found[t]
	}
	return f
}

// overtook says whose release runs in place of ours.
func (r rollback) overtook(ctx context.Context, c *bot.Clients, made madeRelease) error {
	releases, err := c.Heroku.Releases(ctx, r.App, newestReleases)
	if err != nil {
		return err
	}
	if now, ok := heroku.Current(releases); ok && now.Version > made.Version {
		return r.replaced(made, now)
	}
	return fmt.Errorf("dynos of %s are of a newer release than v%d, and none is current", r.App, made.Version)
}

// logged are the last lines that a dyno logged, fit for a block of code; "" where they cannot be read.
func (r rollback) logged(ctx context.Context, c *bot.Clients, dyno string) string {
	stream, err := c.Heroku.LogSession(ctx, r.App, heroku.LogQuery{Dyno: dyno, Lines: 40})
	if err != nil {
		return ""
	}
	var text string
	_, _ = c.Heroku.ReadLogs(ctx, stream, "", func(l heroku.LogLine) { text += l.Text + "\n" }) // what came before an error counts
	return say.Tail(text, 12, 200)
}

// title names the release that was made, with what it is.
func (r rollback) title(made madeRelease) string {
	return fmt.Sprintf("%s (rollback to %s)", say.Code(made.name()), say.Code(r.To))
}

func named(d heroku.Dyno) string { return say.ForeignCode(d.Name, phrase.NameLimit) }
