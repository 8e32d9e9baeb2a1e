package say

import (
	"regexp"
	"strings"
)

// called is how Slack writes the mention of a person or a channel that somebody typed: "<@U0BOB|bob>", "<#C0DEPLOYS|deploys>", or
// with the id alone (facts/slack.md, "Escaping").
var called = regexp.MustCompile(`<([@#])([^<>|]*)(?:\|([^<>]*))?>`)

// Typed gives what somebody typed as they read it themselves: mentions as "@bob" and "#deploys". It is not fit to be shown yet.
func Typed(s string) string {
	return called.ReplaceAllStringFunc(s, func(mention string) string {
		parts := called.FindStringSubmatch(mention)
		sign, id, name := parts[1], parts[2], strings.TrimLeft(parts[3], "@#")
		if name == "" {
			name = id
		}
		return sign + name
	})
}

// TypedCode says back to somebody what they typed, in a code span of at most limit characters, in which nobody is called.
func TypedCode(s string, limit int) string { return ForeignCode(Typed(s), limit) }
