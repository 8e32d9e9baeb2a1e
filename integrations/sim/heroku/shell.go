package herokusim

import (
	"regexp"
	"strconv"
	"strings"
)

// shell is as much of a shell as one-off dynos are asked for: "The command goes to a shell (`;`, `$?`, `&&` work)".
type shell struct {
	print   func(line string)
	command func(text string) int // runs what the shell does not do itself
	vars    map[string]string
	status  int
	over    bool // exit was called, or the dyno killed
	killed  func() bool
}

// shell is that of a dyno; its commands are those of OnRun.
func (a *App) shell(o *oneOff, print func(string)) *shell {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	does := a.onRun
	commit := ""
	if o.release.slug != nil {
		commit = o.release.slug.commit
	}
	in := &stdin{ctx: o.ctx, from: o.stdin}
	return &shell{
		print: print, vars: o.env, killed: func() bool { return o.ctx.Err() != nil },
		command: func(text string) int {
			if does == nil {
				return 0
			}
			return does(o.ctx, Run{
				App: a, ID: o.id, Name: o.name, Type: o.kind, Size: o.size, Command: text, Env: o.env,
				Release: o.release.version, Commit: commit, Stdin: in, server: a.server, print: print,
			})
		},
	}
}

// run runs a line and gives the exit status of its last command.
func (s *shell) run(line string) int {
	for _, part := range commands(line) {
		if s.over || s.killed() {
			break
		}
		if part.after == "&&" && s.status != 0 || part.after == "||" && s.status == 0 {
			continue
		}
		s.status = s.one(part.text)
	}
	return s.status
}

var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// one runs one command.
func (s *shell) one(text string) int {
	words := s.words(text)
	if len(words) == 0 {
		return s.status
	}
	switch {
	case len(words) == 1 && assignment.MatchString(words[0]):
		name, value, _ := strings.Cut(words[0], "=")
		s.vars[name] = value
		return 0
	case words[0] == "echo":
		s.print(strings.Join(words[1:], " "))
		return 0
	case words[0] == "exit":
		s.over = true
		if len(words) == 1 {
			return s.status
		}
		n, _ := strconv.Atoi(words[1]) // a word that is no number exits 0 here
		return n & 0xff
	case words[0] == "true", words[0] == "false":
		return map[string]int{"true": 0, "false": 1}[words[0]]
	case len(words) == 3 && (words[0] == "sh" || words[0] == "bash") && words[1] == "-c":
		inner := *s
		inner.status = 0
		return inner.run(words[2])
	}
	return s.command(text)
}

// part is a command of a line, and what stands before it.
type part struct{ after, text string }

// commands splits a line at ";", "&&" and "||", and at line ends, outside quotes.
func commands(line string) []part {
	var parts []part
	var quote byte
	after, begin := "", 0
	cut := func(end int, next string) {
		if text := strings.TrimSpace(line[begin:end]); text != "" {
			parts = append(parts, part{after, text})
		}
		after, begin = next, end+len(next)
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ';' || c == '\n':
			cut(i, line[i:i+1])
		case strings.HasPrefix(line[i:], "&&") || strings.HasPrefix(line[i:], "||"):
			cut(i, line[i:i+2])
			i++
		}
	}
	cut(len(line), "")
	return parts
}

// words splits a command at spaces outside quotes, takes the quotes away, and fills in variables and "$?".
func (s *shell) words(text string) []string {
	var words []string
	var word strings.Builder
	var quote byte
	inside := false
	end := func() {
		if inside {
			words = append(words, word.String())
		}
		word.Reset()
		inside = false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && quote == 0 && i+1 < len(text), c == '\\' && quote == '"' && i+1 < len(text) && strings.IndexByte("\"\\$`", text[i+1]) >= 0:
			i++
			word.WriteByte(text[i])
			inside = true
		case c == quote && quote != 0:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, inside = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			end()
		case c == '$' && quote != '\'':
			value, n := s.variable(text[i:])
			word.WriteString(value)
			inside = true
			i += n - 1
		default:
			word.WriteByte(c)
			inside = true
		}
	}
	end()
	return words
}

var variableName = regexp.MustCompile(`^\$(\?|[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})`)

// variable gives the value of the variable that a text begins with, and how long its name is; "$" alone is itself.
func (s *shell) variable(text string) (value string, n int) {
	name := variableName.FindString(text)
	switch name {
	case "":
		return "$", 1
	case "$?":
		return strconv.Itoa(s.status), 2
	}
	return s.vars[strings.Trim(name, "${}")], len(name)
}
