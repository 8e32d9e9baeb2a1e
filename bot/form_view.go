package bot

import (
	"fmt"
	"slices"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/slack"
)

// readingText stands in a modal that is not filled yet. It names nothing: who may know what is not known yet.
const readingText = "Reading …"

// viewBlocks is how many blocks Slack takes in a modal; sectionText, how many characters in a section (facts/slack.md, "Size limits").
const (
	viewBlocks  = 100
	sectionText = 3000
)

// view is a modal in which there is nothing to submit, and so nothing to type, which Slack takes only beside a submit. It remembers what it
// is about, for the buttons in it.
func (w *window) view(blocks ...slackgo.Block) slackgo.ModalViewRequest {
	return w.holding(slices.DeleteFunc(slices.Clone(blocks), func(b slackgo.Block) bool { return b.BlockType() == slackgo.MBTInput }))
}

func (w *window) holding(blocks []slackgo.Block) slackgo.ModalViewRequest {
	return slack.Modal(slackgo.ModalViewRequest{
		Title: plainText(w.title), Close: plainText("Close"), CallbackID: w.kind, PrivateMetadata: w.metadata,
		Blocks: slackgo.Blocks{BlockSet: blocks[:min(len(blocks), viewBlocks)]},
	})
}

// reading is a modal that is read, or read again: what was chosen stays in sight then, and cannot be submitted.
func (w *window) reading() slackgo.ModalViewRequest {
	if len(w.kept) == 0 {
		return w.view(section(readingText))
	}
	return w.view(append([]slackgo.Block{small(readingText)}, w.kept...)...)
}

// says is a modal with an answer in it.
func (w *window) says(a Answer) slackgo.ModalViewRequest {
	if len(a.Blocks) > 0 {
		return w.view(a.Blocks...)
	}
	return w.view(section(say.Scrub(a.Text)))
}

// submits is a modal whose submit confirms the plan that it shows.
func (w *window) submits(f *Form, blocks []slackgo.Block) slackgo.ModalViewRequest {
	v := w.holding(blocks)
	v.Submit, v.Close, v.NotifyOnClose = plainText(f.Submit), plainText("Cancel"), true
	return v
}

// typedField asks for what has to be typed to confirm a plan.
func typedField(want string) slackgo.Block {
	input := slackgo.NewPlainTextInputBlockElement(nil, "typed")
	return slackgo.NewInputBlock(typedBlock, plainText(fmt.Sprintf("Type %s to confirm", want)), nil, input)
}

// expires is the small print below a plan.
func expires(t op.Ticket) slackgo.Block {
	return small("Nothing was done yet. The plan expires at " + say.Date(t.Expires))
}

// anew is a button that asks for the plan again.
func anew(line string) slackgo.Block { return slackgo.NewActionBlock("", phrase.Ask("New plan", line)) }

func section(text string) slackgo.Block {
	return slackgo.NewSectionBlock(slackgo.NewTextBlockObject(slackgo.MarkdownType, say.Cut(text, sectionText), false, false), nil, nil)
}

func small(text string) slackgo.Block {
	return slackgo.NewContextBlock(smallPrint, slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false))
}

func plainText(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, text, false, false)
}
