package notices

import (
	"fmt"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// state is what is said of a change.
type state struct {
	emoji  string
	text   string
	lines  []string // before those of the runs
	failed bool     // somebody must act
}

// What the emoji of a change's states are.
const (
	good    = ":white_check_mark:"
	going   = ":hourglass_flowing_sand:"
	bad     = ":x:"
	odd     = ":warning:"
	idle    = ":heavy_minus_sign:"
	back    = ":leftwards_arrow_with_hook:"
	person  = ":raised_hand:"
	unknown = ":grey_question:"
)

// state finds what is said: what runs comes before what was tried, and that before how the runs stand.
func (c change) state() state {
	switch c.Kind {
	case ledger.Running:
		return c.live()
	case ledger.Releasing:
		return state{emoji: going, text: fmt.Sprintf("built, the release phase of %s runs", c.Release)}
	case ledger.Broken:
		if again := c.again(); again > 0 {
			return state{emoji: going, text: fmt.Sprintf("failed, runs again (attempt %d)", again)}
		}
		return c.broken()
	case ledger.TakenBack:
		return c.takenBack()
	}
	switch {
	case c.any(run.waits):
		return state{emoji: person, text: fmt.Sprintf("%s, %s waits for an approval", c.landed(), c.named(run.waits))}
	case c.any(run.red):
		return c.failing()
	case c.again() > 0:
		return c.rerun()
	case c.any(run.going), c.builds(heroku.Pending):
		return c.underWay()
	case c.builds(heroku.Failed):
		return state{emoji: bad, text: "its build failed" + c.meanwhile(), failed: true}
	case len(c.runs) > 0:
		return c.over()
	}
	return c.noRun()
}

// live says since when the change runs, with which other change, and what failed all the same.
func (c change) live() state {
	s := state{emoji: good, text: "live in " + c.Release.String()}
	own := c.Placed.Commit == c.Head || c.Placed.Commit == c.SHA
	if with, ok := c.others[c.Placed.Commit]; ok && !own {
		s.text += ", with " + c.short(with)
	}
	if red, ok := c.first(run.failed); ok && own {
		s.emoji, s.failed = odd, true
		s.text += ", and " + phrase.Run(red.Run) + " failed"
	}
	s.lines = []string{"Live since " + say.Date(c.liveAt()) + c.took()}
	return s
}

// took is how long it took from the landing to live.
func (c change) took() string {
	took := c.liveAt().Sub(c.At).Round(time.Second)
	switch {
	case took <= 0:
		return ""
	case c.Latest:
		return fmt.Sprintf(" at the latest, %s after the %s", say.For(took), c.landing())
	}
	return fmt.Sprintf(", %s after the %s", say.For(took), c.landing())
}

func (c change) liveAt() time.Time {
	if c.Release.Status == heroku.Succeeded {
		return later(c.Release.CreatedAt, c.Release.UpdatedAt)
	}
	return c.Release.CreatedAt // it was touched since
}

// broken tells of a release whose command failed.
func (c change) broken() state {
	s := state{emoji: bad, failed: true, text: fmt.Sprintf("built, the release phase of %s failed%s", c.Release, c.meanwhile())}
	if output, ok := c.scene.known.Output(c.Release); ok {
		if tail := say.Tail(output, 1, outputWidth); tail != "" {
			s.lines = []string{"`" + tail + "`"}
		}
	}
	return s
}

// outputWidth is how much of the last line of an output is shown, in characters.
const outputWidth = 150

// takenBack tells what runs in place of the change.
func (c change) takenBack() state {
	why := ""
	switch cause := c.Next.Cause(); cause.Kind {
	case heroku.Rollback:
		why = fmt.Sprintf(" (rolled back to v%d)", cause.Version)
	case heroku.Deploy:
		why = " (a deploy of a commit without it)"
	}
	since := say.Date(c.liveAt())
	if c.Latest {
		since += " at the latest"
	}
	return state{
		emoji: back, text: fmt.Sprintf("was live in %s, taken back by %s%s", c.Release, c.Next, why),
		lines: []string{fmt.Sprintf("Live from %s to %s", since, say.Date(c.Next.CreatedAt))},
	}
}

// failing tells what is red, and that it is not deployed once that is sure.
func (c change) failing() state {
	s := state{emoji: bad, failed: true}
	switch {
	case c.any(run.going):
		s.text = fmt.Sprintf("%s, %s failed, %s still runs", c.landed(), c.redName(), c.named(run.going))
		s.failed = c.any(run.failed)
	case c.Kind == ledger.Unclear:
		s.text = fmt.Sprintf("%s, %s failed; %s", c.landed(), c.redName(), c.unclear())
	case c.any(run.shipFailed):
		s.text = c.landed() + ", the deploy failed" + c.meanwhile()
	case c.any(run.shipped):
		s.text = fmt.Sprintf("%s, %s failed, and the release of it is not known yet%s", c.landed(), c.redName(), c.meanwhile())
	default:
		s.text = c.landed() + ", not deployed" + c.meanwhile()
	}
	return s
}

// rerun tells of an attempt after another, and that this failed if it did.
func (c change) rerun() state {
	r, _ := c.first(run.repeats)
	text := fmt.Sprintf("runs again (attempt %d)", r.Attempt)
	if before, ok := c.scene.known.Attempt(r.Run, r.Attempt-1); ok && phrase.Failed(before.Conclusion) {
		text = "failed, " + text
	}
	return state{emoji: going, text: text}
}

// underWay tells how far it is.
func (c change) underWay() state {
	switch {
	case c.builds(heroku.Pending), c.any(run.shipping):
		return state{emoji: going, text: "deploying"}
	case c.any(run.begun):
		return state{emoji: going, text: fmt.Sprintf("%s, %s runs", c.landed(), c.named(run.going))}
	}
	return state{emoji: going, text: fmt.Sprintf("%s, %s is queued", c.landed(), c.named(run.going))}
}

// over tells why nothing was deployed although nothing is red.
func (c change) over() state {
	if c.Kind == ledger.Unclear {
		return c.doubtful()
	}
	s := state{emoji: idle}
	switch {
	case c.any(run.needsAction):
		return state{emoji: person, text: fmt.Sprintf("%s, %s waits for a person to approve it", c.landed(), c.named(run.needsAction))}
	case c.any(run.shipped):
		return state{emoji: going, text: fmt.Sprintf("%s deployed it, and its release is not known yet%s", c.named(run.shipped), c.meanwhile())}
	case c.any(run.cancelled):
		s.text = "its run " + c.cancelled()
	case c.any(run.passed) && c.any(run.shipSkipped):
		s.text = "passed, the deploy was skipped"
	case c.any(run.passed):
		s.text = "passed, nothing was deployed"
	default:
		s.text = "its run ended as " + say.Foreign(strings.ReplaceAll(c.runs[0].Conclusion, "_", " "), phrase.NameLimit)
	}
	s.text += c.meanwhile()
	return s
}

// cancelled tells why a run was.
func (c change) cancelled() string {
	for _, r := range c.runs {
		by, ok := c.scene.known.Superseded(r.Run)
		if !r.cancelled() || !ok {
			continue
		}
		text := "made way for " + phrase.Run(by)
		if other, ok := c.others[by.SHA]; ok && by.SHA != c.SHA {
			text += " (of " + c.short(other) + ")"
		}
		return text
	}
	return "was cancelled"
}

// noRun tells that nothing runs on it, once that is news.
func (c change) noRun() state {
	due := c.At.Add(runWithin)
	switch {
	case c.Kind == ledger.Unclear:
		return c.doubtful()
	case c.Quiet:
		return state{emoji: idle, text: c.landed() + ", no run is expected" + c.meanwhile()}
	case c.scene.now.Before(due):
		c.scene.again(due)
		return state{emoji: going, text: c.landed() + ", waiting for its run"}
	case c.scene.known.ReadAt(ledger.Runs).Before(due): // a webhook may be lost or late
		return state{emoji: going, text: c.landed() + ", waiting for its run"}
	}
	return state{emoji: odd, text: c.landed() + ", and no run has begun" + c.meanwhile()}
}

// runWithin is how long after a push its run has begun (facts/github.md §8.2).
const runWithin = 3 * time.Minute

// meanwhile says what runs in place of the change: "; v122 still runs".
func (c change) meanwhile() string {
	live, ok := c.scene.known.Live()
	switch {
	case !ok:
		return ""
	case live.Release.CreatedAt.After(c.At) && !live.Code.CreatedAt.After(c.At):
		return fmt.Sprintf("; the code of %s still runs (%s)", live.Code, live.Release)
	case live.Release.CreatedAt.After(c.At):
		return fmt.Sprintf("; %s runs", live.Release)
	}
	return fmt.Sprintf("; %s still runs", live.Release)
}

// doubtful tells that it is not known whether the change runs, and whether that is still to be read.
func (c change) doubtful() state {
	s := state{emoji: unknown, text: c.landed() + "; " + c.unclear()}
	if c.Placed.Place == ledger.Unread {
		s.emoji = going
	}
	return s
}

func (c change) unclear() string {
	if c.Placed.Place == ledger.Unread {
		return fmt.Sprintf("the code of %s, which runs, is not read yet", c.Release)
	}
	return fmt.Sprintf("whether %s, which runs, has it is not known", c.Release)
}

func (c change) builds(status string) bool { return c.build != nil && c.build.Status == status }
