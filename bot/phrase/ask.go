package phrase

import (
	"strings"
	"unicode"

	slackgo "github.com/slack-go/slack"
)

// AskPrefix begins the action ids of buttons that type a line. Messages in Slack hold them for ever.
const AskPrefix = "ask_"

// Ask is a button that types a line, such as "/rollback v122 of penny-university", for whoever presses it, where it stands: nothing is
// done by it that could not be typed there. The line has 2,000 characters at most, as Slack takes them; of two in one block the
// labels differ.
func Ask(label, line string) slackgo.BlockElement {
	return slackgo.NewButtonBlockElement(AskPrefix+slug(label), line, slackgo.NewTextBlockObject(slackgo.PlainTextType, label, false, false))
}

// slug makes an id of a label: its letters and digits, with an underscore for all else.
func slug(label string) string {
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "_")
}
