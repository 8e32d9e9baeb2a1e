package say

import "strings"

// ByHand says how to do something without slipway: lines ready to copy, of which our own words and names are made; "" for none.
func ByHand(lines []string) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return "By hand: " + Code(lines[0])
	}
	shown := make([]string, len(lines))
	for i, l := range lines {
		shown[i] = Preformatted(l)
	}
	return "By hand:\n```" + strings.Join(shown, "\n") + "```"
}
