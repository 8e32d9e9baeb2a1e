package herokusim

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// grant is what a token was made with. The zero value is one that is narrower than global and never ends.
type grant struct {
	scope   []string
	expires time.Time
}

// GrantToken gives a token its scopes, such as "global" or "read", and the time at which it ends; zero: never.
func (s *Server) GrantToken(token string, expires time.Time, scope ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants[token] = grant{slices.Clone(scope), expires}
}

// RevokeToken ends a token.
func (s *Server) RevokeToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, token)
}

type authorizationView struct {
	ID          string          `json:"id"`
	Description string          `json:"description"`
	Scope       []string        `json:"scope"`
	AccessToken accessTokenView `json:"access_token"`
}

type accessTokenView struct {
	ID        string `json:"id"`
	Token     string `json:"token"`
	ExpiresIn *int   `json:"expires_in"` // seconds; null: never
}

// listAuthorizations shows all tokens of the account, in clear, which is why it takes a global one. [unverified: facts do not
// say which scope it takes]
func (s *Server) listAuthorizations(r *request) (any, error) {
	asked := tokenIn(r.Request)
	if !slices.Contains(s.grants[asked].scope, "global") {
		return nil, &fault{status: http.StatusForbidden, ID: "forbidden", Message: "You do not have access to this resource."}
	}
	all := []authorizationView{}
	for _, token := range slices.Sorted(maps.Keys(s.tokens)) {
		if s.tokens[token] != r.account {
			continue
		}
		g := s.grants[token]
		view := authorizationView{ID: uuid("authorization", token), Description: "slipway", Scope: append([]string{}, g.scope...)}
		view.AccessToken = accessTokenView{ID: uuid("access token", token), Token: token}
		if !g.expires.IsZero() {
			left := int(time.Until(g.expires).Seconds())
			view.AccessToken.ExpiresIn = &left
		}
		all = append(all, view)
	}
	return all, nil
}
