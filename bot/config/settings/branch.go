package settings

import (
	"regexp"
	"strings"
)

func branchKeys() []key {
	return []key{{
		name: "branch", takes: "the name of a branch", preset: "the default branch",
		what: "the branch that deploys",
		read: func(v value, to *App) {
			if name, ok := v.word(); ok && v.branch(name) {
				to.Branch = name
			}
		},
	}}
}

// noBranch matches what git check-ref-format refuses in the name of a branch, and what cannot be seen in one.
var noBranch = regexp.MustCompile(`[\p{C}\p{Z}~^:?*\[\\]|\.\.|@\{|//|^[/.-]|/\.|[/.]$|\.lock(?:/|$)|^@$`)

// longestBranch is GitHub's limit for a ref, in bytes.
const longestBranch = 255

func (v value) branch(name string) bool {
	short, ref := strings.CutPrefix(name, "refs/heads/")
	switch {
	case noBranch.MatchString(name), len(name) > longestBranch:
		v.fault("cannot be %s, which is no name of a branch.", quoted(name))
	case ref:
		v.fault("takes the name alone. Did you mean %s?", quoted(short))
	default:
		return true
	}
	return false
}
