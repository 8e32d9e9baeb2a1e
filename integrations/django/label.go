package django

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// label gives each folder the label of its app. By default that is the name of the folder above; an AppConfig may give another one,
// and the dependencies between a folder's own files tell which (facts: AppConfig.label, the app registry).
func label(folders map[string]*folder) {
	owners := map[string][]*folder{} // by the name of the folder above
	for _, in := range slices.Sorted(maps.Keys(folders)) {
		above := path.Base(path.Dir(in))
		owners[above] = append(owners[above], folders[in])
	}
	for _, f := range folders {
		if f.named {
			f.sure = true
			continue
		}
		f.label = path.Base(path.Dir(f.path))
		given, ok := configured(f.apps)
		if given != "" {
			f.label = given
		}
		called := f.called(owners)
		f.sure = f.apps != nil && ok || len(called) > 0
		switch {
		case slices.Contains(called, f.label):
		case len(called) == 1 && (f.apps == nil || !ok):
			f.label = called[0]
		case len(called) > 0:
			f.doubt = "the migrations in " + f.path + " call their app " + strings.Join(called, " and ") + ", not " + f.label
		case !ok:
			f.doubt = path.Join(path.Dir(f.path), "apps.py") + " may give the app another label than " + f.label
		}
		if f.doubt == "" && forTests(f.path) {
			f.doubt = f.path + " is in a folder for tests: if its app is not installed, its migrations are not applied"
		}
	}
}

// forTests tells whether a folder lies in one for tests.
func forTests(folder string) bool {
	return slices.ContainsFunc(strings.Split(folder, "/"), func(part string) bool { return part == "test" || part == "tests" })
}

// called are the labels under which a folder's files name each other; those that another folder has a better right to are left out.
func (f *folder) called(owners map[string][]*folder) (labels []string) {
	for _, n := range f.nodes {
		if n.err != nil {
			continue
		}
		for _, r := range slices.Concat(n.Dependencies, n.Replaces) {
			mine := f.has(r.Name) && r.Name != n.key.Name
			if mine && !slices.Contains(labels, r.App) && (r.App == f.label || !slices.ContainsFunc(owners[r.App], func(o *folder) bool { return o.has(r.Name) })) {
				labels = append(labels, r.App)
			}
		}
	}
	slices.Sort(labels)
	return labels
}

func (f *folder) has(name string) bool {
	return slices.ContainsFunc(f.nodes, func(n *node) bool { return n.key.Name == name })
}

// configured reads the label that an apps.py gives: empty, if it gives none; not ok, if that cannot be read.
func configured(apps []byte) (given string, ok bool) {
	tokens, err := lex(apps)
	if err != nil {
		return "", false
	}
	for _, class := range statements(tokens) {
		if len(class.tokens) == 0 || !class.tokens[0].word("class") {
			continue
		}
		for _, s := range class.body {
			target, value, is := assignment(s.tokens)
			if !is || len(target) != 1 || !target[0].word("label") {
				continue
			}
			e := expression(value)
			if e.Form != String || given != "" && given != e.Text {
				return "", false
			}
			given = e.Text
		}
	}
	return given, true
}
