package hold

import (
	"fmt"
	"strings"
	"time"

	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// reasonLimit is how much of a reason is shown, in characters.
const reasonLimit = 200

// page is the board of a hold.
func (h Hold) page(now time.Time, runs []stopped) page {
	emoji, state := ":no_entry:", "automatic deploys are held"
	switch {
	case h.why == replaced:
		emoji, state = ":white_check_mark:", "this hold has ended"
	case !h.ended.IsZero():
		emoji, state = ":white_check_mark:", "automatic deploys go on; the hold has ended"
	}
	p := page{
		sentence: fmt.Sprintf("%s: %s", say.Foreign(h.App, phrase.NameLimit), state),
		lines:    []string{fmt.Sprintf("%s *%s*: %s", emoji, say.Foreign(h.App, phrase.NameLimit), state)},
		small:    fmt.Sprintf("Set by <@%s> · %s", h.By, say.Day(h.At)),
	}
	if h.ended.IsZero() {
		p.lines = append(p.lines, h.about()...)
	}
	if h.Reason != "" {
		p.lines = append(p.lines, "Why: "+say.Foreign(h.Reason, reasonLimit))
	}
	p.lines = append(p.lines, stoppedLines(runs)...)
	switch {
	case h.ended.IsZero():
		p.lines = append(p.lines, h.untilLine())
		if h.blind {
			p.lines = append(p.lines, ":warning: No workflow is known that deploys, so no run is stopped: name it in `.slipway.yml` as `deploy.workflow`.")
		}
	default:
		p.lines = append(p.lines, h.endLine())
	}
	return p
}

// about is what is held.
func (h Hold) about() (lines []string) {
	switch {
	case h.FromRollback():
		lines = append(lines, "Runs that would ship again what the rollback"+h.toBack()+" took back are stopped; all others go on.")
	default:
		lines = append(lines, "No run that deploys goes on.")
	}
	if len(h.Allowed) > 0 {
		names := make([]string, len(h.Allowed))
		for i, n := range h.Allowed {
			names[i] = fmt.Sprintf("#%d", n)
		}
		lines = append(lines, "May deploy all the same: "+phrase.Some(names, ", "))
	}
	return lines
}

func (h Hold) toBack() string {
	if h.Back == "" {
		return ""
	}
	return " to " + say.Foreign(h.Back, phrase.NameLimit)
}

// stoppedLines are a line for each run.
func stoppedLines(runs []stopped) (lines []string) {
	for i, r := range runs {
		if i == phrase.Listed {
			return append(lines, fmt.Sprintf("and %s", say.Count(len(runs)-i, "more run", "more runs")))
		}
		emoji, words := r.words()
		lines = append(lines, fmt.Sprintf("%s %s: %s", emoji, r.name, words))
	}
	return lines
}

// words are how far the stopping of a run is.
func (s stopped) words() (emoji, words string) {
	switch s.state {
	case asked:
		return ":hourglass_flowing_sand:", "it is being cancelled"
	case cancelled:
		return ":heavy_minus_sign:", "cancelled"
	case late:
		return ":warning:", "not stopped, its push had begun"
	case refused:
		return ":x:", "not stopped, GitHub refused: " + s.said
	case unwritten:
		return ":warning:", "not stopped, slipway only reads here"
	case over:
		return ":white_check_mark:", "ended before it shipped anything"
	case passed:
		return ":white_check_mark:", "goes on, the hold ended first"
	}
	if s.said != "" {
		return ":warning:", "not stopped yet: " + s.said
	}
	return ":hourglass_flowing_sand:", "to be cancelled"
}

// untilLine is when a hold ends by itself.
func (h Hold) untilLine() string {
	switch {
	case h.FromRollback():
		return "It ends by itself when the branch no longer has what was taken back."
	case h.Until.IsZero():
		return "It holds until somebody ends it."
	}
	return "It ends by itself: " + say.Day(h.Until) + "."
}

// replaced is why a hold ends in whose place another is set. It is stored for ever.
const replaced = "another hold took its place"

// endLine is how it ended.
func (h Hold) endLine() string {
	who := "by itself"
	if h.endBy != "" {
		who = fmt.Sprintf("by <@%s>", h.endBy)
	}
	line := fmt.Sprintf("Ended %s · %s", who, say.Day(h.ended))
	if h.why != "" {
		line += ": " + h.why
	}
	return line
}

// end is the note in the thread: what did not ship meanwhile, and how it does now. Who set the hold is called if somebody or something
// else ended it.
func (h Hold) end(runs []stopped, again bool) string {
	lines := []string{h.endLine()}
	switch {
	case h.endBy == h.By:
	case h.why == replaced:
		lines[0] = fmt.Sprintf("<@%s>: %s · %s", h.By, replaced, say.Day(h.ended))
	default:
		lines[0] = fmt.Sprintf("<@%s>: automatic deploys go on. %s", h.By, lines[0])
	}
	var links []string
	for _, r := range runs {
		if r.state == cancelled {
			links = append(links, r.name)
		}
	}
	switch meanwhile := "Cancelled meanwhile: " + phrase.Some(links, ", "); {
	case len(links) == 0, h.why == replaced:
	case again:
		lines = append(lines, fmt.Sprintf("%s. Nothing starts by itself: press *%s* above, or type %s", meanwhile, runAgain, say.Code(h.rerun())))
	default:
		lines = append(lines, meanwhile+". The branch has gone on since: what runs there now has it, too.")
	}
	return strings.Join(lines, "\n")
}

// runAgain is the button that offers to deploy what was cancelled.
const runAgain = "Run again"

func (h Hold) rerun() string { return "/deploy rerun of " + h.App }

// reminder calls whoever set a hold.
func (h Hold) reminder(now time.Time) string {
	return fmt.Sprintf("%s. It ends with %s", h.Line(now, "<@"+h.By+">"), say.Code("/deploy unhold of "+h.App))
}

// page is the message about a run that was not stopped; urgent: somebody must act.
func (s stopped) page(repo string) (p page, urgent bool) {
	emoji, words := s.words()
	p = page{
		sentence: fmt.Sprintf("%s: a run that deploys while it is held: %s", say.Foreign(s.App, phrase.NameLimit), words),
		lines:    []string{fmt.Sprintf("%s *%s*, %s: %s", emoji, say.Foreign(s.App, phrase.NameLimit), s.name, words)},
	}
	switch s.state {
	case cancelled, over, passed, asked:
		return p, false
	case late:
		p.lines = append(p.lines, fmt.Sprintf("<@%s>: automatic deploys are held, and this one ships all the same.", s.By))
	default:
		p.lines = append(p.lines, fmt.Sprintf("<@%s>: automatic deploys are held, and this one goes on until somebody cancels it.", s.By),
			say.ByHand([]string{fmt.Sprintf("gh run cancel %d -R %s", s.run, repo)}))
	}
	return p, true
}

// page is the message about a release that brought back what was taken away.
func (w watch) page(version string) page {
	return page{
		sentence: fmt.Sprintf("%s: %s brings back what the rollback%s took back", say.Foreign(w.App, phrase.NameLimit), version, w.toBack()),
		lines: []string{
			fmt.Sprintf(":octagonal_sign: *%s*: %s brings back what the rollback%s took back", say.Foreign(w.App, phrase.NameLimit), version, w.toBack()),
			fmt.Sprintf("<@%s>: a late build, or somebody by hand, ships it again.", w.By),
			say.ByHand([]string{fmt.Sprintf("heroku rollback %s -a %s", w.Back, w.App)}),
		},
	}
}

// trouble is why GitHub did not do something, in words for people.
func trouble(e *github.Error) string {
	switch e.Kind {
	case github.Unreachable:
		return "GitHub did not answer"
	case github.SlowDown, github.OutOfQuota:
		return "GitHub takes no more requests for now"
	}
	return say.Foreign(string(e.Kind), phrase.NameLimit)
}

// Line is a hold in one line, for an answer about its app. Who set it is named as the answer names people: mrkdwn.
func (h Hold) Line(now time.Time, who string) string {
	what, end := "Automatic deploys", "until somebody ends it"
	switch {
	case h.FromRollback():
		what, end = "Deploys of what the rollback"+h.toBack()+" took back", "until the branch no longer has it"
	case !h.Until.IsZero():
		end = "until " + say.At(now, h.Until)
	}
	line := fmt.Sprintf("%s are held by %s since %s, %s", what, who, say.At(now, h.At), end)
	if h.Reason != "" {
		line += ": " + say.Foreign(h.Reason, reasonLimit)
	}
	return line
}
