package say

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Escape makes foreign prose (a title, a description, a person's name) fit for mrkdwn and for text. Whatever it holds,
// it stays on one line and cannot mention, link, quote or format:
//
//   - & < > are escaped as Slack wants them, which ends <!channel>, <@U1> and <url|label>. A ">" that comes first would
//     still make a quote, so it becomes "›".
//   - A mark that could begin or end formatting, because it stands at the edge of a word, becomes a sign that looks alike:
//     "*" is "∗", "_" is "ˍ", "~" is "∼". Inside a word (snake_case, 2*3) and between spaces it means nothing to Slack
//     and stays. A backtick becomes an apostrophe.
//   - A colon that could begin an emoji (":x:" would pass for a state of ours) becomes "∶".
//   - @here, @channel, @everyone and @group get a wide "＠", as Slack may parse them where a text is not verbatim.
//   - Runs of white space and control characters become one space. Marks that turn the direction of writing, and
//     characters that have no width, are dropped, and so are the marks of a letter after its fourth, which would cover the
//     lines around it; what joins emoji and scripts stays.
//
// Nothing invisible is ever put in, so what a person copies is what is seen. A bare address is left alone: in blocks Slack
// does not link it (see package slack), and elsewhere it shows where it goes. Names (branches, files, jobs) read better as Code. Escape once, and Cut before.
func Escape(s string) string {
	return escape(defuse(fold(s)))
}

// Code sets foreign text in a code span: backticks become apostrophes, and nothing else in it means anything to Slack.
// Slack wants white space or punctuation around a span.
func Code(s string) string {
	s = escape(strings.ReplaceAll(fold(s), "`", "'"))
	if s == "" {
		return "(empty)" // two backticks alone would be shown as they are
	}
	return "`" + s + "`"
}

// Preformatted makes one line of foreign output fit for a block of code, between three backticks: its spaces stay, colours
// and control characters go, and it cannot end the block.
func Preformatted(line string) string {
	line = strings.Map(func(r rune) rune {
		switch {
		case r == '`':
			return '\''
		case r == '\t', r == blankBraille:
			return ' '
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, plain(colours.ReplaceAllString(line, "")))
	return escape(line)
}

// colours are ANSI sequences for terminals.
var colours = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// Link sets a link with a foreign label. A target that is no web address gives the label alone; an empty label shows the
// target.
func Link(target, label string) string {
	label = strings.ReplaceAll(Escape(label), "|", "¦") // the label begins at the first "|"; a second one breaks it
	u, err := url.Parse(strings.TrimSpace(target))
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return label
	}
	address := escape(targetReplacer.Replace(fold(u.String())))
	if label == "" {
		return "<" + address + ">"
	}
	return "<" + address + "|" + label + ">"
}

var (
	entityReplacer = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	targetReplacer = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20")
)

func escape(s string) string { return entityReplacer.Replace(s) }

// fold puts s on one line: each run of white space and control characters becomes a space, and what cannot be seen is
// dropped.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range plain(s) {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == blankBraille:
			space = b.Len() > 0
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// blankBraille is a letter without a dot, which looks like a space.
const blankBraille = '\u2800'

// mostMarks is how many marks one letter may carry. No language's writing needs more.
const mostMarks = 4

// plain takes out what cannot be seen and what hides the text around it. The joiners U+200C and U+200D stay where emoji and
// scripts need them, which is between two characters that are not ASCII.
func plain(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	var before, joiner rune
	marks := 0
	for _, r := range s {
		switch {
		case r == '\u200c' || r == '\u200d':
			joiner = r
			continue
		case invisible(r):
			continue
		case !unicode.Is(unicode.M, r):
			marks = 0
		default:
			if marks++; marks > mostMarks {
				continue
			}
		}
		if joiner != 0 && before > unicode.MaxASCII && r > unicode.MaxASCII {
			b.WriteRune(joiner)
		}
		before, joiner = r, 0
		b.WriteRune(r)
	}
	return b.String()
}

// invisible tells the characters that only serve to deceive: those that have no width, turn the direction of writing, or
// stand for a letter that is not drawn.
func invisible(r rune) bool {
	switch {
	case r <= unicode.MaxLatin1:
		return r == '\u00ad'
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // signs of Arabic and Syriac, which are drawn
		return false
	case r >= 0xe0100 && r <= 0xe01ef: // selectors of variants, which can carry text
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

// lookalikes are what marks become where they could format.
var lookalikes = map[rune]rune{'*': '∗', '_': 'ˍ', '~': '∼'}

// defuse takes the meaning from mrkdwn's own marks in s, which fold has put on one line.
func defuse(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	runes := []rune(s)
	start := true // only quote marks so far
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == '`':
			r = '\''
		case r == '>' && start:
			r = '›'
		case r == '@' && (i == 0 || !wordRune(runes[i-1])) && broadcasts(runes[i+1:]):
			r = '＠'
		case r == ':' && emojiName(runes[i+1:]):
			r = '∶'
		case lookalikes[r] != 0:
			n := repeats(runes[i:])
			if couldFormat(runes[:i], runes[i+n:]) {
				r = lookalikes[r]
			}
			b.WriteString(strings.Repeat(string(r), n-1))
			i += n - 1
		}
		start = start && (r == '›' || r == ' ')
		b.WriteRune(r)
	}
	return b.String()
}

// repeats counts how often s begins with its first rune.
func repeats(s []rune) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// couldFormat tells whether marks between before and after stand at the edge of a word. What a text will stand between is
// not known, so its ends count as edges.
func couldFormat(before, after []rune) bool {
	if len(before) == 0 || len(after) == 0 {
		return true
	}
	left, right := before[len(before)-1], after[0]
	inside := wordRune(left) && wordRune(right)
	alone := left == ' ' && right == ' '
	return !inside && !alone
}

// wordRune tells what Slack surely takes for a part of a word. Of other letters nobody has said.
func wordRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// broadcasts tells whether the word that s begins with calls a whole channel.
func broadcasts(s []rune) bool {
	n := 0
	for n < len(s) && n <= len("everyone") && wordRune(s[n]) {
		n++
	}
	switch strings.ToLower(string(s[:n])) {
	case "here", "channel", "everyone", "group":
		return true
	}
	return false
}

// emojiName tells whether s begins with the name of an emoji and a colon. Only two names are nothing but digits; the rest
// are times of day.
func emojiName(s []rune) bool {
	n, digits := 0, true
	for n < len(s) && (s[n] == '_' || s[n] == '-' || s[n] == '+' || s[n] == '\'' || unicode.IsDigit(s[n]) || unicode.IsLetter(s[n]) && !unicode.IsUpper(s[n])) {
		digits = digits && unicode.IsDigit(s[n])
		n++
	}
	if n == 0 || n == len(s) || s[n] != ':' {
		return false
	}
	name := string(s[:n])
	return !digits || name == "100" || name == "1234"
}
