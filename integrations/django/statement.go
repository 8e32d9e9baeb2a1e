package django

import "slices"

// statement is one, with what stands indented below it.
type statement struct {
	tokens []token // up to the colon of a compound one
	body   []statement
	block  bool // it has a body
}

// compound are the words that begin a statement with a body. The soft ones, match and case, always have theirs on lines of its own.
var compound = []string{"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class", "async"}

// statements splits a file, from tokens that have their blocks closed.
func statements(tokens []token) []statement {
	list, _ := block(tokens, 0)
	return list
}

// block takes statements up to the end of their block, and gives the index behind it.
func block(tokens []token, from int) (list []statement, next int) {
	for from < len(tokens) {
		switch tokens[from].kind {
		case end:
			return list, from
		case dedent:
			return list, from + 1
		case newline, indent: // an indent without a header is no Python; what is in it counts all the same
			from++
			continue
		}
		stop := from
		for tokens[stop].kind != newline && tokens[stop].kind != end {
			stop++
		}
		line := tokens[from:stop]
		from = min(stop+1, len(tokens)-1)
		if tokens[from].kind == indent {
			var body []statement
			body, from = block(tokens, from+1)
			list = append(list, statement{header(line), body, true})
			continue
		}
		list = append(list, oneLine(line)...)
	}
	return list, from
}

// header is a line without the colon at its end.
func header(line []token) []token {
	if n := len(line); n > 0 && line[n-1].is(":") {
		return line[:n-1]
	}
	return line
}

// oneLine splits a line at its semicolons. The body of a compound statement may stand on its own line.
func oneLine(line []token) (list []statement) {
	if line[0].kind == name && slices.Contains(compound, line[0].src) {
		if at := outside(line, ":"); at >= 0 {
			return []statement{{line[:at], oneLines(line[at+1:]), true}}
		}
	}
	return oneLines(line)
}

func oneLines(line []token) (list []statement) {
	for len(line) > 0 {
		at := outside(line, ";")
		if at < 0 {
			return append(list, statement{tokens: line})
		}
		if at > 0 {
			list = append(list, statement{tokens: line[:at]})
		}
		line = line[at+1:]
	}
	return list
}

// outside finds a mark that stands in no bracket, nor before the colon of a lambda; -1: there is none.
func outside(tokens []token, src string) int {
	lambdas := 0
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.word("lambda"):
			lambdas++
		case lambdas > 0 && t.is(":"):
			lambdas--
		case t.is(src):
			return i
		}
		i = behind(tokens, i) - 1
	}
	return -1
}

// behind is the index behind a token, or behind the bracket that it opens.
func behind(tokens []token, i int) int {
	t := tokens[i]
	if t.kind != mark || closing[t.src] == "" {
		return i + 1
	}
	return i + t.span + 1
}
