package settings

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// largest is how many bytes of a file are read. A long one of a real team has two thousand.
const largest = 64 << 10

// checkText finds what no line may hold, before a YAML parser sees it, and gives the text without a byte order mark. The parser
// tells of tabs and of foreign encodings in words that help nobody, and of only the first.
func checkText(g *gather, data []byte) []byte {
	if len(data) > largest {
		g.add(0, "the file is larger than 64 KB, which is all that slipway reads.")
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	n := 0
	for line := range bytes.Lines(data) {
		if g.full() {
			break
		}
		n++
		text, ended := strings.CutSuffix(string(line), "\n")
		if ended {
			text = strings.TrimSuffix(text, "\r")
		}
		checkLine(g, n, text)
	}
	return data
}

func checkLine(g *gather, n int, line string) {
	content := strings.TrimLeft(line, " \t")
	indent := line[:len(line)-len(content)]
	hidden := strings.IndexFunc(line, deceives)
	switch {
	case !utf8.ValidString(line):
		g.add(n, "this is not UTF-8. Save the file in that encoding.")
	case hidden >= 0:
		r, _ := utf8.DecodeRuneInString(line[hidden:])
		g.add(n, "a character that cannot be seen stands here (U+%04X). Take it out.", r)
	case content != "" && strings.Contains(indent, "\t"):
		g.add(n, "this line is indented with a tab. YAML wants spaces.")
	}
}

// deceives tells the characters that show another text than is read, or that YAML may take for the end of a line. Joiners
// stay: emoji need them.
func deceives(r rune) bool {
	switch {
	case r == '\t':
		return false
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff', r == '\ufffe', r == '\uffff':
		return true
	}
	return unicode.Is(unicode.Bidi_Control, r)
}
