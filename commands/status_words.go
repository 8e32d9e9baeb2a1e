package commands

import (
	"fmt"
	"maps"
	"slices"

	"slipway/bot"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// words draws the status: what is live, what is odd about it, and what comes next.
func (s *status) words() bot.Answer {
	p := &page{title: s.title()}
	for _, odd := range s.oddities() {
		p.line(":warning: " + odd)
	}
	if s.held != nil {
		p.line(":no_entry: " + s.held.Line(s.now, s.held.by))
	}
	s.liveLines(p)
	s.dynoLine(p)
	s.waitingLines(p)
	s.checkLines(p)
	s.runningLines(p)
	s.sureLines(p, s.now)
	return p.answer()
}

// title is the thing and its state.
func (s *status) title() string {
	name := "*" + s.name + "*"
	switch {
	case s.live != nil && s.live.Release.Version != s.live.Code.Version:
		return fmt.Sprintf("%s %s runs *%s*, with the code of %s", s.light(), name, version(s.live.Release), version(s.live.Code))
	case s.live != nil:
		return fmt.Sprintf("%s %s runs *%s*", s.light(), name, version(s.live.Release))
	case s.lost(ledger.Releases), len(s.heroku.releases) >= releasesRead:
		return fmt.Sprintf(":grey_question: %s: what is live is not known", name)
	default:
		return fmt.Sprintf(":white_circle: %s runs nothing yet", name)
	}
}

// light is red when visitors meet nothing but errors. It is green only when nothing is odd, and nothing that would show it is missing.
func (s *status) light() string {
	if s.down() {
		return ":red_circle:"
	}
	if len(s.oddities()) > 0 {
		return ":large_yellow_circle:"
	}
	for _, what := range []ledger.List{ledger.Releases, ledger.Dynos, ledger.Formation, ledger.Apps} {
		if s.lost(what) {
			return ":white_circle:"
		}
	}
	switch {
	case s.short():
		return ":large_yellow_circle:"
	case s.stale(ledger.Heroku): // it was green
		return ":white_circle:"
	}
	return ":large_green_circle:"
}

// short tells whether fewer dynos are up than the formation says.
func (s *status) short() bool {
	return slices.ContainsFunc(s.heroku.formation, func(p heroku.Process) bool {
		up := 0
		for _, d := range s.heroku.dynos {
			if d.Type == p.Type && d.State == "up" {
				up++
			}
		}
		return p.Type != "release" && up < p.Quantity
	})
}

// down tells whether there should be web dynos, and none of them serves or is about to.
func (s *status) down() bool {
	wanted := slices.ContainsFunc(s.heroku.formation, func(p heroku.Process) bool { return p.Type == "web" && p.Quantity > 0 })
	serves := slices.ContainsFunc(s.heroku.dynos, func(d heroku.Dyno) bool {
		return d.Type == "web" && d.State != "crashed" && d.State != "down"
	})
	return wanted && !serves && s.live != nil && !s.lost(ledger.Dynos) && !s.lost(ledger.Formation)
}

// oddities are what a person should know before anything else.
func (s *status) oddities() []string {
	var odd []string
	if s.sight.Others > 0 {
		odd = append(odd, fmt.Sprintf("Somebody else runs with my app token since %s: %s. I change nothing until they are gone; `/deploy doctor` says what to do.",
			say.At(s.now, s.sight.Since), say.Count(s.sight.Others, "connection to Slack is not mine", "connections to Slack are not mine")))
	}
	if unknown := s.unknownWords(); unknown != "" {
		odd = append(odd, unknown)
	}
	if s.heroku.app != nil && s.heroku.app.Maintenance {
		odd = append(odd, "Maintenance mode is on: visitors see the maintenance page.")
	}
	if r, ok := s.failedSince(); ok {
		odd = append(odd, s.failedWords(r))
	} else if r, ok := s.strangeSince(); ok {
		odd = append(odd, fmt.Sprintf("%s is newer and marked %s; %s runs.", version(r), say.ForeignCode(r.Status, phrase.NameLimit), version(s.live.Release)))
	}
	if s.wentBack() && s.live.Code.Cause().Kind == heroku.Deploy {
		odd = append(odd, s.stepBack()+" An older run may have finished last.")
	}
	if crashed := s.crashed(); len(crashed) > 0 {
		odd = append(odd, "Crashed: "+phrase.Some(crashed, ", ")+".")
	}
	if s.down() {
		odd = append(odd, s.downWords())
	}
	return odd
}

// downWords say what visitors meet, and where to look.
func (s *status) downWords() string {
	text := "No web dyno is up"
	if s.heroku.app == nil || !s.heroku.app.Maintenance {
		text += ", so visitors meet errors"
	}
	return fmt.Sprintf("%s. %s shows why; %s starts all dynos anew.",
		text, say.Code("heroku logs --tail -a "+s.app.Name), say.Code("/deploy restart "+s.app.Name))
}

// failedWords tells of a release that failed and of what its release phase printed last.
func (s *status) failedWords(r heroku.Release) string {
	how := "failed"
	output, _ := s.known.Output(r)
	if output != "" || s.hasReleasePhase() {
		how = "failed in its release phase"
	}
	text := fmt.Sprintf("%s (%s) %s at %s; ", version(r), say.Foreign(r.Description, phrase.TitleLimit), how, say.At(s.now, r.UpdatedAt))
	if s.live == nil {
		text += "nothing runs yet."
	} else {
		text += version(s.live.Release) + " still runs."
	}
	if tail := say.Tail(output, 6, 200); tail != "" {
		text += "\n```" + tail + "```"
	}
	return text
}

// hasReleasePhase tells whether there is a release command: a formation of type release (facts/heroku.md, "Reading what is
// live").
func (s *status) hasReleasePhase() bool {
	return slices.ContainsFunc(s.heroku.formation, func(p heroku.Process) bool { return p.Type == "release" })
}

// strangeSince is the newest release after the live one that has ended, did not fail, and does not run all the same.
func (s *status) strangeSince() (heroku.Release, bool) {
	for _, r := range s.heroku.releases {
		if s.live != nil && r.Version > s.live.Release.Version && r.Status != heroku.Failed && r.Status != heroku.Pending {
			return r, true
		}
	}
	return heroku.Release{}, false
}

func (s *status) crashed() []string {
	var names []string
	for _, d := range s.heroku.dynos {
		if d.State == "crashed" {
			names = append(names, say.ForeignCode(d.Name, phrase.NameLimit)+" "+say.Ago(s.now, d.UpdatedAt))
		}
	}
	slices.Sort(names)
	return names
}

// liveLines say how the live release came to be, from which commit, and what it brought.
func (s *status) liveLines(p *page) {
	if s.live == nil {
		return
	}
	if r := s.live.Release; r.Version != s.live.Code.Version {
		p.line(fmt.Sprintf("%s: %s, by %s, %s", version(r), say.Foreign(r.Description, phrase.TitleLimit), say.Foreign(r.By, phrase.NameLimit), say.At(s.now, r.CreatedAt)))
	}
	var changes []string
	if s.brought != nil {
		changes = s.changes(s.brought)
	}
	s.codeLines(p, len(changes) > 0)
	switch {
	case s.before == nil && len(s.heroku.releases) >= releasesRead:
		p.line(fmt.Sprintf("New with it: not known, because it is older than the last %d releases", releasesRead))
	case s.before == nil:
	case s.wentBack():
		if s.live.Code.Cause().Kind != heroku.Deploy { // else it stands among the oddities
			p.line(s.stepBack())
		}
	case s.brought != nil:
		s.itemize(p, "New since "+version(s.before.Code)+":", changes, s.brought)
	case s.live.Unplaced() || s.before.Unplaced():
		p.line("New since " + version(s.before.Code) + ": not known, because the commit of one of the two is not")
	}
}

// wentBack tells whether the live code is older than the code before it.
func (s *status) wentBack() bool { return s.brought != nil && s.brought.Status == "behind" }

// stepBack says so.
func (s *status) stepBack() string {
	return fmt.Sprintf("%s took back %s of %s.", version(s.live.Code), say.Count(s.brought.Behind, "commit", "commits"), version(s.before.Code))
}

// codeLines say which commit runs and who released it when. Its title stands with the changes, where those are known.
func (s *status) codeLines(p *page, titled bool) {
	c := s.live.Code
	commit := s.commitWords(s.live)
	if s.live.Commit != "" && !titled {
		commit += s.commitTitle(s.live.Commit)
	}
	who := fmt.Sprintf("by %s, %s", say.Foreign(c.By, phrase.NameLimit), say.At(s.now, c.CreatedAt))
	switch {
	case c.Cause().Kind != heroku.Deploy:
		p.line(fmt.Sprintf("%s, %s", say.Foreign(c.Description, phrase.TitleLimit), who))
		if commit != "" {
			p.line(commit)
		}
	case commit == "":
		p.line("Deployed " + who)
	default:
		p.line(commit + ", deployed " + who)
	}
}

// itemize writes a heading with its items: on one line when there is one, below it when there are more.
func (s *status) itemize(p *page, heading string, items []string, span *github.Comparison) {
	switch {
	case span.Ahead == 0:
		p.line(heading + " nothing")
	case span.Truncated || len(items) == 0:
		p.line(heading + " " + say.Link(span.URL, say.Count(span.Ahead, "commit", "commits")))
	case len(items) == 1:
		p.line(heading + " " + items[0])
	default:
		p.line(heading)
		for _, item := range items[:min(len(items), phrase.Listed)] {
			p.line("• " + item)
		}
		if more := len(items) - phrase.Listed; more > 0 {
			p.line("• " + say.Link(span.URL, fmt.Sprintf("and %d more", more)))
		}
	}
}

// dynoLine counts the dynos of each type against the formation, and names those that are not up.
func (s *status) dynoLine(p *page) {
	if s.lost(ledger.Dynos) || s.lost(ledger.Formation) || s.live == nil {
		return
	}
	var parts []string
	for _, proc := range s.heroku.formation {
		if proc.Quantity == 0 || proc.Type == "release" {
			continue
		}
		up, others := 0, map[string]int{}
		for _, d := range s.heroku.dynos {
			switch {
			case d.Type != proc.Type:
			case d.State == "up":
				up++
			default:
				others[d.State]++
			}
		}
		text := fmt.Sprintf("%s %d of %d up", say.Foreign(proc.Type, phrase.NameLimit), up, proc.Quantity)
		for _, state := range slices.Sorted(maps.Keys(others)) {
			text += fmt.Sprintf(", %d %s", others[state], say.Foreign(state, phrase.NameLimit))
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		parts = []string{"none are scaled up"}
	}
	p.line("Dynos: " + phrase.Some(parts, "; "))
}

// waitingLines say what is merged and not live.
func (s *status) waitingLines(p *page) {
	if s.waiting == nil {
		if s.live != nil && s.live.Unplaced() {
			p.line("Merged, not live: not known, because the deployed commit is not")
		}
		return
	}
	s.itemize(p, "Merged, not live:", s.changes(s.waiting), s.waiting)
	if s.waiting.Behind > 0 {
		p.line(fmt.Sprintf("Live, not on %s: %s", say.ForeignCode(s.branch, phrase.NameLimit), say.Count(s.waiting.Behind, "commit", "commits")))
	}
}
