package django

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// lexer splits a file into tokens (The Python Language Reference, "Lexical analysis").
type lexer struct {
	src    string
	at     int
	line   int
	tokens []token
	open   []int // brackets that are not closed, as indices of tokens
	levels []column
	fresh  bool // at the beginning of a logical line
}

// column is how far a line is indented, with tabs to multiples of eight and with tabs of one. Where the two order lines differently,
// Python refuses the file.
type column struct{ wide, narrow int }

// lex gives the tokens of a file, or a *SyntaxError.
func lex(src []byte) ([]token, error) {
	if len(src) > mostBytes {
		return nil, &SyntaxError{1, "the file is larger than 1 MB"}
	}
	if !utf8.Valid(src) {
		return nil, &SyntaxError{1, "the file is not UTF-8"}
	}
	l := &lexer{src: plain(string(src)), line: 1, levels: []column{{}}, fresh: true, tokens: make([]token, 0, len(src)/5+8)}
	for {
		done, err := l.next()
		if err != nil {
			return nil, err
		}
		if done {
			return l.tokens, nil
		}
	}
}

// plain has a file without the mark at its beginning, and with one kind of line end.
func plain(src string) string {
	src = strings.TrimPrefix(src, "\ufeff")
	return strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
}

func (l *lexer) fail(why string) error { return &SyntaxError{l.line, why} }

// rest is what is not read yet.
func (l *lexer) rest() string { return l.src[l.at:] }

// next reads a token, or what stands between two.
func (l *lexer) next() (done bool, err error) {
	if l.fresh && len(l.open) == 0 {
		if blank, err := l.beginning(); err != nil || blank {
			return false, err
		}
	}
	l.fresh = false
	if l.at == len(l.src) {
		return true, l.finish()
	}
	switch c := l.src[l.at]; {
	case c == ' ', c == '\t', c == '\f':
		l.at++
	case c == '#':
		l.at += len(lineOf(l.rest()))
	case c == '\n':
		l.lineEnd()
	case strings.HasPrefix(l.rest(), "\\\n"):
		l.at += 2
		l.line++
	case c >= '0' && c <= '9', c == '.' && len(l.rest()) > 1 && isDigit(l.src[l.at+1]):
		l.number()
	default:
		return false, l.other()
	}
	return false, nil
}

