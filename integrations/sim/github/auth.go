package githubsim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// principal is who asks, and what he may do.
type principal struct {
	login       string // empty: nobody, without a token
	all         bool   // may read every repository
	repos       []string
	permissions Permissions // nil: everything on these repositories, as classic tokens have it
	integration *app        // whose installation's token it is, or nil
	expires     time.Time   // zero: never
	jwt         *app        // who signed it, if it is an App's own token
	scopes      []string    // of a classic token; nil: "repo"
	outside     bool        // an organization with single sign-on was not told to take it
}

// Permissions are what a fine-grained token or an App may do: "actions": "write".
type Permissions map[string]string

// AddToken makes a classic token of a user that may do everything on these repositories ("owner/name"); all others
// answer it 404.
func (s *Server) AddToken(token, login string, repos ...string) {
	s.AddFineToken(token, login, nil, repos...)
}

// AddFineToken makes a token with these permissions only, as fine-grained ones have them. Reading metadata needs
// none.
func (s *Server) AddFineToken(token, login string, permissions Permissions, repos ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(login)
	p := &principal{login: login, permissions: permissions}
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
		if p := s.tokens[token]; p != nil && (p.expires.IsZero() || p.expires.After(time.Now())) {
			return p, nil
		}
		if strings.HasPrefix(token, "ey") && strings.Contains(token, ".") {
			a, err := s.appOf(token)
			if err != nil {
				return &principal{}, err
			}
			return &principal{login: a.bot.login, jwt: a}, nil
		}
		if s.options.AnyToken && s.tokens[token] == nil && plausible(token) {
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

// allows checks the permission that an endpoint wants: facts 4, and 6.4 for the answer.
func (p *principal) allows(permission string) error {
	if p.permissions == nil || p.permissions.allow(permission) {
		return nil
	}
	message := "Resource not accessible by personal access token"
	if p.integration != nil {
		message = "Resource not accessible by integration"
	}
	return &fault{status: http.StatusForbidden, message: message, doc: "rest"}
}

// allow reads a permission as GitHub writes it: "contents=write,pull_requests=write" for both of them, and
// "contents=read; pull_requests=read" for either.
func (p Permissions) allow(permission string) bool {
	return slices.ContainsFunc(strings.Split(permission, "; "), func(either string) bool {
		for one := range strings.SplitSeq(either, ",") {
			name, level, _ := strings.Cut(one, "=")
			has := p[name]
			if one != "" && name != "metadata" && has != "write" && has != "admin" && has != level {
				return false
			}
		}
		return true
	})
}
