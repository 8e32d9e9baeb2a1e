package django

import "strings"

// Form is what an expression is.
type Form string

// The forms.
const (
	String Form = "string"
	Number Form = "number"
	Bool   Form = "bool"
	None   Form = "none"
	List   Form = "list" // or a tuple, or a set
	Dict   Form = "dict" // its keys are strings
	Name   Form = "name" // dotted
	Call   Form = "call" // of a dotted name
	Lambda Form = "lambda"
	Opaque Form = "opaque" // whatever else
)

// Expr is an expression, as far as it can be read without running it.
type Expr struct {
	Form Form
	Line int
	// Text is the value of a string, the dotted name of a name or of what is called, and the source of a number and of what is opaque.
	Text  string
	Items []Expr      // of a list; of a call, its arguments by position
	Named []NamedExpr // of a call, those with a name; of a dictionary, its entries
	// Spread says that a call has arguments that are not written out: *a or **b.
	Spread bool
	Why    string // it is opaque
	// Some says of something opaque that it is a string in any case, and so not None.
	Some bool
}

// NamedExpr is a keyword argument, or an entry of a dictionary.
type NamedExpr struct {
	Name string
	Expr
}

// Arg is an argument of a call, by its place (from 0 on) or name. Where arguments are not written out, one that is not found may be
// there all the same: see Spread.
func (e Expr) Arg(at int, name string) (Expr, bool) {
	for _, n := range e.Named {
		if n.Name == name {
			return n.Expr, true
		}
	}
	if at >= 0 && at < len(e.Items) {
		return e.Items[at], true
	}
	return Expr{}, false
}

// mostSource is how much of something opaque is kept.
const mostSource = 200

// opaque stands for what cannot be read.
func opaque(tokens []token, why string) Expr {
	e := Expr{Form: Opaque, Why: why, Text: source(tokens)}
	if len(tokens) > 0 {
		e.Line = tokens[0].line
		e.Some = tokens[0].kind == text && !anyOf(tokens[1:], isKeyword)
	}
	return e
}

// source writes tokens down again, on one line.
func source(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && (t.kind != mark || closing[t.src] != "") && tokens[i-1].kind != mark {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ReplaceAll(t.src, "\n", " "))
		if b.Len() > mostSource {
			return strings.ToValidUTF8(b.String()[:mostSource], "") + "…"
		}
	}
	return b.String()
}

// keywords are those that make something else of an expression that began as a string.
var keywords = map[string]bool{"if": true, "else": true, "and": true, "or": true, "not": true, "in": true, "is": true, "for": true, "lambda": true, "await": true}

func isKeyword(t token) bool {
	return t.kind == name && keywords[t.src] || t.is(".") || t.is("[") || t.is(",") || t.is("<") || t.is(">") || t.is("==") || t.is("!=") || t.is("<=") || t.is(">=")
}

func anyOf(tokens []token, is func(token) bool) bool {
	for i := 0; i < len(tokens); i = behind(tokens, i) {
		if is(tokens[i]) {
			return true
		}
	}
	return false
}

// expression reads one that takes all of the tokens.
func expression(tokens []token) Expr {
	if len(tokens) == 0 {
		return opaque(tokens, "there is nothing")
	}
	if tokens[0].word("lambda") {
		return Expr{Form: Lambda, Line: tokens[0].line, Text: source(tokens)}
	}
	if parts := split(tokens, ","); len(parts) > 1 { // a tuple without brackets
		return list(tokens, parts)
	}
	parts := split(tokens, "+")
	sum := primary(parts[0])
	for _, part := range parts[1:] {
		more := primary(part)
		switch {
		case sum.Form == List && more.Form == List:
			sum.Items = append(sum.Items, more.Items...)
		case sum.Form == String && more.Form == String:
			sum.Text += more.Text
		default:
			return opaque(tokens, "it is computed")
		}
	}
	if sum.Form == Opaque {
		return opaque(tokens, sum.Why)
	}
	return sum
}

// split cuts at a mark that stands in no bracket, nor before the colon of a lambda.
func split(tokens []token, src string) (parts [][]token) {
	for {
		at := outside(tokens, src)
		if at < 0 {
			return append(parts, tokens)
		}
		parts = append(parts, tokens[:at])
		tokens = tokens[at+1:]
	}
}

// trimmed is without what a comma at the end seems to begin.
func trimmed(parts [][]token) [][]token {
	if n := len(parts); len(parts[n-1]) == 0 {
		return parts[:n-1]
	}
	return parts
}

