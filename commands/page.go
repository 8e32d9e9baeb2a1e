package commands

import (
	"strings"

	slackgo "github.com/slack-go/slack"

	"slipway/bot"
	"slipway/bot/say"
)

// sectionLimit is how much text one section holds: 3,000 characters (facts/slack.md, "Size limits"), less some for what
// Slack counts differently.
const sectionLimit = 2900

// page is an answer of several lines: the thing and its state first, details below.
type page struct {
	title string
	lines []string
}

// line adds a line of mrkdwn. Foreign text in it is escaped by then.
func (p *page) line(text string) { p.lines = append(p.lines, text) }

// answer draws the page. The title alone is the text of notifications and for readers of no blocks.
func (p *page) answer() bot.Answer {
	blocks := []slackgo.Block{section(p.title)}
	for _, text := range gather(p.lines) {
		blocks = append(blocks, section(text))
	}
	return bot.Answer{Text: p.title, Blocks: blocks}
}

// gather joins lines to texts that fit into one section each.
func gather(lines []string) []string {
	var texts []string
	var text strings.Builder
	for _, l := range lines {
		l = say.Cut(l, sectionLimit)
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
