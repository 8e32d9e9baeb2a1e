package django

import "fmt"

// kind is what a token is.
type kind int

const (
	name kind = iota
	number
	text // a string, whatever its prefix
	mark // an operator or a bracket
	newline
	indent
	dedent
	end
)

// token is one of Python's.
type token struct {
	kind kind
	src  string // as it stands; of a name, normalized as Python does
	line int    // from 1 on

	value string // of a string that can be known
	known bool   // value is: it is no f-string, no bytes, and its escapes are plain
	span  int    // of an opening bracket: how many tokens on the closing one stands
}

func (t token) is(src string) bool { return t.kind == mark && t.src == src }

func (t token) word(src string) bool { return t.kind == name && t.src == src }

// SyntaxError is why a file is no Python that can be read.
type SyntaxError struct {
	Line int // from 1 on
	Why  string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// The limits of a file. CPython's own are 200 brackets and 100 indentations.
const (
	mostBytes    = 1 << 20
	mostNesting  = 200
	mostIndented = 100
)
