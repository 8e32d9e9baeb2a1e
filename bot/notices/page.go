package notices

import (
	"strings"

	slackgo "github.com/slack-go/slack"

	"slipway/integrations/slack"
)

// page is what a message says: five lines at most, the thing first, its state second. All of it is mrkdwn, in which
// foreign text is cut and inert by then.
type page struct {
	sentence string   // what notifications and readers of no blocks get: the same as a whole sentence
	title    string   // ":emoji: *thing*: state"
	lines    []string // what matters now
	small    []string // who and where, in small print, joined by " · "
	buttons  []slackgo.BlockElement
}

// open is 1 when the page says that something goes on, or is not known yet.
func (p page) open() int {
	for _, emoji := range []string{":hourglass_flowing_sand:", ":warning:", ":grey_question:", ":raised_hand:"} {
		if strings.HasPrefix(p.title, emoji) {
			return 1
		}
	}
	return 0
}

// message draws the page. A page without a sentence has nothing to say.
func (p page) message() slack.Message {
	if p.sentence == "" {
		return slack.Message{}
	}
	text := strings.Join(append([]string{p.title}, p.lines...), "\n")
	blocks := []slackgo.Block{slackgo.NewSectionBlock(slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false), nil, nil)}
	if len(p.small) > 0 {
		print := slackgo.NewTextBlockObject(slackgo.MarkdownType, strings.Join(p.small, " · "), false, false)
		blocks = append(blocks, slackgo.NewContextBlock("", print))
	}
	if len(p.buttons) > 0 {
		blocks = append(blocks, slackgo.NewActionBlock("", p.buttons...))
	}
	return slack.Message{Text: p.sentence, Blocks: blocks}
}
