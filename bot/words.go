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
	words := strings.Fields(plain.Replace(text))
	for i, w := range words {
		if !strings.HasPrefix(w, "<") {
			words[i] = html.UnescapeString(w)
		}
	}
	return words
}

// forAll takes "in channel" off the end and says whether it stood there.
func forAll(words []string) ([]string, bool) {
	n := len(words)
	if n >= 2 && strings.EqualFold(words[n-2], "in") && strings.EqualFold(words[n-1], "channel") {
		return words[:n-2], true
	}
	return words, false
}

// addressed takes the mention of the bot off, wherever it stands.
func addressed(words []string, bot string) []string {
	kept := words[:0:0]
	for _, w := range words {
		id, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(w, "<@"), ">"), "|")
		if strings.HasPrefix(w, "<@") && id == bot {
			continue
		}
		kept = append(kept, w)
	}
	return kept
}
