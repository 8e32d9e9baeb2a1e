package settings

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"slipway/bot/say"
)

// value is what stands behind a key.
type value struct {
	*gather
	key  key
	node *yaml.Node
	item bool // one of a list
}

// fault tells that a value is wrong. The sentence begins with the setting's name.
func (v value) fault(format string, args ...any) {
	v.add(v.node.Line, "`"+v.key.name+"` "+format, args...)
}

// wrong tells that the value is of another kind than the setting takes.
func (v value) wrong() {
	switch {
	case v.item:
		v.fault("has %s in its list. It takes %s.", kind(v.node), v.key.takes)
		return
	case null(v.node):
		v.fault("has no value. It takes %s.", v.key.takes)
		return
	}
	v.fault("takes %s, not %s.", v.key.takes, kind(v.node))
}

// word gives a single value as it was written: “1.10” stays so, and “no” is a word. It tells of any other kind of value.
func (v value) word() (string, bool) {
	switch {
	case told(v.node):
		return "", false
	case v.node.Kind != yaml.ScalarNode, null(v.node), strings.TrimSpace(v.node.Value) == "":
		v.wrong()
		return "", false
	}
	return strings.TrimSpace(v.node.Value), true
}

// items gives the values of a list, or a single word as a list of itself.
func (v value) items() []value {
	switch {
	case told(v.node):
		return nil
	case v.node.Kind == yaml.ScalarNode:
		return []value{v}
	case v.node.Kind != yaml.SequenceNode, len(v.node.Content) == 0:
		v.wrong()
		return nil
	}
	var list []value
	for _, n := range v.node.Content {
		list = append(list, value{v.gather, v.key, n, true})
	}
	return list
}

// yes reads a switch.
func (v value) yes(to *bool) {
	word, ok := v.word()
	if !ok {
		return
	}
	switch low := strings.ToLower(word); {
	case affirms(low):
		*to = true
	case denies(low):
		*to = false
	default:
		v.wrong()
	}
}

// affirms and denies know YAML's words for yes and no, of all its versions, and those that people write instead. A word is in
// lower case.
func affirms(word string) bool {
	switch word {
	case "yes", "y", "true", "on":
		return true
	}
	return false
}

func denies(word string) bool {
	switch word {
	case "no", "n", "false", "off", "none", "never":
		return true
	}
	return false
}

// quoted shows a value of the file.
func quoted(word string) string { return say.ForeignCode(word, 40) }
