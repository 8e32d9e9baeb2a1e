package slack

import (
	"slices"

	slackgo "github.com/slack-go/slack"
)

// verbatim gives blocks in whose mrkdwn nothing is a link or a mention but what is marked as one. Without it Slack makes links
// of every address and e-mail address, and parses names of channels, in titles that strangers wrote (docs.slack.dev, "Text
// object").
func verbatim(blocks []slackgo.Block) []slackgo.Block {
	out := slices.Clone(blocks)
	for i, b := range blocks {
		switch b := b.(type) {
		case *slackgo.SectionBlock:
			section := *b
			section.Text = verbatimText(b.Text)
			section.Fields = slices.Clone(b.Fields)
			for j, f := range section.Fields {
				section.Fields[j] = verbatimText(f)
			}
			out[i] = &section
		case *slackgo.ContextBlock:
			context := *b
			context.ContextElements.Elements = slices.Clone(b.ContextElements.Elements)
			for j, e := range context.ContextElements.Elements {
				if text, ok := e.(*slackgo.TextBlockObject); ok {
					context.ContextElements.Elements[j] = verbatimText(text)
				}
			}
			out[i] = &context
		}
	}
	return out
}

func verbatimText(t *slackgo.TextBlockObject) *slackgo.TextBlockObject {
	if t == nil || t.Type != slackgo.MarkdownType {
		return t
	}
	out := *t
	out.Verbatim = true
	return &out
}
