package notices

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/bot/store"
)

// silenceNotices tell of what should have come in a channel and did not, one message for an episode. One that is over is not
// drawn to be posted anew: a post that was in doubt has been looked for by then, and nobody read it.
func silenceNotices(ctx context.Context, tx *store.Tx, channel string, scenes []*scene, v view) ([]notice, error) {
	episodes, err := loadEpisodes(ctx, tx, channel, scenes)
	if err != nil {
		return nil, err
	}
	var list []notice
	for _, e := range episodes {
		open := slices.ContainsFunc(e.list, silence.open)
		key := episodeKey(channel, e.at)
		if v != telling && !open {
			posted, _, err := board.Posted(ctx, tx, key)
			if err != nil {
				return nil, err
			}
			if !posted {
				continue
			}
		}
		list = append(list, notice{key: key, page: e.page(), urgent: open})
	}
	return list, nil
}

// outage is how many silences in one episode are not told one by one any more.
const outage = 3

func (e episode) page() page {
	p := e.each()
	if len(e.list) >= outage {
		p = e.together()
	}
	var asked []string
	for _, o := range e.list {
		if !o.open() {
			continue
		}
		p.lines = once(p.lines, o.mute())
		asked = once(asked, ownWord(o.from()))
	}
	slices.Sort(asked)
	p.small = asked
	return p
}

// each names one or two with what to do about it.
func (e episode) each() page {
	p := page{title: e.list[0].title()}
	p.sentence = sentence(p.title)
	for _, o := range e.list[1:] {
		p.lines = append(p.lines, o.title())
		p.sentence += " " + sentence(o.title())
	}
	var byHand []string
	for _, o := range e.list {
		if o.open() {
			p.lines = once(p.lines, o.means())
			byHand = once(byHand, o.byHand())
		}
	}
	if len(byHand) == 1 { // the links to several are enough
		p.lines = append(p.lines, byHand...)
	}
	return p
}

// together counts them: so many are not the fault of one change.
func (e episode) together() page {
	var missing, named []string
	var means string
	for _, o := range e.list {
		if o.open() {
			named = once(named, o.thing())
			means = cmp.Or(means, o.means())
		}
	}
	for _, c := range e.counts() {
		if c.open > 0 {
			missing = append(missing, c.words())
		}
	}
	who, one := e.senders()
	if len(missing) == 0 {
		return e.ended(who, one)
	}
	verb := "seem"
	if one {
		verb = "seems"
	}
	p := page{title: fmt.Sprintf(":warning: *%s %s late*: %s", who, verb, strings.Join(missing, ", "))}
	p.sentence = sentence(p.title)
	p.lines = once([]string{few(named)}, means)
	return p
}

// ended is an outage that is over.
func (e episode) ended(who string, one bool) page {
	var last time.Time
	all := true
	for _, o := range e.list {
		all = all && o.arrived()
		if at := o.ended(); at.After(last) {
			last = at
		}
	}
	verb, what := "were", "nothing is missing any more since "
	if one {
		verb = "was"
	}
	if all {
		what = fmt.Sprintf("all %d runs have begun by ", len(e.list))
	}
	title := fmt.Sprintf("%s *%s %s late*: %s", came, who, verb, what+say.Date(last))
	return page{title: title, sentence: sentence(title)}
}

// senders are who was silent, and whether that is one.
func (e episode) senders() (names string, one bool) {
	var list []string
	for _, o := range e.list {
		list = once(list, string(o.from()))
	}
	slices.Sort(list)
	return enumerate(list), len(list) == 1
}

// count is how many of one sort are silent, and were.
type count struct {
	one, many, did, dont string // "run", "runs", "has not begun", "have not begun"
	open, all            int
}

func (c count) words() string {
	verb := c.dont
	if c.open == 1 {
		verb = c.did
	}
	if c.open == c.all {
		return say.Count(c.open, c.one, c.many) + " " + verb
	}
	return fmt.Sprintf("%d of %s %s", c.open, say.Count(c.all, c.one, c.many), verb)
}

func (e episode) counts() []count {
	begin := count{one: "run", many: "runs", did: "has not begun", dont: "have not begun"}
	stall := count{one: "run", many: "runs", did: "gives no news", dont: "give no news"}
	release := count{one: "release", many: "releases", did: "has not come", dont: "have not come"}
	for _, o := range e.list {
		c := &begin
		switch o.kind {
		case ledger.Stalled:
			c = &stall
		case ledger.NotReleased:
			c = &release
		case ledger.NoRun, ledger.NotBegun:
		}
		c.all++
		if o.open() {
			c.open++
		}
	}
	return []count{begin, stall, release}
}

// ownWord links where a far end tells of its own troubles.
func ownWord(from ledger.Sender) string {
	if from == ledger.Heroku {
		return "Heroku's own word: " + say.Link("https://status.heroku.com", "status.heroku.com")
	}
	return "GitHub's own word: " + say.Link("https://www.githubstatus.com", "githubstatus.com")
}

// once adds words that are not there yet.
func once(list []string, words string) []string {
	if words == "" || slices.Contains(list, words) {
		return list
	}
	return append(list, words)
}

// few names the first ones, and counts the rest.
func few(names []string) string {
	const shown = 3
	if len(names) > shown {
		names = append(names[:shown:shown], fmt.Sprintf("and %d more", len(names)-shown))
	}
	return strings.Join(names, ", ")
}
