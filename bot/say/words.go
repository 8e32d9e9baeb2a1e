package say

import (
	"fmt"
	"strings"
	"unicode"
)

// Count tells how many: "1 commit", "3 commits", "0 commits".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Cut shortens s to at most limit runes, the last of them "…" when something is missing. It never splits what is seen as one
// character (a letter with its accents, an emoji of several parts, a flag). Cut before Escape, Code or Link: an entity cut in
// half is no longer one.
func Cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	if limit <= 0 {
		return ""
	}
	end := limit - 1
	for end > 0 && joined(runes, end) {
		end--
	}
	return strings.TrimRightFunc(string(runes[:end]), unicode.IsSpace) + "…"
}

const joiner = '\u200d'

// joined tells whether the runes before and after position i are seen as one character.
func joined(runes []rune, i int) bool {
	before, after := runes[i-1], runes[i]
	switch {
	case before == joiner, after == joiner, unicode.Is(unicode.M, after): // M holds variation selectors too
		return true
	case after >= 0x1f3fb && after <= 0x1f3ff: // skin tones
		return true
	case before == '\r' && after == '\n':
		return true
	case !flagHalf(after):
		return false
	}
	halves := 0
	for i > 0 && flagHalf(runes[i-1]) {
		halves++
		i--
	}
	return halves%2 == 1
}

// flagHalf tells the letters of which two make a flag.
func flagHalf(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
