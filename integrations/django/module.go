package django

import (
	"maps"
	"slices"
	"strings"
)

// module is what is known of the names of a file.
type module struct {
	names map[string]string // imports: what they mean, dotted
	fixed map[string]Expr   // constants that are assigned once
	loose map[string]bool   // names that may have another value: changed, added to, assigned again or under a condition
	moved map[string]bool   // those of them that are changed in place other than by +=
	star  []token           // from … import *, of another package than Django's
	class []statement       // class Migration, each time it stands there
}

// survey reads a file's own level.
func survey(file []statement, all []token) *module {
	m := &module{names: map[string]string{}, fixed: map[string]Expr{}, loose: map[string]bool{}, moved: changed(all)}
	maps.Copy(m.loose, m.moved)
	for i, t := range all[:len(all)-1] {
		if t.kind == name && all[i+1].is("+=") {
			m.loose[t.src] = true
		}
	}
	for _, s := range file {
		m.take(s, true)
	}
	return m
}

// take reads a statement; sure says that it runs in any case.
func (m *module) take(s statement, sure bool) {
	t := s.tokens
	switch {
	case len(t) == 0:
	case t[0].word("import"), t[0].word("from"):
		m.imports(t)
	case t[0].word("class"), t[0].word("def"), len(t) > 1 && t[0].word("async") && t[1].word("def"):
		m.defines(s, sure)
	case s.block:
		for _, inner := range s.body {
			m.take(inner, false)
		}
	default:
		m.assigns(t, sure)
	}
}

func (m *module) defines(s statement, sure bool) {
	i := slices.IndexFunc(s.tokens, func(t token) bool { return t.word("class") || t.word("def") }) + 1
	if i >= len(s.tokens) {
		return
	}
	called := s.tokens[i].src
	if s.tokens[i-1].src == "class" && called == "Migration" {
		m.class = append(m.class, s)
		if !sure {
			m.loose[called] = true
		}
		return
	}
	m.bind(called, Expr{Form: Name, Text: called}, sure)
}

// bind gives a name a value. One that has two may have either.
func (m *module) bind(called string, value Expr, sure bool) {
	_, again := m.fixed[called]
	_, imported := m.names[called]
	if !sure || again || imported {
		m.loose[called] = true
	}
	m.fixed[called] = value
}

func (m *module) assigns(t []token, sure bool) {
	target, value, ok := assignment(t)
	if !ok {
		return
	}
	for _, part := range split(target, "=") { // a = b = …
		if len(part) == 1 && part[0].kind == name {
			m.bind(part[0].src, expression(value), sure)
			continue
		}
		for _, t := range part { // a, b = …
			if t.kind == name {
				m.loose[t.src] = true
			}
		}
	}
}

// assignment splits name = value and name: type = value.
func assignment(t []token) (target, value []token, ok bool) {
	last := -1
	for i := 0; i < len(t); i = behind(t, i) {
		if t[i].is("=") {
			last = i
		}
	}
	if last <= 0 {
		return nil, nil, false
	}
	target = t[:last]
	if at := outside(target, ":"); at > 0 {
		target = target[:at]
	}
	return target, t[last+1:], true
}

// imports notes what names mean.
func (m *module) imports(t []token) {
	from := ""
	i := 1
	if t[0].word("from") {
		from, i = dotted(t, 1)
		from += "."
		if i < len(t) && t[i].word("import") {
			i++
		}
		if i < len(t) && t[i].is("(") {
			t = t[:len(t)-1]
			i++
		}
	}
	for i < len(t) {
		if t[i].is("*") {
			if !strings.HasPrefix(from, "django.") {
				m.star = t
			}
			return
		}
		what, next := dotted(t, i)
		called, _, _ := strings.Cut(what, ".")
		means := from + what
		if from == "" {
			means = called
		}
		if next+1 < len(t) && t[next].word("as") {
			called, means = t[next+1].src, from+what
			next += 2
		}
		if old, ok := m.names[called]; ok && old != means {
			m.loose[called] = true
		}
		m.names[called] = means
		i = next + 1
	}
}

// dotted reads a dotted name, relative ones too, and gives the index behind it.
func dotted(t []token, i int) (text string, next int) {
	for i < len(t) && (t[i].is(".") || t[i].is("...")) {
		text += t[i].src
		i++
	}
	for i < len(t) && t[i].kind == name && !t[i].word("import") && !t[i].word("as") {
		text += t[i].src
		if i++; i >= len(t) || !t[i].is(".") {
			break
		}
		text += "."
		i++
	}
	return text, i
}

// changers are the methods that change a list or a dictionary.
var changers = []string{"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem", "__setitem__", "__iadd__"}

// augmented are the marks, besides +=, that change a name in place.
var augmented = []string{"-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**=", "//=", "<<=", ">>=", ":="}

// changed are the names that are changed anywhere in a file, other than by = and +=.
func changed(all []token) map[string]bool {
	names := map[string]bool{}
	for i, t := range all[:max(len(all)-2, 0)] {
		next, after := all[i+1], all[i+2]
		switch {
		case t.word("global"), t.word("nonlocal"), t.word("del"):
			for j := i + 1; j < len(all) && all[j].kind != newline; j++ {
				names[all[j].src] = true
			}
		case t.kind != name:
		case next.kind == mark && slices.Contains(augmented, next.src):
			names[t.src] = true
		case next.is(".") && after.kind == name && slices.Contains(changers, after.src):
			names[t.src] = true
		case next.is("["):
			if end := behind(all, i+1); end < len(all) && (all[end].is("=") || all[end].is("+=") || slices.Contains(augmented, all[end].src)) {
				names[t.src] = true
			}
		}
	}
	return names
}

// resolve gives what a name stands for, one step far: a constant's value, or what was imported.
func (m *module) resolve(e Expr) Expr {
	if e.Form != Name && e.Form != Call {
		return e
	}
	head, rest, deep := strings.Cut(e.Text, ".")
	if m.loose[head] {
		return Expr{Form: Opaque, Line: e.Line, Text: e.Text, Why: head + " may have more than one value"}
	}
	if means, ok := m.names[head]; ok {
		e.Text = means
		if deep {
			e.Text += "." + rest
		}
		return e
	}
	if value, ok := m.fixed[head]; ok && e.Form == Name && !deep {
		value.Line = e.Line
		return value
	}
	return e
}
