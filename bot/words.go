package bot

import (
	"html"
	"strings"
)

// plain undoes what keyboards and Slack do to typed words: smart quotes and long dashes of phones (facts/slack.md
// "Escaping"), Slack's own &amp; &lt; &gt;, and the code marks of a pasted line.
var plain = strings.NewReplacer(
	"“", `"`, "”", `"`, "‘", "'", "’", "'", "—", "--", "\u00a0", " ", "`", " ",
)

// split gives the words of what somebody typed. A mention, a channel or a link stays one word, as Slack wrote it.
func split(text string) []string {
	var words []string
	for _, w := range strings.Fields(plain.Replace(text)) {
		if !strings.HasPrefix(w, "<") {
			w = html.UnescapeString(w)
		}
		if w = unsigned(w); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// What surrounds words in sentences, and begins or ends no name and no verb.
const (
	signs  = ".,!?;:…"
	quotes = `"'`
)

// unsigned takes quotes and the signs of a sentence off a word. Question marks alone are one, for they ask for help; of other signs
// alone nothing is left. The name of an emoji stays as it is.
func unsigned(word string) string {
	if strings.HasPrefix(word, ":") && strings.Trim(word, signs) != "" {
		return word
	}
	left := strings.TrimLeft(strings.TrimRight(word, signs+quotes), quotes)
	if left == "" && strings.Contains(word, "?") {
		return "?"
	}
	return left
}

// forAll takes "in channel" off the end and says whether it stood there.
func forAll(words []string) ([]string, bool) {
	n := len(words)
	if n >= 2 && strings.EqualFold(words[n-2], "in") && strings.EqualFold(words[n-1], "channel") {
		return words[:n-2], true
	}
	return words, false
}

// addressed takes the mention of the bot off, wherever it stands, and whatever sign is glued to it.
func addressed(words []string, bot string) []string {
	kept := words[:0:0]
	for _, w := range words {
		mention, rest, ok := strings.Cut(w, ">")
		id, _, _ := strings.Cut(strings.TrimPrefix(mention, "<@"), "|")
		if ok && strings.HasPrefix(w, "<@") && id == bot {
			w = strings.Trim(rest, signs+quotes)
		}
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}
