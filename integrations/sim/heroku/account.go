package herokusim

import (
	"fmt"
	"time"
)

// account is a person at Heroku.
type account struct {
	id      string
	email   string
	created time.Time
	bucket  bucket
	refusal *fault // answered to everything this account asks, when set
}

// AddAccount adds a person, and a token that acts as that person; token may be empty. A second call for the same
// person adds a further token.
func (s *Server) AddAccount(email, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(email)
	if token != "" {
		s.tokens[token] = a
	}
}

// account finds a person by email, and adds one who is not known yet.
func (s *Server) account(email string) *account {
	for _, a := range s.accounts {
		if a.email == email {
			return a
		}
	}
	a := &account{id: uuid("account", email), email: email, created: time.Now(), bucket: fullBucket()}
	s.accounts = append(s.accounts, a)
	return a
}

// SetTokens sets what every account has left of its rate limit. It refills from there: 75 a minute, up to 4500.
func (s *Server) SetTokens(remaining int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.bucket.set(remaining)
	}
}

// RefuseAccount makes Heroku refuse whatever this person asks, as it does an account that is "delinquent" (402),
// "suspended" or needs "two_factor" (403); "" takes it back. Any other word is an error.
func (s *Server) RefuseAccount(email, why string) error {
	refusals := map[string]*fault{
		"":           nil,
		"delinquent": {status: 402, ID: "delinquent", Message: "This account has an outstanding balance."},
		"suspended":  {status: 403, ID: "suspended", Message: "This account has been suspended."},
		"two_factor": {status: 403, ID: "two_factor", Message: "A second authentication factor is required."},
	}
	refusal, ok := refusals[why]
	if !ok {
		return fmt.Errorf("no account is refused for %q; the reasons are delinquent, suspended and two_factor", why)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(email).refusal = refusal
	return nil
}
