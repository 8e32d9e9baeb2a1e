package settings

import (
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"slipway/bot/say"
)

// reading goes through a file's document by the list of keys.
type reading struct {
	*gather
	keys   []key
	apps   []string
	single bool // within the settings of a single app
}

// file reads the whole document. Apps come last, wherever they stand: their settings go on top of the rest.
func (r *reading) file(root *yaml.Node) Settings {
	if told(root) {
		return Settings{}
	}
	if root.Kind != yaml.MappingNode {
		r.add(root.Line, "the file must hold settings, such as `branch: main`, not %s.", kind(root))
		return Settings{}
	}
	top := defaults()
	r.section("", root, &top)
	s := Settings{top: &top, apps: map[string]App{}}
	for name, n := range pairs(root) {
		if name.Value == overrides {
			r.overrides(n, top, s.apps)
		}
	}
	return s
}

// overrides reads what single apps set for themselves.
func (r *reading) overrides(n *yaml.Node, top App, to map[string]App) {
	switch {
	case told(n), null(n):
		return
	case n.Kind != yaml.MappingNode:
		r.add(n.Line, "`apps` holds names of apps with settings below them, not %s.", kind(n))
		return
	}
	r.single = true
	seen := map[string]int{}
	for name, settings := range pairs(n) {
		if r.full() {
			return
		}
		app, ok := r.name(name)
		if !ok || r.again(seen, name.Line, app) || !r.ours(name.Line, app) {
			continue
		}
		own := top.clone()
		r.under(app, "", settings, &own)
		to[app] = own
	}
}

// ours tells whether the repository feeds an app.
func (r *reading) ours(line int, app string) bool {
	if slices.Contains(r.apps, app) {
		return true
	}
	shown := say.ForeignCode(app, 40)
	if near, ok := say.Nearest(app, r.apps); ok {
		r.add(line, "%s is no app of this repository. Did you mean `%s`?", shown, near)
	} else if len(r.apps) > 0 {
		r.add(line, "%s is no app of this repository. Its apps are: %s.", shown, listed(r.apps, ""))
	} else {
		r.add(line, "%s is no app of this repository.", shown)
	}
	return false
}

// under reads the settings under a name, which may be none.
func (r *reading) under(name, section string, n *yaml.Node, to *App) {
	switch {
	case told(n), null(n):
	case n.Kind != yaml.MappingNode:
		r.add(n.Line, "`%s` takes settings of its own below it, such as %s, not %s.", name, listed(below(r.keys, section)[:1], ""), kind(n))
	default:
		r.section(section, n, to)
	}
}

// section reads one map of settings.
func (r *reading) section(section string, n *yaml.Node, to *App) {
	seen := map[string]int{}
	for name, n := range pairs(n) {
		if r.full() {
			return
		}
		last, ok := r.name(name)
		full := join(section, last)
		if !ok || r.again(seen, name.Line, full) {
			continue
		}
		switch k, ok := find(r.keys, full); {
		case strings.Contains(last, "."):
			r.unknown(name.Line, section, last)
		case ok:
			k.read(value{gather: r.gather, key: k, node: n}, to)
		case full == overrides && !r.single: // read by file
		case holds(r.keys, full):
			r.under(full, full, n, to)
		default:
			r.unknown(name.Line, section, last)
		}
	}
}

// unknown tells that there is no such setting, and which was probably meant.
func (r *reading) unknown(line int, section, name string) {
	full := join(section, name)
	shown := say.ForeignCode(full, 60)
	if _, ok := find(r.keys, full); ok {
		i := strings.LastIndex(full, ".")
		r.add(line, "%s is written in two lines: `%s:`, and below it, indented, `%s:`.", shown, full[:i], full[i+1:])
		return
	}
	if full == overrides {
		r.add(line, "`apps` cannot be set for a single app.")
		return
	}
	here := below(r.keys, section)
	if section == "" && !r.single {
		here = append(here, overrides)
	}
	if near, ok := nearest(r.keys, section, here, name); ok {
		r.add(line, "there is no %s. Did you mean `%s`?", shown, near)
		return
	}
	r.add(line, "there is no %s. There are: %s.", shown, listed(here, join(section, "")))
}

// name reads what stands before a colon.
func (r *reading) name(n *yaml.Node) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.add(n.Line, "what stands before the colon must be a word, not %s.", kind(n))
	case n.Value == "":
		r.add(n.Line, "nothing stands before the colon.")
	default:
		return n.Value, true
	}
	return "", false
}

// again tells whether a name was set before in the same map, which YAML parsers disagree about.
func (r *reading) again(seen map[string]int, line int, name string) bool {
	first, ok := seen[name]
	if ok {
		r.add(line, "%s is set twice; it stands on line %d too.", say.ForeignCode(name, 60), first)
		return true
	}
	seen[name] = line
	return false
}

// pairs gives what stands before and behind each colon of a map, without what checkHidden has refused.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i]
			if !told(name) && !merges(name) && !yield(name, n.Content[i+1]) {
				return
			}
		}
	}
}

// kind says what a value is, in words that end a sentence.
func kind(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		if len(n.Content) == 0 {
			return "an empty list"
		}
		return "a list"
	case yaml.MappingNode:
		return "a map"
	}
	if null(n) || n.Value == "" {
		return "nothing"
	}
	return say.ForeignCode(n.Value, 40)
}
