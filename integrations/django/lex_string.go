package django

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// prefix is what stands before the quotes of a string.
type prefix struct {
	length           int
	raw, bytes, form bool // form: an f-string or a t-string
}

// stringPrefix tells whether a string begins here.
func stringPrefix(s string) (p prefix, ok bool) {
	for ; p.length < 3 && p.length < len(s); p.length++ {
		switch s[p.length] | 0x20 {
		case 'r':
			p.raw = true
		case 'b':
			p.bytes = true
		case 'f', 't':
			p.form = true
		case 'u':
		default:
			return p, s[p.length] == '"' || s[p.length] == '\''
		}
	}
	return p, p.length < len(s) && (s[p.length] == '"' || s[p.length] == '\'')
}

// string takes one, with its quotes.
func (l *lexer) string(p prefix) error {
	from, line := l.at, l.line
	l.at += p.length
	quote := l.quote()
	l.at += len(quote)
	begin := l.at
	if err := l.body(quote, p, 0); err != nil {
		return err
	}
	t := token{kind: text, src: l.src[from:l.at], line: line}
	if !p.bytes && !p.form {
		t.value, t.known = unescape(l.src[begin:l.at-len(quote)], p.raw)
	}
	l.tokens = append(l.tokens, t)
	return nil
}

// quote is the one that stands here, once or three times.
func (l *lexer) quote() string {
	one := l.rest()[:1]
	if three := strings.Repeat(one, 3); strings.HasPrefix(l.rest(), three) {
		return three
	}
	return one
}

// body takes a string up to its end.
func (l *lexer) body(quote string, p prefix, depth int) error {
	from := l.line
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case strings.HasPrefix(l.rest(), quote):
			l.at += len(quote)
			return nil
		case c == '\\':
			l.skip()
			l.skip()
		case c == '\n' && len(quote) == 1:
			return &SyntaxError{from, "a string is never closed"}
		case p.form && (strings.HasPrefix(l.rest(), "{{") || strings.HasPrefix(l.rest(), "}}")):
			l.at += 2
		case p.form && c == '{':
			l.at++
			if err := l.field(quote, p, depth+1); err != nil {
				return err
			}
		default:
			l.skip()
		}
	}
	return &SyntaxError{from, "a string is never closed"}
}

// skip takes one character of a string.
func (l *lexer) skip() {
	if l.at == len(l.src) {
		return
	}
	if l.src[l.at] == '\n' {
		l.line++
	}
	l.at++
}

// field takes a replacement field of an f-string, from behind its brace. Strings in it may have the same quotes (PEP 701).
func (l *lexer) field(quote string, p prefix, depth int) error {
	if depth > mostNesting {
		return l.fail("strings are nested too deep")
	}
	brackets := 0
	for l.at < len(l.src) {
		c := l.src[l.at]
		if inner, ok := stringPrefix(l.rest()); ok && !l.inName() {
			l.at += inner.length
			q := l.quote()
			l.at += len(q)
			if err := l.body(q, inner, depth+1); err != nil {
				return err
			}
			continue
		}
		switch {
		case c == '(', c == '[', c == '{':
			brackets++
		case brackets == 0 && c == '}':
			l.at++
			return nil
		case c == ')', c == ']', c == '}':
			brackets--
		case c == '#':
			l.at += len(lineOf(l.rest()))
			continue
		case brackets == 0 && c == ':':
			l.at++
			return l.format(quote, p, depth)
		}
		l.skip()
	}
	return l.fail("a string is never closed")
}

// inName tells whether what stands before belongs to a name, so that no prefix of a string begins here.
func (l *lexer) inName() bool {
	c := l.src[l.at-1]
	return c == '_' || isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf
}

// format takes what stands behind the colon of a field.
func (l *lexer) format(quote string, p prefix, depth int) error {
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == '}':
			l.at++
			return nil
		case c == '{':
			l.at++
			if err := l.field(quote, p, depth+1); err != nil {
				return err
			}
		case strings.HasPrefix(l.rest(), quote), c == '\n' && len(quote) == 1:
			return l.fail("a field of a string is never closed")
		default:
			l.skip()
		}
	}
	return l.fail("a string is never closed")
}

var escapes = map[byte]string{
	'\n': "", '\\': `\`, '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// unescape gives what a string says, unless a name of Unicode or half a pair would have to be looked up.
func unescape(s string, raw bool) (value string, known bool) {
	if raw || !strings.Contains(s, `\`) {
		return s, true
	}
	var b strings.Builder
	for s != "" {
		plain, rest, found := strings.Cut(s, `\`)
		b.WriteString(plain)
		if !found {
			break
		}
		if rest == "" {
			return "", false
		}
		short, ok := escapes[rest[0]]
		if ok {
			b.WriteString(short)
			s = rest[1:]
			continue
		}
		r, length, ok := codePoint(rest)
		switch {
		case !ok:
			return "", false
		case length == 0: // Python leaves it as it is
			b.WriteString(`\`)
		default:
			b.WriteRune(r)
		}
		s = rest[length:]
	}
	return b.String(), true
}

// codePoint reads the number of an escape. Length is 0 where it is none.
func codePoint(s string) (r rune, length int, ok bool) {
	digits, base := "", 16
	switch s[0] {
	case 'N':
		return 0, 0, false
	case 'x':
		digits, length = s[1:min(3, len(s))], 3
	case 'u':
		digits, length = s[1:min(5, len(s))], 5
	case 'U':
		digits, length = s[1:min(9, len(s))], 9
	case '0', '1', '2', '3', '4', '5', '6', '7':
		for length < 3 && length < len(s) && s[length] >= '0' && s[length] <= '7' {
			length++
		}
		digits, base = s[:length], 8
	default:
		return 0, 0, true
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || len(digits) != length && base == 16 && len(digits) != length-1 || !utf8.ValidRune(rune(n)) {
		return 0, 0, false
	}
	return rune(n), length, true
}
