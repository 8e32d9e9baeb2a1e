package op

import (
	"strings"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/say"
)

// Offered is how a plan is shown to whoever may confirm it.
func (e *Engine) Offered(p Plan, t Ticket) (text string, blocks []slackgo.Block) {
	blocks = append(sections(p.shown()),
		actions(
			button(ActionConfirm, t.Value(), p.Label, slackgo.StylePrimary),
			button(ActionCancel, t.Value(), "Cancel", slackgo.StyleDefault),
		),
		small([]string{"Nothing was done yet. The plan expires at " + say.Date(t.Expires)}))
	return strings.Join(p.shown(), "\n"), blocks
}

// Shown is the same where nothing can be confirmed, and says why.
func (e *Engine) Shown(p Plan, why string) (text string, blocks []slackgo.Block) {
	lines := append([]string{why, "What would be done:"}, p.shown()...)
	return strings.Join(lines, "\n"), sections(lines)
}

// shown is what people read of a plan.
func (p Plan) shown() []string {
	lines := append([]string{p.Title}, p.Lines...)
	if hand := say.ByHand(p.ByHand); hand != "" {
		lines = append(lines, hand)
	}
	return lines
}

// sectionLimit stays below the 3,000 characters that Slack takes in a section.
const sectionLimit = 2900

// sections set lines into as few sections as Slack takes them in.
func sections(lines []string) (blocks []slackgo.Block) {
	text := ""
	flush := func() {
		if text != "" {
			blocks = append(blocks, slackgo.NewSectionBlock(mrkdwn(text), nil, nil))
		}
		text = ""
	}
	for _, line := range lines {
		line = say.Cut(line, sectionLimit)
		if len([]rune(text))+len([]rune(line)) >= sectionLimit {
			flush()
		}
		text = strings.TrimPrefix(text+"\n"+line, "\n")
	}
	flush()
	return blocks
}

// small is small print.
func small(parts []string) slackgo.Block {
	return slackgo.NewContextBlock("", mrkdwn(strings.Join(parts, " · ")))
}

func mrkdwn(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false)
}

func actions(list ...slackgo.BlockElement) slackgo.Block { return slackgo.NewActionBlock("", list...) }

func button(id, value, label string, style slackgo.Style) slackgo.BlockElement {
	b := slackgo.NewButtonBlockElement(id, value, slackgo.NewTextBlockObject(slackgo.PlainTextType, label, false, false))
	b.Style = style
	return b
}
