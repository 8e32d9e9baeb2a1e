package herokusim

import (
	"net/http"
	"regexp"
	"strings"
)

var unauthorized = &fault{status: http.StatusUnauthorized, ID: "unauthorized", Message: "Invalid credentials provided."}

// tokenShape is what AnyToken takes.
var tokenShape = regexp.MustCompile(`^(HRKU-.+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$`)

// authenticate finds whose token a request carries, as Bearer or as the password of Basic; nil when nobody's. The lock
// is held.
func (s *Server) authenticate(r *http.Request) *account {
	token := tokenIn(r)
	if a := s.tokens[token]; a != nil {
		return a
	}
	if s.opts.AnyToken && tokenShape.MatchString(token) && len(s.accounts) > 0 {
		return s.accounts[0]
	}
	return nil
}

// tokenIn is the token of a request, "" without one.
func tokenIn(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	if kind, value, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(kind, "Bearer") {
		return strings.TrimSpace(value)
	}
	return ""
}