// list reads what stands between commas.
func list(all []token, parts [][]token) Expr {
	e := Expr{Form: List, Line: all[0].line}
	for _, p := range trimmed(parts) {
		switch {
		case len(p) == 0:
			return opaque(all, "something is missing between two commas")
		case p[0].is("*"), p[0].is("**"):
			return opaque(all, "it takes up a list that is not written out")
		case anyOf(p, func(t token) bool { return t.word("for") }):
			return opaque(all, "it is computed")
		}
		e.Items = append(e.Items, expression(p))
	}
	return e
}

// primary reads an expression without operators.
func primary(tokens []token) Expr {
	if len(tokens) == 0 {
		return opaque(tokens, "it is computed")
	}
	first := tokens[0]
	whole := behind(tokens, 0) == len(tokens)
	switch {
	case first.kind == text:
		return words(tokens)
	case first.kind == number && whole:
		return Expr{Form: Number, Line: first.line, Text: first.src}
	case first.is("-") && len(tokens) == 2 && tokens[1].kind == number:
		return Expr{Form: Number, Line: first.line, Text: "-" + tokens[1].src}
	case first.is("[") && whole:
		return inBrackets(tokens)
	case first.is("{") && whole:
		return inBraces(tokens)
	case first.is("(") && whole:
		inner := tokens[1 : len(tokens)-1]
		if len(inner) == 0 || len(split(inner, ",")) > 1 {
			return inBrackets(tokens)
		}
		if anyOf(inner, func(t token) bool { return t.word("for") || t.word("yield") || t.is(":=") }) {
			return opaque(tokens, "it is computed")
		}
		return expression(inner)
	case first.kind == name:
		return named(tokens)
	}
	return opaque(tokens, "it is computed")
}

func inBrackets(tokens []token) Expr {
	inner := tokens[1 : len(tokens)-1]
	if len(inner) == 0 {
		return Expr{Form: List, Line: tokens[0].line}
	}
	e := list(inner, split(inner, ","))
	e.Line = tokens[0].line
	return e
}

// inBraces reads a set or a dictionary.
func inBraces(tokens []token) Expr {
	inner := tokens[1 : len(tokens)-1]
	if len(inner) > 0 && outside(inner, ":") < 0 {
		return inBrackets(tokens)
	}
	e := Expr{Form: Dict, Line: tokens[0].line}
	if len(inner) == 0 {
		return e
	}
	for _, p := range trimmed(split(inner, ",")) {
		at := outside(p, ":")
		if at <= 0 {
			return opaque(tokens, "it takes up a dictionary that is not written out")
		}
		key := expression(p[:at])
		if key.Form != String || anyOf(p, func(t token) bool { return t.word("for") }) {
			return opaque(tokens, "it is computed")
		}
		e.Named = append(e.Named, NamedExpr{key.Text, expression(p[at+1:])})
	}
	return e
}

// words reads strings that stand one after the other.
func words(tokens []token) Expr {
	e := Expr{Form: String, Line: tokens[0].line}
	for _, t := range tokens {
		if t.kind != text {
			return opaque(tokens, "it is computed")
		}
		if !t.known {
			return opaque(tokens, "the string is computed")
		}
		e.Text += t.value
	}
	return e
}

// constants are the names that stand for themselves.
var constants = map[string]Form{"None": None, "True": Bool, "False": Bool}

// named reads a dotted name, or the call of one.
func named(tokens []token) Expr {
	e := Expr{Form: Name, Line: tokens[0].line, Text: tokens[0].src}
	if form, ok := constants[e.Text]; ok && len(tokens) == 1 {
		e.Form = form
		return e
	}
	i := 1
	for ; i+1 < len(tokens) && tokens[i].is(".") && tokens[i+1].kind == name; i += 2 {
		e.Text += "." + tokens[i+1].src
	}
	switch {
	case i == len(tokens):
		return e
	case tokens[i].is("(") && behind(tokens, i) == len(tokens):
		return called(tokens, e, tokens[i+1:len(tokens)-1])
	}
	return opaque(tokens, "it is computed")
}

// called reads the arguments of a call.
func called(all []token, e Expr, inner []token) Expr {
	e.Form = Call
	if len(inner) == 0 {
		if e.Text == "set" || e.Text == "list" || e.Text == "tuple" {
			e.Form = List
		}
		return e
	}
	parts := split(inner, ",")
	for _, p := range trimmed(parts) {
		switch {
		case len(p) == 0:
			return opaque(all, "something is missing between two commas")
		case p[0].is("*"), p[0].is("**"):
			e.Spread = true
		case len(p) > 2 && p[0].kind == name && p[1].is("="):
			e.Named = append(e.Named, NamedExpr{p[0].src, expression(p[2:])})
		case anyOf(p, func(t token) bool { return t.word("for") || t.is("=") || t.is(":=") }):
			return opaque(all, "it is computed")
		default:
			e.Items = append(e.Items, expression(p))
		}
	}
	return e
}
