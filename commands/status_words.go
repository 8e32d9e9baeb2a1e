package commands

import (
	"fmt"
	"slices"
	"strings"

	"slipway/bot"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// listed is how many changes a line of a list names; the rest is counted.
const listed = 8

// words draws the status: what is live, what is odd about it, and what comes next.
func (s *status) words() bot.Answer {
	p := &page{title: s.title()}
	for _, odd := range s.oddities() {
		p.line(":warning: " + odd)
	}
	s.liveLines(p)
	s.dynoLine(p)
	s.waitingLines(p)
	s.checkLines(p)
	s.runningLines(p)
	for _, text := range s.missing(s.now) {
		p.line(":grey_question: " + text)
	}
	return p.answer()
}

// title is the thing and its state.
func (s *status) title() string {
	name := "*" + s.app.Name + "*"
	switch {
	case s.live != nil && s.live.release.Version != s.live.code.Version:
		return fmt.Sprintf("%s %s runs *%s*, with the code of %s", s.light(), name, version(s.live.release), version(s.live.code))
	case s.live != nil:
		return fmt.Sprintf("%s %s runs *%s*", s.light(), name, version(s.live.release))
	case s.lost(fromHeroku, "releases"):
		return fmt.Sprintf(":grey_question: %s: what is live is not known", name)
	default:
		return fmt.Sprintf(":white_circle: %s has no release yet", name)
	}
}

func (s *status) light() string {
	if len(s.oddities()) > 0 {
		return ":large_yellow_circle:"
	}
	return ":large_green_circle:"
}

// oddities are what a person should know before anything else.
func (s *status) oddities() []string {
	var odd []string
	if s.heroku.app != nil && s.heroku.app.Maintenance {
		odd = append(odd, "Maintenance mode is on: visitors see the maintenance page.")
	}
	if r, ok := s.newest(); ok && s.live != nil && r.Version > s.live.release.Version {
		odd = append(odd, s.newerNotLive(r)...)
	}
	if s.wentBack() && s.live.code.Cause().Kind == heroku.Deploy {
		odd = append(odd, s.stepBack()+" An older run may have finished last.")
	}
	if crashed := s.crashed(); len(crashed) > 0 {
		odd = append(odd, "Crashed: "+strings.Join(crashed, ", ")+".")
	}
	return odd
}

// newerNotLive tells of a newest release that is not the one that runs. One that is still under way is not odd.
func (s *status) newerNotLive(r heroku.Release) []string {
	if r.Status == heroku.Pending {
		return nil
	}
	text := fmt.Sprintf("%s (%s) %s in its release phase at %s; %s still runs.", version(r), say.Escape(say.Cut(r.Description, 80)),
		say.Escape(r.Status), say.At(s.now, r.CreatedAt), version(s.live.release))
	if tail := lastLines(s.heroku.output, 6); tail != "" {
		text += "\n```" + tail + "```"
	}
	return []string{text}
}

// lastLines gives the end of an output, fit for a block of code.
func lastLines(output string, n int) string {
	output = strings.TrimSpace(say.Scrub(output))
	if output == "" {
		return ""
	}
	lines := strings.Split(output, "\n")
	lines = lines[max(0, len(lines)-n):]
	for i, l := range lines {
		lines[i] = say.Preformatted(say.Cut(strings.TrimRight(l, " \r"), 200))
	}
	return strings.Join(lines, "\n")
}

func (s *status) crashed() []string {
	var names []string
	for _, d := range s.heroku.dynos {
		if d.State == "crashed" {
			names = append(names, say.Code(d.Name)+" "+say.Ago(s.now, d.UpdatedAt))
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
	if r := s.live.release; r.Version != s.live.code.Version {
		p.line(fmt.Sprintf("%s: %s, by %s, %s", version(r), say.Escape(say.Cut(r.Description, 120)), say.Escape(r.By), say.At(s.now, r.CreatedAt)))
	}
	var changes []string
	if s.brought != nil {
		changes = s.changes(s.brought)
	}
	p.line(s.codeLine(len(changes) > 0))
	switch {
	case s.before == nil:
	case s.brought == nil && s.unplaced():
		p.line("New since " + version(s.before.code) + ": not known, because the commit of one of the two is not")
	case s.brought == nil:
	case s.wentBack():
		if s.live.code.Cause().Kind != heroku.Deploy { // else it stands among the oddities
			p.line(s.stepBack())
		}
	default:
		s.itemize(p, "New since "+version(s.before.code)+":", changes, s.brought)
	}
}

// unplaced tells whether one of the two commits cannot be found on GitHub, although GitHub answers.
func (s *status) unplaced() bool {
	lost := func(d *deployed) bool { return len(d.several) > 0 || d.missing || d.slug.ID != "" && d.commit == "" }
	return s.github.head != nil && (lost(s.live) || lost(s.before))
}

// wentBack tells whether the live code is older than the code before it.
func (s *status) wentBack() bool { return s.brought != nil && s.brought.Status == "behind" }

// stepBack says so.
func (s *status) stepBack() string {
	return fmt.Sprintf("%s took back %s of %s.", version(s.live.code), say.Count(s.brought.Behind, "commit", "commits"), version(s.before.code))
}

// codeLine says which commit runs and who released it when. Its title stands with the changes, where those are known.
func (s *status) codeLine(titled bool) string {
	c := s.live.code
	commit, known := s.commitWords(s.live)
	title := ""
	if known && !titled {
		title = s.commitTitle(s.live.commit)
	}
	who := fmt.Sprintf("by %s, %s", say.Escape(c.By), say.At(s.now, c.CreatedAt))
	switch {
	case c.Cause().Kind != heroku.Deploy:
		who = fmt.Sprintf("%s, %s", say.Escape(say.Cut(c.Description, 120)), who)
		if commit == "" {
			return who
		}
		return who + "\n" + commit + title
	case commit == "":
		return "Deployed " + who
	default:
		return commit + title + ", deployed " + who
	}
}

// commitWords names the commit that runs, or says why it cannot be named; known tells which.
func (s *status) commitWords(d *deployed) (words string, known bool) {
	sha := say.Code(short(d.slug.Commit))
	switch {
	case d.run != nil:
		return fmt.Sprintf("Commit %s (inferred: GitHub does not know the deployed commit %s, but %s was deploying then)",
			s.commitLink(d.commit), sha, runLink(*d.run)), true
	case len(d.several) > 0:
		names := make([]string, len(d.several))
		for i, run := range d.several {
			names[i] = runLink(run)
		}
		return fmt.Sprintf("Commit unknown (GitHub does not know the deployed commit %s, and several runs were deploying then: %s)",
			sha, strings.Join(names, ", ")), false
	case d.missing:
		return fmt.Sprintf("Commit %s (GitHub does not know it, and no run on %s was deploying then)", sha, say.Code(s.branch)), false
	case d.slug.ID == "":
		return "", false // the gaps say why
	case d.commit == "":
		return "Commit unknown (Heroku does not say from what it was built)", false
	}
	return "Commit " + s.commitLink(d.commit), true
}

// commitLink links a commit where the head of the branch tells how GitHub's links begin, which differs between hosts.
func (s *status) commitLink(sha string) string {
	if s.github.head == nil {
		return say.Code(short(sha))
	}
	return say.Link(strings.TrimSuffix(s.github.head.URL, s.github.head.SHA)+sha, short(sha))
}

// commitTitle gives the title of the pull request that a commit merged, when it is among those that were read.
func (s *status) commitTitle(sha string) string {
	for _, pull := range s.github.pulls {
		if pull.Merged && pull.MergeSHA == sha {
			return ": " + pullWords(pull)
		}
	}
	return ""
}

func pullWords(pull github.Pull) string {
	return fmt.Sprintf("%s %s, by %s", say.Link(pull.URL, fmt.Sprintf("#%d", pull.Number)), say.Escape(say.Cut(pull.Title, 100)),
		say.Escape(pull.Author))
}

func runLink(run github.Run) string {
	name := fmt.Sprintf("%s #%d", run.Name, run.Number)
	if run.Attempt > 1 {
		name += fmt.Sprintf(" (attempt %d)", run.Attempt)
	}
	return say.Link(run.URL, name)
}

func short(sha string) string { return sha[:min(len(sha), 7)] }

// itemize writes a heading with its items: on one line when there is one, below it when there are more.
func (s *status) itemize(p *page, heading string, items []string, span *github.Comparison) {
	if len(items) == 1 {
		p.line(heading + " " + items[0])
		return
	}
	if len(items) == 0 {
		p.line(heading + " nothing")
		return
	}
	p.line(heading)
	for i, item := range items {
		if i == listed {
			p.line("• " + say.Link(span.URL, fmt.Sprintf("and %d more", len(items)-listed)))
			return
		}
		p.line("• " + item)
	}
}

// dynoLine counts the dynos of each type against the formation, and names those that are not up.
func (s *status) dynoLine(p *page) {
	if s.lost(fromHeroku, "dynos") || s.live == nil {
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
		text := fmt.Sprintf("%s %d of %d up", say.Escape(proc.Type), up, proc.Quantity)
		for _, state := range sortedKeys(others) {
			text += fmt.Sprintf(", %d %s", others[state], say.Escape(state))
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		parts = []string{"none are scaled up"}
	}
	p.line("Dynos: " + strings.Join(parts, "; "))
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// waitingLines say what is merged and not live.
func (s *status) waitingLines(p *page) {
	if s.waiting == nil {
		return
	}
	items := s.changes(s.waiting)
	s.itemize(p, "Merged, not live:", items, s.waiting)
	if s.waiting.Behind > 0 {
		p.line(fmt.Sprintf("Live, not on %s: %s", say.Code(s.branch), say.Count(s.waiting.Behind, "commit", "commits")))
	}
}
