package commands

import (
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot"
)

// How much a section and a whole message hold, in characters. Slack takes 3,000 in a section's text, and refuses messages
// whose blocks come to about 13,200 (facts/slack.md, "Size limits").
const (
	sectionLimit = 2900
	pageLimit    = 11000
)

// page is an answer of several lines: the thing and its state first, details below.
type page struct {
	title string
	lines []string
}

// line adds a line of mrkdwn. Foreign text in it is cut and escaped by then: a finished line cannot be cut any more without
// breaking its marks.
func (p *page) line(text string) { p.lines = append(p.lines, text) }

// sureLines say what the page lacks, and up to when it is known.
func (g *gaps) sureLines(p *page, now time.Time) {
	for _, text := range g.lines(now) {
		p.line(":grey_question: " + text)
	}
	if age := g.age(now); age != "" {
		p.line(age)
	}
}

// answer draws the page. The title alone is the text of notifications and for readers of no blocks.
func (p *page) answer() bot.Answer {
	blocks := []slackgo.Block{section(p.title)}
	for _, text := range gather(p.fitting()) {
		blocks = append(blocks, section(text))
	}
	return bot.Answer{Text: p.title, Blocks: blocks}
}

// fitting gives the lines that fit into one message, and counts the rest.
func (p *page) fitting() []string {
	size := len(p.title)
	for i, l := range p.lines {
		if size += len(l) + 1; size > pageLimit {
			return append(p.lines[:i:i], fmt.Sprintf("… and %d more lines that do not fit here", len(p.lines)-i))
		}
	}
	return p.lines
}

// gather joins lines to texts that fit into one section each.
func gather(lines []string) []string {
	var texts []string
	var text strings.Builder
	for _, l := range lines {
		if len(l) > sectionLimit {
			l = "… a line that is too long to show"
		}
		if text.Len() > 0 && text.Len()+1+len(l) > sectionLimit {
			texts = append(texts, text.String())
			text.Reset()
		}
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(l)
	}
	if text.Len() > 0 {
		texts = append(texts, text.String())
	}
	return texts
}

func section(text string) *slackgo.SectionBlock {
	return slackgo.NewSectionBlock(slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false), nil, nil)
}