func lineOf(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (l *lexer) lineEnd() {
	if len(l.open) == 0 {
		l.add(newline, "\n")
		l.fresh = true
	}
	l.at++
	l.line++
}

func (l *lexer) add(k kind, src string) {
	l.tokens = append(l.tokens, token{kind: k, src: src, line: l.line})
}

// beginning measures the indentation of a line, and tells whether there is nothing on it.
func (l *lexer) beginning() (blank bool, err error) {
	var here column
	from := l.at
	for ; from < len(l.src); from++ {
		switch l.src[from] {
		case ' ':
			here.wide++
			here.narrow++
			continue
		case '\t':
			here.wide += 8 - here.wide%8
			here.narrow++
			continue
		case '\f':
			here = column{}
			continue
		}
		break
	}
	rest := l.src[from:]
	switch {
	case rest == "":
		l.at = from
		return false, nil
	case rest[0] == '\n':
		l.at = from + 1
		l.line++
		return true, nil
	case rest[0] == '#':
		l.at = from + len(lineOf(rest))
		if l.at < len(l.src) {
			l.at++
			l.line++
		}
		return true, nil
	}
	for _, conflict := range []string{"<<<<<<< ", "=======\n", ">>>>>>> "} {
		if from == l.at && strings.HasPrefix(rest, conflict) {
			return false, l.fail("a merge conflict is not resolved")
		}
	}
	l.at = from
	return false, l.indent(here)
}

// indent opens or closes blocks.
func (l *lexer) indent(here column) error {
	top := l.levels[len(l.levels)-1]
	if (here.wide > top.wide) != (here.narrow > top.narrow) || (here.wide < top.wide) != (here.narrow < top.narrow) {
		return l.fail("tabs and spaces are mixed in its indentation")
	}
	if here.wide > top.wide {
		if len(l.levels) > mostIndented {
			return l.fail("it is indented too often")
		}
		l.levels = append(l.levels, here)
		l.add(indent, "")
		return nil
	}
	for here.wide < l.levels[len(l.levels)-1].wide {
		l.levels = l.levels[:len(l.levels)-1]
		l.add(dedent, "")
	}
	if l.levels[len(l.levels)-1] != here {
		return l.fail("its indentation fits no line above")
	}
	return nil
}

// finish ends the last line and all blocks.
func (l *lexer) finish() error {
	if len(l.open) > 0 {
		l.line = l.tokens[l.open[len(l.open)-1]].line
		return l.fail("a bracket is never closed")
	}
	if n := len(l.tokens); n > 0 && l.tokens[n-1].kind != newline && l.tokens[n-1].kind != dedent {
		l.add(newline, "")
	}
	for range len(l.levels) - 1 {
		l.add(dedent, "")
	}
	l.add(end, "")
	return nil
}

// number takes all that may belong to one; which number it is matters to nobody.
func (l *lexer) number() {
	from := l.at
	for l.at < len(l.src) {
		c := l.src[l.at]
		exponent := (c == '+' || c == '-') && strings.ContainsRune("eE", rune(l.src[l.at-1])) && !strings.HasPrefix(l.src[from:], "0x") && !strings.HasPrefix(l.src[from:], "0X")
		if !isDigit(c) && c != '.' && c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (!exponent || l.at == from) {
			break
		}
		l.at++
	}
	l.add(number, l.src[from:l.at])
}

// other reads a string, a name or a mark.
func (l *lexer) other() error {
	if prefix, ok := stringPrefix(l.rest()); ok {
		return l.string(prefix)
	}
	r, _ := utf8.DecodeRuneInString(l.rest())
	if r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Other_ID_Start, r) {
		l.name()
		return nil
	}
	for n := 3; n > 0; n-- {
		if len(l.rest()) >= n && marks[l.rest()[:n]] {
			return l.mark(l.rest()[:n])
		}
	}
	return l.fail("it is not Python")
}

// name takes an identifier. Python takes names as equal that Unicode calls compatible (PEP 3131).
func (l *lexer) name() {
	from := l.at
	for _, r := range l.rest() {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.In(r, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Pc, unicode.Other_ID_Start, unicode.Other_ID_Continue) {
			break
		}
		l.at += utf8.RuneLen(r)
	}
	l.add(name, norm.NFKC.String(l.src[from:l.at]))
}

var marks = func() map[string]bool {
	all := map[string]bool{}
	for _, m := range strings.Fields(`( ) [ ] { } , : ; . = + - * / % & | ^ ~ < > @ ! == != <= >= -> := ** // << >> += -= *= /= %= &= |= ^= @= **= //= <<= >>= ...`) {
		all[m] = true
	}
	return all
}()

var closing = map[string]string{"(": ")", "[": "]", "{": "}"}

// mark takes an operator, and finds the other one of a bracket.
func (l *lexer) mark(src string) error {
	l.add(mark, src)
	l.at += len(src)
	here := len(l.tokens) - 1
	switch src {
	case "(", "[", "{":
		if len(l.open) == mostNesting {
			return l.fail("brackets are nested too deep")
		}
		l.open = append(l.open, here)
	case ")", "]", "}":
		if len(l.open) == 0 {
			return l.fail("a bracket closes nothing")
		}
		other := l.open[len(l.open)-1]
		if closing[l.tokens[other].src] != src {
			return l.fail("a bracket closes another kind")
		}
		l.open = l.open[:len(l.open)-1]
		l.tokens[other].span = here - other
	}
	return nil
}
