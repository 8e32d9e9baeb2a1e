package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// openings are words that a request to a colleague may begin with.
var openings = []string{"hi", "hello", "hey", "ok", "okay", "please"}

// niceties are words that begin what asks for nothing.
var niceties = []string{
	"thanks", "thank", "thx", "ty", "cheers", "cool", "great", "nice", "good", "perfect", "awesome", "wow", "morning", "bye", "yo", "sorry",
}

// opened takes "hey" and the like off what somebody wrote, where a command follows.
func opened(commands []Command, words []string) []string {
	rest := words
	for len(rest) > 0 && slices.Contains(openings, strings.ToLower(rest[0])) {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return words
	}
	if _, _, err := find(commands, "", rest); err != nil {
		return words
	}
	return rest
}

// polite takes "please" off the end.
func polite(words []string) []string {
	if n := len(words); n > 0 && strings.EqualFold(words[n-1], "please") {
		return words[:n-1]
	}
	return words
}

// chatter tells what people say to be kind: it asks for nothing.
func chatter(words []string) bool {
	if len(words) == 0 {
		return true
	}
	if slices.Contains(openings, strings.ToLower(words[0])) || slices.Contains(niceties, strings.ToLower(words[0])) {
		return true
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !emoji(w) })
}

var emojiNames = regexp.MustCompile(`^(?::[\pL\d_+'-]+:)+$`)

// emoji tells words that are pictures alone, by their names or as they are drawn.
func emoji(word string) bool {
	return emojiNames.MatchString(word) || !strings.ContainsFunc(word, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r <= unicode.MaxASCII
	})
}
