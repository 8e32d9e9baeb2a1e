package config

import (
	"slices"
	"strings"

	"slipway/bot/say"
)

// misspelt finds a variable of the environment that was probably meant to be v. For a variable that may be left out only
// case and underscores may differ, since a mistaken guess would keep slipway from starting.
func (v Variable) misspelt(environ []string) (string, bool) {
	var others []string
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.TrimSpace(value) != "" && !known(name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		if squash(name) == squash(v.Name) || slices.Contains(v.aliases, name) {
			return name, true
		}
	}
	if !v.needed() {
		return "", false
	}
	for _, name := range others {
		if max(len(name), len(v.Name))-min(len(name), len(v.Name)) > 3 {
			continue // a mere beginning, such as SLACK
		}
		if _, ok := say.Nearest(name, []string{v.Name}); ok {
			return name, true
		}
	}
	return "", false
}

func known(name string) bool {
	return slices.ContainsFunc(Variables(), func(v Variable) bool { return v.Name == name })
}

func squash(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "_", "")) }
