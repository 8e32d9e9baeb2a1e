package say

import (
	"regexp"
	"strings"
)

// terminal matches what programs print to colour a terminal and to move about in it. It goes before anything is looked
// for in a text: a colour in the middle of a secret would hide it from Scrub, and reveal it to the reader.
var terminal = regexp.MustCompile(`\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])`)

// Foreign makes text that somebody else wrote (a title, a description, a word that was typed) fit to stand in our own
// sentence: without colours, scrubbed of secrets, cut to at most limit runes, and escaped.
func Foreign(s string, limit int) string { return Escape(Cut(reveal(s), limit)) }

// ForeignCode is Foreign in a code span, for names.
func ForeignCode(s string, limit int) string { return Code(Cut(reveal(s), limit)) }

// Tail gives the last lines of what a program printed, each at most width runes, fit for the inside of a block of code.
func Tail(output string, lines, width int) string {
	output = strings.TrimSpace(Scrub(terminal.ReplaceAllString(output, "")))
	if output == "" {
		return ""
	}
	list := strings.Split(output, "\n")
	list = list[max(0, len(list)-lines):]
	for i, l := range list {
		list[i] = Preformatted(Cut(strings.TrimRight(l, " \r"), width))
	}
	return strings.Join(list, "\n")
}

// reveal gives the text as it would be seen, without its secrets.
func reveal(s string) string { return Scrub(fold(terminal.ReplaceAllString(s, ""))) }
