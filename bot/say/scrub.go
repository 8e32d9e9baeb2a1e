package say

import (
	"slices"
	"strings"
)

// hidden stands for what was taken out.
const hidden = "[secret]"

// scrubPasses is how often Scrub looks again at its own result. Real text settles in the first pass.
const scrubPasses = 4

// Scrub takes secrets out of text that is about to be shown, stored or logged: each becomes "[secret]", with the harmless
// words before it kept ("ghp_[secret]", "postgres://[secret]"). It is told by shape alone, so a secret of no known shape
// stays: never build text from one. It takes time linear in the length of s, and scrubbing twice changes nothing more.
//
// Shapes: facts of GitHub's logs ("Scrub before posting"), what Heroku's API hands out (output streams, attach URLs,
// add-on URLs), Slack's tokens and URLs, and what such texts carry besides: JWTs, signed URLs, assignments to names that
// tell of a secret.
func Scrub(s string) string {
	for range scrubPasses {
		next := scrubOnce(s)
		if next == s {
			return s
		}
		s = next
	}
	// Each pass uncovered another shape: such a text was made to get past us.
	return hidden
}

// scrubOnce hides what any rule finds in s. All rules read the same text, so that one secret inside another's span cannot
// leave a half of either.
func scrubOnce(s string) string {
	spans := secretSpans(s)
	if len(spans) == 0 {
		return s
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	shown := 0
	for i := 0; i < len(spans); {
		from, to := spans[i].from, spans[i].to
		for i++; i < len(spans) && spans[i].from <= to; i++ {
			to = max(to, spans[i].to)
		}
		b.WriteString(s[shown:from])
		b.WriteString(hidden)
		shown = to
	}
	b.WriteString(s[shown:])
	return b.String()
}

// span is a secret's place in a text, in bytes.
type span struct{ from, to int }

func secretSpans(s string) []span {
	lower := strings.ToLower(s)
	var spans []span
	for _, shape := range secretShapes {
		if !shape.mayBeIn(lower) {
			continue
		}
		for _, m := range shape.pattern.FindAllStringSubmatchIndex(s, -1) {
			spans = append(spans, capture(m).within(s))
		}
	}
	return spans
}

// within leaves the end of a code span, and the signs after it, to the sentence that the secret was put into. A secret that ends so
// by itself shows no more of it than that.
func (p span) within(s string) span {
	inner := strings.TrimRight(s[p.from:p.to], ".,;:!?)")
	if inner, closed := strings.CutSuffix(inner, "`"); closed && inner != "" {
		p.to = p.from + len(inner)
	}
	return p
}

// capture is the place of the one group that took part in a match.
func capture(m []int) span {
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 {
			return span{m[i], m[i+1]}
		}
	}
	return span{m[0], m[1]}
}
