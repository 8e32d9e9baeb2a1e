package slacksim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// admits checks a call's token and scopes.
func (s *Server) admits(r *http.Request, m method, c *call) error {
	token, inHeader := tokenOf(r, c)
	if err := s.checkToken(token, inHeader, m.app); err != nil {
		return err
	}
	if m.app || len(m.scopes) == 0 || slices.ContainsFunc(m.scopes, s.granted) {
		return nil
	}
	return s.missingScope(strings.Join(m.scopes, ","))
}

// tokenOf finds the token: in the header, or in a form as the field token.
func tokenOf(r *http.Request, c *call) (token string, inHeader bool) {
	if kind, value, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(kind, "Bearer") {
		return strings.TrimSpace(value), true
	}
	if c.json != nil {
		return "", false // in a JSON body a token does not count
	}
	return c.form.Get("token"), false
}

func (s *Server) checkToken(token string, inHeader, app bool) error {
	want, prefix, other := botToken, "xoxb-", "xapp-"
	if app {
		want, prefix, other = appToken, "xapp-", "xoxb-"
	}
	switch {
	case token == "", app && !inHeader:
		return failure("not_authed")
	case s.tokenRefusal != "":
		return failure(s.tokenRefusal)
	case app && s.appRefusal != "":
		return failure(s.appRefusal)
	case token == want, s.opts.AnyToken && strings.HasPrefix(token, prefix):
		return nil
	case token == appToken, token == botToken, s.opts.AnyToken && strings.HasPrefix(token, other):
		return failure("not_allowed_token_type")
	}
	return failure("invalid_auth")
}

func (s *Server) granted(scope string) bool { return slices.Contains(s.opts.Scopes, scope) }

// need asks for one certain scope.
func (s *Server) need(scope string) error {
	if s.granted(scope) {
		return nil
	}
	return s.missingScope(scope)
}

func (s *Server) noteOpen() { s.stats.Opens = append(s.stats.Opens, time.Now()) }

func authTest(s *Server, _ *call) (map[string]any, error) {
	return map[string]any{
		"url": "https://" + teamDomain + ".slack.com/", "team": "Slipway Sim", "user": s.opts.BotName, "team_id": teamID,
		"user_id": botUserID, "bot_id": botID, "is_enterprise_install": false,
	}, nil
}
