package django

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// IsSettings tells whether a file may be one of a project's settings, by its path: they are called so, or stand in a folder that is.
// Those of tests switch things off that production has.
func IsSettings(file string) bool {
	base := strings.TrimSuffix(path.Base(file), ".py")
	return strings.HasSuffix(file, ".py") && !strings.Contains(base, "test") && (strings.Contains(base, "settings") || strings.HasSuffix(path.Dir(file), "settings"))
}

// With completes the options by what settings say, from their files by path. What is given stands.
func (o Options) With(files map[string][]byte) Options {
	o, _ = o.known(files)
	return o
}

func (o Options) known(files map[string][]byte) (Options, []Finding) {
	s := settings{users: map[string]bool{}, folders: map[string]string{}}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if IsSettings(file) {
			s.read(file, files[file])
		}
	}
	if o.Users == "" {
		o.Users = s.user()
	}
	maps.Copy(s.folders, o.Folders)
	o.Folders = s.folders
	return o, s.findings
}

// settings is what files of settings say, at their own level.
type settings struct {
	seen     bool              // there are some
	users    map[string]bool   // apps of AUTH_USER_MODEL
	folders  map[string]string // that MIGRATION_MODULES names, as Options has them
	findings []Finding
}

func (s *settings) read(file string, src []byte) {
	tokens, err := lex(src)
	if err != nil {
		return // Django would not start with it
	}
	s.seen = true
	for _, st := range statements(tokens) {
		target, value, ok := assignment(st.tokens)
		if !ok || len(target) != 1 {
			continue
		}
		e := expression(value)
		switch target[0].src {
		case "AUTH_USER_MODEL":
			app, _, _ := strings.Cut(e.Text, ".")
			if e.Form != String {
				app = ""
			}
			s.users[app] = true
		case "MIGRATION_MODULES":
			s.modules(file, e)
		}
	}
}

// user is the app of AUTH_USER_MODEL; by default it is Django's own (django.conf.global_settings); empty: the files do not agree.
func (s *settings) user() string {
	switch {
	case s.seen && len(s.users) == 0:
		return "auth"
	case len(s.users) == 1:
		return slices.Collect(maps.Keys(s.users))[0]
	}
	return ""
}

func (s *settings) modules(file string, e Expr) {
	if e.Form != Dict {
		s.findings = append(s.findings, Finding{Kind: Unclear, Line: e.Line, Why: "MIGRATION_MODULES in " + file + " cannot be read"})
		return
	}
	for _, entry := range e.Named {
		if entry.Form == String {
			s.folders[strings.ReplaceAll(entry.Text, ".", "/")] = entry.Name
		}
	}
}
