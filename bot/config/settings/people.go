package settings

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// People are Slack user ids by GitHub login, for mentions and nothing else: they give no rights.
type People map[string]string

// Slack gives the Slack user id that the file names for a GitHub login, whose case does not count.
func (p People) Slack(login string) (id string, ok bool) {
	id, ok = p[strings.ToLower(login)]
	return id, ok
}

func peopleKeys() []key {
	return []key{{
		name: "people", takes: "GitHub logins, each with a Slack user id (`U…`, `W…`)", preset: "found by e-mail",
		what: "who is mentioned for whose commits",
		read: func(v value, to *App) { v.people(to.People) },
	}}
}

var (
	// login is GitHub's rule, and the underscore of accounts that a company manages.
	login = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$`)
	// userID is looser than Slack's ids are long: no source gives a length.
	userID = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
)

func (v value) people(to People) {
	switch {
	case told(v.node), null(v.node):
		return
	case v.node.Kind != yaml.MappingNode:
		v.wrong()
		return
	}
	r := &reading{gather: v.gather}
	seen := map[string]int{}
	for name, n := range pairs(v.node) {
		if v.full() {
			return
		}
		github, ok := r.name(name)
		if !ok || !v.login(name.Line, github) || r.again(seen, name.Line, strings.ToLower(github)) {
			continue
		}
		if id, ok := v.user(n, github); ok {
			to[strings.ToLower(github)] = id
		}
	}
}

func (v value) login(line int, name string) bool {
	bare := strings.TrimPrefix(name, "@")
	switch {
	case login.MatchString(name):
		return true
	case login.MatchString(bare):
		v.add(line, "%s is no GitHub login. Did you mean %s?", quoted(name), quoted(bare))
	default:
		v.add(line, "%s is no GitHub login.", quoted(name))
	}
	return false
}

// user reads the Slack user id of a login.
func (v value) user(n *yaml.Node, github string) (string, bool) {
	if told(n) {
		return "", false
	}
	const where = "In Slack: the person's profile, ⋮, Copy member ID."
	if n.Kind != yaml.ScalarNode || null(n) || n.Value == "" {
		v.add(n.Line, "%s takes a Slack user id (`U…`, `W…`), not %s. %s", quoted(github), kind(n), where)
		return "", false
	}
	word := strings.TrimSpace(n.Value)
	if userID.MatchString(word) {
		return word, true
	}
	if meant, ok := meantUser(word); ok {
		v.add(n.Line, "%s is no Slack user id. Did you mean `%s`?", quoted(word), meant)
	} else {
		v.add(n.Line, "%s is no Slack user id (`U…`, `W…`). %s", quoted(word), where)
	}
	return "", false
}

// meantUser gives the Slack user id in something that holds one: <@U123>, @U123, or with small letters. A word is not taken
// for one unless it has a digit.
func meantUser(word string) (string, bool) {
	id := strings.ToUpper(strings.Trim(word, "<@>"))
	return id, userID.MatchString(id) && strings.ContainsAny(id, "0123456789")
}
