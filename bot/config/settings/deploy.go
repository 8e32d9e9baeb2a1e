package settings

import (
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// workflows is the folder that GitHub reads workflows from. It reads none below it.
const workflows = ".github/workflows/"

func deployKeys() []key {
	return []key{
		{
			name: "deploy.workflow", takes: "a file of `.github/workflows`, such as `deploy.yml`", preset: "seen from what released before",
			what: "the workflow that deploys",
			read: func(v value, to *App) { v.workflow(&to.Deploy.Workflow) },
		},
		{
			name: "deploy.step", takes: "a regular expression, or a list of names", preset: "steps named like one that ships",
			what: "the step of that workflow that ships",
			read: func(v value, to *App) { v.step(&to.Deploy.Step) },
		},
	}
}

var (
	workflowFile = regexp.MustCompile(`^[^/\\\p{C}]+\.ya?ml$`)
	workflowWord = regexp.MustCompile(`^[a-z0-9_-]+$`)
)

func (v value) workflow(to *string) {
	word, ok := v.word()
	if !ok {
		return
	}
	file := strings.TrimPrefix(word, workflows)
	switch meant := strings.TrimPrefix(path.Clean("/"+word), "/"+workflows); {
	case workflowFile.MatchString(file):
		*to = workflows + file
	case workflowFile.MatchString(strings.TrimPrefix(meant, "/")):
		v.fault("cannot be %s. Did you mean %s?", quoted(word), quoted(strings.TrimPrefix(meant, "/")))
	case workflowWord.MatchString(word):
		v.fault("cannot be %s. Did you mean %s?", quoted(word), quoted(word+".yml"))
	default:
		v.wrong()
	}
}

// longestPattern bounds a regular expression and a name, in bytes.
const longestPattern = 200

// step makes one expression of a regular expression, which may also be a name with signs in it, or of names, whose case does
// not count.
func (v value) step(to **regexp.Regexp) {
	if v.node.Kind == yaml.SequenceNode {
		v.names(to)
		return
	}
	word, ok := v.word()
	if !ok || v.long(word) {
		return
	}
	pattern, err := regexp.Compile(word)
	switch {
	case err != nil:
		v.fault("cannot be %s, which is no regular expression. A name goes into a list: `[\"…\"]`.", quoted(word))
	case pattern.MatchString(""):
		v.fault("cannot be %s, which matches every step.", quoted(word))
	case pattern.MatchString(word):
		*to = pattern
	default:
		*to = regexp.MustCompile(`(?:` + word + `)|^` + regexp.QuoteMeta(word) + `$`)
	}
}

func (v value) names(to **regexp.Regexp) {
	var names []string
	for _, item := range v.items() {
		if v.full() {
			return
		}
		if name, ok := item.word(); ok && !item.long(name) {
			names = append(names, regexp.QuoteMeta(name))
		}
	}
	if len(names) > 0 {
		*to = regexp.MustCompile(`(?i)^(?:` + strings.Join(names, "|") + `)$`)
	}
}

func (v value) long(word string) bool {
	if len(word) <= longestPattern {
		return false
	}
	v.fault("is longer than %d bytes.", longestPattern)
	return true
}
