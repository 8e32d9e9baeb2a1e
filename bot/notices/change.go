package notices

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// change is what one merge or direct push put on the deploy branch, with what became of it.
type change struct {
	ledger.Landing
	ledger.Fate
	scene  *scene
	runs   []run
	build  *heroku.Build // that Heroku made of it; nil: none is known
	undo   *undo         // nil: that is not known, or there is nothing to take back
	others map[string]ledger.Landing
}

// changes tell of each change from the merge to the release that runs it.
func (s *scene) changes() []notice {
	if !s.settings.Notify.Changes {
		return nil
	}
	landed := s.known.Landed()
	others := map[string]ledger.Landing{}
	for _, l := range landed {
		others[l.SHA] = l
	}
	fates := s.known.Fates()
	var list []notice
	var told []change
	for _, l := range landed {
		if s.told(l.At) && s.now.Sub(l.At) < oldChange {
			told = append(told, change{Landing: l, Fate: fates.Of(l), scene: s, others: others})
		}
	}
	for _, c := range told {
		c.runs, c.build = s.runsOf(c.Head), s.buildOf(c.SHA)
		if s.wanted(c.key(), c.news()) {
			c.undo = c.undoOf(fates, told)
			list = append(list, c.notices()...)
		}
	}
	return list
}

func (c change) key() board.Key {
	return board.Key(fmt.Sprintf("change %s %s", c.scene.app.Name, c.SHA))
}

// oldChange is how long after a change landed its message is still touched when there is news of it.
const oldChange = 7 * 24 * time.Hour

// news is when something last happened to the change.
func (c change) news() time.Time {
	last := c.At
	for _, t := range []time.Time{c.Release.CreatedAt, c.Next.CreatedAt} {
		last = later(last, t)
	}
	for _, r := range c.runs {
		last = later(last, r.UpdatedAt)
	}
	return last
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// runsOf are the runs on a commit, the newest of each workflow file, by the file's path. Its name does not tell two files
// apart.
func (s *scene) runsOf(sha string) []run {
	newest := map[string]github.Run{}
	for _, r := range s.known.BranchRuns() {
		if known, ok := newest[r.Path]; r.SHA == sha && (!ok || r.ID > known.ID) {
			newest[r.Path] = r
		}
	}
	var list []run
	for _, path := range slices.Sorted(maps.Keys(newest)) {
		r := run{Run: newest[path], jobs: s.known.Standing(newest[path])}
		for _, j := range r.jobs {
			if s.known.Ships(r.Run, j) {
				r.ships = append(r.ships, s.sent(r.Run, j))
			}
		}
		list = append(list, r)
	}
	return list
}

// sent is a job that ships, as skipped if it passed without the steps that do: their conditions were not met.
func (s *scene) sent(r github.Run, job github.Job) github.Job {
	skipped := false
	for _, step := range job.Steps {
		switch {
		case !s.known.Ships(r, github.Job{Steps: []github.Step{step}}):
		case step.Conclusion != "skipped":
			return job
		default:
			skipped = true
		}
	}
	if skipped && job.Conclusion == "success" {
		job.Conclusion = "skipped"
	}
	return job
}

// buildOf is the newest build of a commit.
func (s *scene) buildOf(sha string) *heroku.Build {
	for _, b := range s.known.Builds() {
		if b.Commit == sha {
			return &b
		}
	}
	return nil
}

// notices are the message and, in its thread, the call of who must act.
func (c change) notices() []notice {
	state := c.state()
	key := c.key()
	list := []notice{{key: key, page: c.page(state), urgent: state.failed}}
	if recipe, ok := c.recipe(); ok {
		list = append(list, recipe)
	}
	if call := c.call(); state.failed && call != "" {
		list = append(list, notice{key: key + " failed", parent: key, urgent: true, page: page{sentence: call, title: call}})
	}
	return list
}

// page says the state first, then how the runs stand.
func (c change) page(s state) page {
	p := page{title: fmt.Sprintf("%s *%s%s*: %s", s.emoji, c.scene.whose(), c.title(), s.text), small: c.small(), buttons: c.buttons()}
	room := sectionLimit - len(p.title)
	lines := s.lines
	if c.undo != nil && c.undoLine() != "" {
		lines = append(lines, c.undoLine())
	}
	for _, line := range append(lines, c.runLines()...) {
		if room -= len(line) + 1; room > 0 {
			p.lines = append(p.lines, line)
		}
	}
	told := fmt.Sprintf("%s, %s: %s", c.scene.name(), c.title(), s.text)
	if red := c.redWords(phrase.Matrix.FailedTitle); s.failed && red != "" {
		told += "; " + red
	}
	p.sentence = sentence(told)
	return p
}

// sectionLimit is Slack's for the text of a section (facts/slack.md).
const sectionLimit = 3000

// title links the change and names it.
func (c change) title() string {
	if c.Pull != nil {
		return phrase.PullTitle(*c.Pull)
	}
	return c.subject()
}

// subject is the first line of the last commit's message.
func (c change) subject() string {
	line, _, _ := strings.Cut(strings.TrimSpace(c.Last.Message), "\n")
	if line = say.Foreign(line, phrase.TitleLimit); line != "" {
		return line
	}
	return "Commit " + phrase.Short(c.SHA)
}

// short names the change in another one's message: "#46", or its commit.
func (c change) short(l ledger.Landing) string {
	if l.Pull != nil {
		return say.Link(l.Pull.URL, fmt.Sprintf("#%d", l.Pull.Number))
	}
	return phrase.Commit(l.SHA, c.scene.known.CommitURL(l.SHA))
}

// small are who, how much, which commit and when.
func (c change) small() []string {
	list := []string{c.scene.name()}
	if author := c.Author(); author != "" {
		list = append(list, "by "+say.Foreign(author, phrase.NameLimit))
	}
	if c.Commits > 0 {
		list = append(list, say.Count(c.Commits, "commit", "commits"))
	}
	landed := c.landed()
	if c.By != "" && c.By != c.Author() && !strings.HasSuffix(c.By, "[bot]") {
		landed += " by " + say.Foreign(c.By, phrase.NameLimit)
	}
	list = append(list, phrase.Commit(c.SHA, c.scene.known.CommitURL(c.SHA)), landed+" "+say.Date(c.At))
	if c.Placed.Place == ledger.Inferred {
		list = append(list, fmt.Sprintf("%s matched with %s by its time", c.Release, phrase.Run(c.Placed.Runs[0])))
	}
	return list
}

// landed is how the change came.
func (c change) landed() string {
	if c.Pull != nil {
		return "merged"
	}
	return "pushed"
}

// landing is landed as a noun.
func (c change) landing() string {
	if c.Pull != nil {
		return "merge"
	}
	return "push"
}
