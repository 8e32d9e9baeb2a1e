package settings

import (
	"slices"
	"strings"

	"slipway/bot/say"
)

// key is one setting: its row in docs/settings.md, and how it is read.
type key struct {
	name   string // from the top, with dots: "notify.checks"
	takes  string // what may stand there; ends a sentence that begins “it takes”
	preset string // what holds where it is not set
	what   string
	read   func(v value, to *App) // sets fields of to, or tells v's faults
}

// keys are all settings, in the order of docs/settings.md.
func keys() []key {
	return slices.Concat(branchKeys(), productionKeys(), deployKeys(), healthKeys(), notifyKeys(), peopleKeys(), accessKeys())
}

// overrides is the name above the settings of single apps. It holds settings and is none itself.
const overrides = "apps"

// find gives the key of a name.
func find(keys []key, name string) (key, bool) {
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
	if i < 0 {
		return key{}, false
	}
	return keys[i], true
}

// holds tells whether settings lie under a name.
func holds(keys []key, name string) bool {
	return slices.ContainsFunc(keys, func(k key) bool { return strings.HasPrefix(k.name, name+".") })
}

// below gives the names right under a section, "" being the top, as they stand in the file.
func below(keys []key, section string) []string {
	var names []string
	for _, k := range keys {
		rest, ok := strings.CutPrefix(k.name, join(section, ""))
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(rest, ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// nearest finds the setting that was probably meant by a name in a section: one of those that are there, else one that lies
// elsewhere and ends with that name.
func nearest(keys []key, section string, here []string, name string) (string, bool) {
	if near, ok := say.Nearest(name, here); ok {
		return join(section, near), true
	}
	var ends, names []string
	for _, k := range keys {
		if i := strings.LastIndex(k.name, "."); i >= 0 {
			names, ends = append(names, k.name), append(ends, k.name[i+1:])
		}
	}
	if near, ok := say.Nearest(name, ends); ok {
		return names[slices.Index(ends, near)], true
	}
	return "", false
}

func join(section, name string) string {
	if section == "" {
		return name
	}
	return section + "." + name
}

// listed sets words in code spans, the last after “and”.
func listed(words []string, prefix string) string {
	spans := make([]string, len(words))
	for i, w := range words {
		spans[i] = "`" + prefix + w + "`"
	}
	if len(spans) < 2 {
		return strings.Join(spans, "")
	}
	return strings.Join(spans[:len(spans)-1], ", ") + " and " + spans[len(spans)-1]
}
