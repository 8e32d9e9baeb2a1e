package slacksim

import "slices"

// RefuseAppToken makes Slack answer the app-level token alone with an error code such as token_revoked; "" ends it.
func (s *Server) RefuseAppToken(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appRefusal = code
}

// Revoke takes scopes away from the bot token, as an app that is installed anew with fewer of them has it.
func (s *Server) Revoke(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Scopes = slices.DeleteFunc(slices.Clone(s.opts.Scopes), func(scope string) bool { return slices.Contains(scopes, scope) })
}
