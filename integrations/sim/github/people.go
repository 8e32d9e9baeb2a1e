package githubsim

import (
	"fmt"
	"strings"
)

// webEmail is the committer's address of all commits that GitHub makes by itself.
const webEmail = "noreply@github.com"

type user struct {
	id                 int64
	login, name, email string
	kind               string // "User" or "Organization"
}

// AddUser makes an account. An empty email means GitHub's own noreply address. Commits by a login that was
// never added are shown as GitHub shows an address that belongs to nobody: with author null.
func (s *Server) AddUser(login, name, email string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.account(login)
	u.name, u.kind = name, "User"
	if email != "" {
		u.email = email
	}
}

// account finds or makes an account.
func (s *Server) account(login string) *user {
	key := strings.ToLower(login)
	if u := s.users[key]; u != nil {
		return u
	}
	u := &user{id: s.next("user"), login: login, name: login, kind: "User"}
	u.email = fmt.Sprintf("%d+%s@users.noreply.github.com", u.id, login)
	s.users[key] = u
	return u
}

// known finds an account, or gives nil.
func (s *Server) known(login string) *user { return s.users[strings.ToLower(login)] }
