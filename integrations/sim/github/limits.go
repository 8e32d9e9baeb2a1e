package githubsim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The primary limits per hour: facts 4 for a token; GitHub's for nobody.
const (
	tokenLimit  = 5000
	nobodyLimit = 60
)

// quota is what is left of a primary limit until its reset.
type quota struct {
	limit, remaining int
	reset            time.Time
}

// SetQuota sets what is left of every token's primary limit, of 5,000 an hour, and when it is whole again.
func (s *Server) SetQuota(remaining int, reset time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.quotas)
	s.fresh = quota{limit: tokenLimit, remaining: remaining, reset: reset}
}

// SecondaryLimit makes the next request meet the secondary limit: 403 with this Retry-After, rounded up to
// seconds; 0 leaves the header out.
func (s *Server) SecondaryLimit(retryAfter time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secondary = &retryAfter
}

// quota gives what a principal has left. All tokens of one user share it.
func (s *Server) quota(p *principal) *quota {
	now := time.Now()
	q := s.quotas[p.login]
	switch {
	case q == nil && p.login != "" && s.fresh.reset.After(now):
		fresh := s.fresh
		q = &fresh
	case q == nil || !q.reset.After(now):
		q = &quota{limit: nobodyLimit, remaining: nobodyLimit, reset: now.Add(time.Hour)}
		if p.login != "" {
			q.limit, q.remaining = tokenLimit, tokenLimit
		}
	}
	s.quotas[p.login] = q
	return q
}

// spend takes one request off the quota, or says which limit it meets.
func (s *Server) spend(p *principal, q *quota, header http.Header) error {
	if s.secondary != nil {
		after := *s.secondary
		s.secondary = nil
		setRetryAfter(header, after)
		return secondaryFault(http.StatusForbidden)
	}
	if q.remaining == 0 {
		whom := "your address"
		if u := s.known(p.login); u != nil {
			whom = "user ID " + strconv.FormatInt(u.id, 10)
		}
		return &fault{
			status: http.StatusForbidden, message: "API rate limit exceeded for " + whom + ".",
			doc: "using-the-rest-api/rate-limits-for-the-rest-api",
		}
	}
	q.remaining--
	return nil
}

func secondaryFault(status int) *fault {
	return &fault{
		status:  status,
		message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
		doc:     "using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits",
	}
}

func setRetryAfter(header http.Header, after time.Duration) {
	if after > 0 {
		header.Set("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
	}
}

// refuse is the weather's 429. It shows a rate limit that is not used up (facts 3.2, 6.4): the one that it is about
// is not told in headers.
func (s *Server) refuse(w http.ResponseWriter, retryAfter time.Duration) {
	s.common(w.Header())
	s.locked(func() {
		login := anybody
		for _, name := range sortedKeys(s.quotas) {
			login = name
		}
		s.quota(&principal{login: login}).set(w.Header())
	})
	w.Header().Set("X-GitHub-Request-Id", requestID("429"))
	setRetryAfter(w.Header(), retryAfter)
	write(w, http.StatusTooManyRequests, secondaryFault(http.StatusTooManyRequests).body())
}

func (q *quota) set(header http.Header) {
	header.Set("X-RateLimit-Limit", strconv.Itoa(q.limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(q.remaining))
	header.Set("X-RateLimit-Used", strconv.Itoa(q.limit-q.remaining))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(q.reset.Unix(), 10))
	header.Set("X-RateLimit-Resource", "core")
}

func (q *quota) object() object {
	return object{"limit": q.limit, "used": q.limit - q.remaining, "remaining": q.remaining, "reset": q.reset.Unix()}
}

// free tells the requests that cost nothing.
func free(path string) bool { return strings.TrimSuffix(path, "/") == "/rate_limit" }
