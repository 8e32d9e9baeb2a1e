package djangosim

import (
	"fmt"
	"strings"
)

// A value of a migration file is a string, a number (as it is written), true, false, nil, a list, a dict, a name or a call.
type (
	number string
	name   string // dotted
	list   []any
	dict   map[string]any
	call   struct {
		of     string // dotted
		args   list
		named  dict
		source string
	}
)

// arg is an argument by its place or its name.
func (c call) arg(at int, name string) any {
	if v, ok := c.named[name]; ok {
		return v
	}
	if at < len(c.args) {
		return c.args[at]
	}
	return nil
}

func (c call) text(at int, name string) string {
	s, _ := c.arg(at, name).(string)
	return s
}

// module is what a file says: the values of its class Migration, and its functions with their docstrings.
type module struct {
	migration map[string]any
	functions map[string]string
}

// line is a logical one: brackets and triple quotes go over several of the file's.
type line struct {
	number, indent int
	text           string
}

// readModule reads a migration file.
func readModule(text string) (*module, error) {
	lines, err := logical(text)
	if err != nil {
		return nil, err
	}
	m := &module{functions: map[string]string{}}
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if l.indent > 0 {
			continue // of a function
		}
		body := i + 1
		for body < len(lines) && lines[body].indent > 0 {
			body++
		}
		switch {
		case strings.HasPrefix(l.text, "def "):
			function, _, _ := strings.Cut(strings.TrimPrefix(l.text, "def "), "(")
			m.functions[function] = docstring(lines[i+1 : body])
		case strings.HasPrefix(l.text, "class Migration("):
			if m.migration, err = readBody(lines[i+1 : body]); err != nil {
				return nil, err
			}
		}
		i = body - 1
	}
	if m.migration == nil {
		return nil, fmt.Errorf("there is no class Migration")
	}
	return m, nil
}

// docstring is that of a function.
func docstring(body []line) string {
	if len(body) == 0 {
		return ""
	}
	p := parser{text: body[0].text}
	if text, ok := p.value().(string); ok && p.err == nil && p.rest() == "" {
		return text
	}
	return ""
}

func readBody(body []line) (map[string]any, error) {
	values := map[string]any{}
	for _, l := range body {
		if l.indent != body[0].indent {
			return nil, fmt.Errorf("line %d: class Migration has more than values", l.number)
		}
		if l.text[0] == '"' || l.text[0] == '\'' || l.text == "pass" {
			continue
		}
		of, text, ok := strings.Cut(l.text, "=")
		p := parser{text: text}
		v := p.value()
		if rest := p.rest(); p.err == nil && rest != "" {
			p.fail("%q is left over", rest)
		}
		if !ok || p.err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", l.number, strings.TrimSpace(of), p.err)
		}
		values[strings.TrimSpace(of)] = v
	}
	return values, nil
}

// logical splits a file into logical lines without comments.
func logical(text string) (lines []line, err error) {
	var now strings.Builder
	depth, at := 0, 1
	begin := line{number: 1}
	end := func() {
		raw := now.String()
		now.Reset()
		if trimmed := strings.TrimSpace(raw); trimmed != "" {
			begin.indent, begin.text = len(raw)-len(strings.TrimLeft(raw, " \t")), trimmed
			lines = append(lines, begin)
		}
		begin = line{number: at}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\n':
			at++
			if depth == 0 {
				end()
			} else {
				now.WriteByte(' ')
			}
		case '#':
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		case '\'', '"':
			n := quoted(text[i:])
			if n == 0 {
				return nil, fmt.Errorf("line %d: a string does not end", at)
			}
			now.WriteString(text[i : i+n])
			at += strings.Count(text[i:i+n], "\n")
			i += n - 1
		default:
			switch {
			case strings.IndexByte("([{", c) >= 0:
				depth++
			case strings.IndexByte(")]}", c) >= 0:
				depth--
			}
			now.WriteByte(c)
		}
	}
	end()
	if depth != 0 {
		return nil, fmt.Errorf("line %d: a bracket is not closed", at)
	}
	return lines, nil
}

// quoted is the length of the string that a text begins with; 0: it does not end.
func quoted(text string) int {
	mark := text[:1]
	if len(text) >= 3 && text[1] == text[0] && text[2] == text[0] {
		mark = text[:3]
	}
	for i := len(mark); i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], mark):
			return i + len(mark)
		case text[i] == '\n' && len(mark) == 1:
			return 0
		}
	}
	return 0
}

