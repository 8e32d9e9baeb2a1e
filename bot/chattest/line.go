package chattest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// place is where a person types.
type place struct {
	channel string // its name, "" for #deploys
	dm      bool
	thread  int // the message whose thread it is, 0 for none
}

// field is one "name=value" of a line.
type field struct{ name, value string }

// line is one line that somebody typed, understood.
type line struct {
	person string
	at     place

	slash, rest string  // "/deploy", "status"
	text        string  // a message
	label       string  // [label]
	fields      []field // after a label, or of set
	set, close  bool
	shortcut    string // {name}
	on          int    // the message of a shortcut

	verb string   // of a "!" line
	args []string // its words

	remark bool // or blank
}

var (
	typed    = regexp.MustCompile(`^([a-z]+)(?: in (#[a-z0-9_-]+|dm|thread [1-9][0-9]*))?> (.*)$`)
	pressed  = regexp.MustCompile(`^\[([^\]]+)\]\s*(.*)$`)
	shortcut = regexp.MustCompile(`^\{([^}]+)\}\s+([1-9][0-9]*)$`)
)

// parse understands one typed line. The error says what such a line reads like.
func parse(text string) (line, error) {
	switch {
	case strings.TrimSpace(text) == "", strings.HasPrefix(text, "#"):
		return line{remark: true}, nil
	case strings.HasPrefix(text, "!"):
		return happens(text[1:])
	}
	m := typed.FindStringSubmatch(text)
	if m == nil {
		return line{}, fmt.Errorf("%q is no line: write `alice> /deploy status`, `!merge 46` or `# a remark`", text)
	}
	l := line{person: m[1]}
	switch at := m[2]; {
	case at == "dm":
		l.at.dm = true
	case strings.HasPrefix(at, "#"):
		l.at.channel = at[1:]
	case strings.HasPrefix(at, "thread "):
		l.at.thread, _ = strconv.Atoi(strings.TrimPrefix(at, "thread "))
	}
	return l.said(strings.TrimSpace(m[3]))
}

// happens reads what stands after the exclamation mark. A space there is refused: "! line 3: …" is what a play that
// failed ends with.
func happens(what string) (line, error) {
	words, err := quoted(what)
	if err != nil {
		return line{}, err
	}
	if len(words) == 0 || what[0] == ' ' {
		return line{}, fmt.Errorf("a word must follow the exclamation mark, as in !wait")
	}
	return line{verb: words[0], args: words[1:]}, nil
}

// said reads what stands after the ">".
func (l line) said(what string) (line, error) {
	button, chosen := pressed.FindStringSubmatch(what), shortcut.FindStringSubmatch(what)
	switch {
	case what == "":
		return line{}, fmt.Errorf("%s says nothing", l.person)
	case (button != nil || chosen != nil) && l.at != (place{}):
		return line{}, fmt.Errorf("what is pressed is found wherever it stands: write `%s> %s`", l.person, what)
	case button != nil:
		var err error
		l.label = button[1]
		l.fields, err = fields(button[2])
		return l, err
	case chosen != nil:
		l.shortcut = chosen[1]
		l.on, _ = strconv.Atoi(chosen[2])
		return l, nil
	case l.at == (place{}) && what == "close":
		l.close = true
		return l, nil
	case l.at == (place{}) && strings.HasPrefix(what, "set "):
		return l.sets(what[len("set "):])
	}
	if strings.HasPrefix(what, "/") {
		l.slash, l.rest, _ = strings.Cut(what, " ")
		return l, nil
	}
	l.text = what
	return l, nil
}

func (l line) sets(what string) (line, error) {
	var err error
	l.set = true
	l.fields, err = fields(what)
	if err == nil && len(l.fields) != 1 {
		err = fmt.Errorf("set takes one field, as in `set release=v120`")
	}
	return l, err
}

// fields reads name=value pairs; a value with spaces stands in double quotes.
func fields(text string) ([]field, error) {
	words, err := quoted(text)
	if err != nil {
		return nil, err
	}
	var list []field
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is no field: write name=value", w)
		}
		list = append(list, field{name, value})
	}
	return list, nil
}

// quoted splits at spaces that do not stand in double quotes, and takes the quotes away.
func quoted(text string) ([]string, error) {
	var (
		words  []string
		word   strings.Builder
		inside bool
		any    bool
	)
	end := func() {
		if any {
			words = append(words, word.String())
		}
		word.Reset()
		any = false
	}
	for _, r := range text {
		switch {
		case r == '"':
			inside, any = !inside, true
		case r == ' ' && !inside:
			end()
		default:
			word.WriteRune(r)
			any = true
		}
	}
	if inside {
		return nil, fmt.Errorf("a quotation mark is not closed")
	}
	end()
	return words, nil
}

// duration reads "10m" of a line such as "!clock 10m".
func duration(args []string) (time.Duration, error) {
	if len(args) == 1 {
		if d, err := time.ParseDuration(args[0]); err == nil && d > 0 {
			return d, nil
		}
	}
	return 0, fmt.Errorf("a duration must follow, such as 10m")
}
