package githubsim

import (
	"net/http"
	"slices"
	"strings"
)

// principal is who asks, and what he may read.
type principal struct {
	login string // empty: nobody, without a token
	all   bool   // may read every repository
	repos []string
}

// AddToken makes a token of a user that may read these repositories ("owner/name"); all others answer it 404.
func (s *Server) AddToken(token, login string, repos ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(login)
	p := &principal{login: login}
	for _, r := range repos {
		p.repos = append(p.repos, strings.ToLower(r))
	}
	s.tokens[token] = p
}

// anybody is whose token it is under Options.AnyToken.
const anybody = "sandbox"

// authenticate finds who asks. A token that nobody has is an error; no token at all is nobody.
func (s *Server) authenticate(r *http.Request) (*principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return &principal{}, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "token") {
		if p := s.tokens[token]; p != nil {
			return p, nil
		}
		if s.options.AnyToken && plausible(token) {
			s.account(anybody)
			return &principal{login: anybody, all: true}, nil
		}
	}
	return &principal{}, &fault{status: http.StatusUnauthorized, message: "Bad credentials"}
}

// plausible tells whether a token starts as GitHub's do.
func plausible(token string) bool {
	return slices.ContainsFunc([]string{"ghp_", "github_pat_", "ghs_"}, func(prefix string) bool {
		return strings.HasPrefix(token, prefix) && len(token) > len(prefix)
	})
}

func (p *principal) mayRead(r *Repo) bool {
	return p.all || slices.Contains(p.repos, strings.ToLower(r.full()))
}