// parser reads one value.
type parser struct {
	text string
	at   int
	err  error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
	p.at = len(p.text)
}

func (p *parser) rest() string {
	for p.at < len(p.text) && strings.IndexByte(" \t\r", p.text[p.at]) >= 0 {
		p.at++
	}
	return p.text[p.at:]
}

// eat takes a mark, if it comes next.
func (p *parser) eat(mark string) bool {
	if strings.HasPrefix(p.rest(), mark) {
		p.at += len(mark)
		return true
	}
	return false
}

func (p *parser) value() any {
	rest := p.rest()
	switch {
	case rest == "":
		p.fail("a value is missing")
	case rest[0] == '\'' || rest[0] == '"':
		return p.str()
	case rest[0] == '[':
		return p.items("[", "]")
	case rest[0] == '(':
		return p.items("(", ")")
	case rest[0] == '{':
		return p.dict()
	case rest[0] == '-' || rest[0] >= '0' && rest[0] <= '9':
		n := 1
		for n < len(rest) && strings.IndexByte("0123456789._eE", rest[n]) >= 0 {
			n++
		}
		p.at += n
		return number(rest[:n])
	case isLetter(rest[0]):
		return p.named()
	default:
		p.fail("%.20q cannot be read", rest)
	}
	return nil
}

func isLetter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// str reads strings that stand one after the other.
func (p *parser) str() string {
	var all strings.Builder
	for rest := p.rest(); rest != "" && (rest[0] == '\'' || rest[0] == '"'); rest = p.rest() {
		n := quoted(rest)
		mark := 1
		if n >= 6 && rest[1] == rest[0] && rest[2] == rest[0] {
			mark = 3
		}
		inner := rest[mark : n-mark]
		for i := 0; i < len(inner); i++ {
			if inner[i] != '\\' {
				all.WriteByte(inner[i])
				continue
			}
			i++
			if plain, ok := escapes[inner[i]]; ok {
				all.WriteString(plain)
			} else {
				p.fail("the escape \\%c cannot be read", inner[i])
				return ""
			}
		}
		p.at += n
	}
	return all.String()
}

var escapes = map[byte]string{'n': "\n", 't': "\t", '\\': "\\", '\'': "'", '"': "\"", '\n': ""}

func (p *parser) items(open, end string) list {
	p.eat(open)
	all := list{}
	for !p.eat(end) {
		if all = append(all, p.value()); p.err != nil {
			return nil
		}
		if !p.eat(",") && !strings.HasPrefix(p.rest(), end) {
			p.fail("%.20q stands where %s is expected", p.rest(), end)
			return nil
		}
	}
	return all
}

func (p *parser) dict() dict {
	p.eat("{")
	all := dict{}
	for !p.eat("}") {
		key, ok := p.value().(string)
		if !ok || !p.eat(":") {
			p.fail("a dict has a key that is no string")
			return nil
		}
		all[key] = p.value()
		if !p.eat(",") && !strings.HasPrefix(p.rest(), "}") {
			p.fail("a dict does not end")
			return nil
		}
	}
	return all
}

// word reads a dotted name.
func (p *parser) word() string {
	rest := p.rest()
	n := 0
	for n < len(rest) && (isLetter(rest[n]) || rest[n] == '.' || n > 0 && rest[n] >= '0' && rest[n] <= '9') {
		n++
	}
	p.at += n
	return rest[:n]
}

// named reads a name, True, False, None or a call.
func (p *parser) named() any {
	from := p.at
	of := p.word()
	if constant, ok := map[string]any{"True": true, "False": false, "None": nil}[of]; ok {
		return constant
	}
	if !p.eat("(") {
		return name(of)
	}
	c := call{of: of, named: dict{}}
	for !p.eat(")") {
		first := p.rest() + " "
		before := p.at
		if isLetter(first[0]) {
			if key := p.word(); p.eat("=") {
				c.named[key] = p.value()
			} else {
				p.at = before
			}
		}
		if p.at == before {
			c.args = append(c.args, p.value())
		}
		if !p.eat(",") && !strings.HasPrefix(p.rest(), ")") {
			p.fail("%.20q stands in the arguments of %s", p.rest(), of)
			return nil
		}
	}
	c.source = p.text[from:p.at]
	return c
}
