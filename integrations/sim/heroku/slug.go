package herokusim

import "time"

// slug is compiled code.
type slug struct {
	id                string
	commit            string
	commitDescription string
	stack             string
	processTypes      map[string]string
	created           time.Time
}

// newSlug compiles a commit. Without process types of its own it has those of the formation. The lock is held.
func (a *App) newSlug(commit, description string, types map[string]string, at time.Time) *slug {
	s := &slug{
		id: uuid("slug", a.name, len(a.slugs)+1), commit: commit, commitDescription: description,
		stack: a.stack, processTypes: map[string]string{}, created: at,
	}
	for _, p := range a.formation {
		s.processTypes[p.Type] = p.Command
	}
	if len(types) > 0 {
		s.processTypes = types
	}
	a.slugs = append(a.slugs, s)
	return s
}

// phase is the release command that the code brings along; "" when it has none, or there is no code.
func (s *slug) phase() string {
	if s == nil {
		return ""
	}
	return s.processTypes["release"]
}
