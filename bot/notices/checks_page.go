package notices

import (
	"fmt"
	"slices"
	"strings"

	"slipway/bot/phrase"
	"slipway/bot/say"
)

// checkLines is how many lines stand between the title and the small print.
const checkLines = 3

func (c checking) page(s verdict) page {
	p := page{title: fmt.Sprintf("%s *%s*: %s", s.emoji, phrase.PullTitle(c.Pull), s.text), small: c.small()}
	p.sentence = sentence(fmt.Sprintf("%s: %s", phrase.PullTitle(c.Pull), s.text))
	room := sectionLimit - len(p.title)
	for _, line := range c.lines() {
		if room -= len(line) + 1; room > 0 {
			p.lines = append(p.lines, line)
		}
	}
	return p
}

// lines are a line for each run that is not green, then what made way for it, and checks that are no jobs. After a fix, and
// of a new commit, there is nothing to tell of the runs one by one.
func (c checking) lines() []string {
	if c.Over {
		return []string{c.passed()}
	}
	var lines, rest []string
	if !c.untested {
		for _, r := range c.newest {
			if !r.green() {
				lines = append(lines, c.line(r))
			}
		}
	}
	if made := c.superseded(); made != "" {
		rest = append(rest, made)
	}
	if red := c.others(); red != "" {
		rest = append(rest, red)
	}
	if room := checkLines - len(rest); len(lines) > room {
		more := len(lines) - room
		lines = append(lines[:room-1:room-1], lines[room-1]+" · and "+say.Count(more, "more run", "more runs"))
	}
	if n := c.greens(); n > 0 && len(lines) > 0 {
		lines[len(lines)-1] += fmt.Sprintf(" · %s %s", good, say.Count(n, "other run", "other runs"))
	}
	return append(lines, rest...)
}

// line links a run and tells how it stands.
func (c checking) line(r run) string {
	text := r.line()
	switch {
	case r.needsAction():
		return fmt.Sprintf("%s: %s waits for a person to approve it", phrase.Run(r.Run), person)
	case r.failed() && len(c.known.Jobs(r.Run)) == 0 && r.Conclusion != "failure":
		return fmt.Sprintf("%s: %s%s", phrase.Run(r.Run), bad, strings.TrimPrefix(endedRed(r), say.Foreign(r.Name, phrase.NameLimit)))
	case r.going() && r.Attempt > 1:
		if by := c.rerunBy(r); by != "" {
			text += " · started by " + by
		}
	}
	return text
}

// rerunBy is who had an attempt run again, as far as is known.
func (c checking) rerunBy(r run) string {
	for _, f := range c.Newest() {
		if f.Run.ID == r.ID && f.Run.Attempt == r.Attempt {
			return say.Foreign(f.RerunBy, phrase.NameLimit)
		}
	}
	return ""
}

// passed names the runs that are green.
func (c checking) passed() string {
	var names []string
	for _, r := range c.newest {
		names = append(names, phrase.Run(r.Run))
	}
	return phrase.Some(names, " · ") + " passed"
}

func (c checking) greens() (n int) {
	for _, r := range c.newest {
		if r.green() {
			n++
		}
	}
	return n
}

// superseded tells which run made way for one that stands now.
func (c checking) superseded() string {
	for _, f := range slices.Backward(c.Runs) {
		by, ok := c.known.Superseded(f.Run)
		if ok && slices.ContainsFunc(c.newest, func(r run) bool { return r.ID == by.ID }) {
			return fmt.Sprintf("%s %s was superseded by %s", idle, phrase.Run(f.Run), phrase.Run(by))
		}
	}
	return ""
}

// others name what is red at the head besides jobs.
func (c checking) others() string {
	var names []string
	for _, one := range c.known.Statuses(c.Head()) {
		if one.State == "failure" || one.State == "error" {
			names = append(names, say.Link(one.URL, say.Cut(say.Scrub(one.Context), phrase.NameLimit)))
		}
	}
	for _, one := range c.known.Checks(c.Head()) {
		if phrase.Failed(one.Conclusion) {
			names = append(names, say.Link(one.URL, say.Cut(say.Scrub(one.Name), phrase.NameLimit)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	if len(names) > namedJobs {
		names = append(names[:namedJobs], fmt.Sprintf("and %d more", len(names)-namedJobs))
	}
	return fmt.Sprintf("%s %s", bad, strings.Join(names, " · "))
}

// small are which repository, whose pull request and which commit.
func (c checking) small() []string {
	head := c.Head()
	if c.untested {
		head = c.Pull.HeadSHA
	}
	list := []string{say.Escape(c.app.Repo.Name)}
	if c.Pull.Author != "" {
		list = append(list, "by "+say.Foreign(c.Pull.Author, phrase.NameLimit))
	}
	return append(list, phrase.Commit(head, c.known.CommitURL(head)))
}
