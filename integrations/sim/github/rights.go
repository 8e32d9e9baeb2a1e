package githubsim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// ExpireToken makes a token that ends at a time. GitHub tells it with every answer, in the form that go-github and octokit
// read ("2021-04-08 15:04:05 UTC").
func (s *Server) ExpireToken(token string, at time.Time) {
	s.withToken(token, func(p *principal) { p.expires = at })
}

// ScopeToken gives a classic token its scopes; without it it has "repo".
func (s *Server) ScopeToken(token string, scopes ...string) {
	s.withToken(token, func(p *principal) { p.scopes = append([]string{}, scopes...) })
}

// RequireSSO makes the organizations refuse a token until its owner has authorized it for their single sign-on.
func (s *Server) RequireSSO(token string) {
	s.withToken(token, func(p *principal) { p.outside = true })
}

// RevokeToken ends a token.
func (s *Server) RevokeToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, token)
}

func (s *Server) withToken(token string, change func(*principal)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.tokens[token]
	if p == nil {
		panic("githubsim: nobody has this token") // a world that is built wrongly
	}
	change(p)
}

// tell puts into an answer what GitHub says of a person's token with each: the scopes of a classic one, and when it ends.
func (p *principal) tell(header http.Header) {
	if p == nil || p.login == "" || p.integration != nil || p.jwt != nil {
		return
	}
	if !p.expires.IsZero() {
		header.Set("GitHub-Authentication-Token-Expiration", p.expires.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	if p.permissions != nil {
		return
	}
	scopes := p.scopes
	if scopes == nil {
		scopes = []string{"repo"}
	}
	header.Set("X-OAuth-Scopes", strings.Join(scopes, ", "))
}

func (c *call) ssoFault() error {
	c.header.Set("X-GitHub-SSO", "required; url=https://github.com/orgs/"+c.repo.owner+"/sso?authorization_request=A0")
	return &fault{
		status: http.StatusForbidden, doc: "articles/authenticating-to-a-github-organization-with-saml-single-sign-on/",
		message: "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
	}
}

// RequireChecks makes a branch protected: nothing is merged into it without these checks.
func (r *Repo) RequireChecks(branch string, contexts ...string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.required[branch] = append([]string{}, contexts...)
}

// RequireByRule does the same by a ruleset, of which branches/{branch} says nothing.
func (r *Repo) RequireByRule(branch string, contexts ...string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.ruled[branch] = append([]string{}, contexts...)
}

// protection is what branches/{branch} tells of it, to everybody who may read.
func (r *Repo) protection(branch string) (protected bool, told object) {
	contexts, protected := r.required[branch]
	level := "off"
	if protected {
		level = "non_admins"
	}
	checks := mapped(contexts, func(c string) object { return object{"context": c, "app_id": nil} })
	return protected, object{"enabled": protected, "required_status_checks": object{
		"enforcement_level": level, "contexts": append([]string{}, contexts...), "checks": checks,
	}}
}

// branchRules are those of rulesets that hold for a branch; one that is not there has none.
func branchRules(c *call) (any, error) {
	contexts := c.repo.ruled[c.path("branch")]
	if len(contexts) == 0 {
		return []object{}, nil
	}
	checks := mapped(slices.Clone(contexts), func(context string) object { return object{"context": context} })
	return []object{{
		"type": "required_status_checks", "ruleset_source_type": "Repository", "ruleset_source": c.repo.full(), "ruleset_id": 4211,
		"parameters": object{"strict_required_status_checks_policy": false, "required_status_checks": checks},
	}}, nil
}
