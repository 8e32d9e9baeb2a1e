package github

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	headerLimit      = "X-Ratelimit-Limit"
	headerRemaining  = "X-Ratelimit-Remaining"
	headerReset      = "X-Ratelimit-Reset"
	headerResource   = "X-Ratelimit-Resource"
	headerRetryAfter = "Retry-After"

	// unsaidWait is how long GitHub wants to be left alone when it refuses without saying so ("wait for at least one
	// minute", docs.github.com, "Rate limits for the REST API").
	unsaidWait = time.Minute

	// longestWait bounds what Retry-After and X-RateLimit-Reset may say, so that a broken one cannot silence us for ever.
	longestWait = 24 * time.Hour
)

// Quota is the primary rate limit of a token.
type Quota struct {
	Limit     int       // requests an hour; 0: not known yet
	Remaining int       // what is left of them
	Reset     time.Time // when they are all back
}

// gauge remembers the last Quota seen.
type gauge struct {
	mu   sync.Mutex
	last Quota
}

func (g *gauge) note(h http.Header) {
	if ownQuota(h) {
		return
	}
	limit, err := strconv.Atoi(h.Get(headerLimit))
	if err != nil {
		return
	}
	remaining, err := strconv.Atoi(h.Get(headerRemaining))
	if err != nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = Quota{Limit: limit, Remaining: remaining, Reset: resetTime(h)}
}

// ownQuota tells answers that count against another quota than the REST API's: GraphQL's and search's.
func ownQuota(h http.Header) bool {
	r := h.Get(headerResource)
	return r != "" && r != "core"
}

func (g *gauge) read() Quota {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last
}

// resetTime reads X-RateLimit-Reset, unix seconds; the zero time if there is none, or none that can be true.
func resetTime(h http.Header) time.Time {
	n, err := strconv.ParseInt(h.Get(headerReset), 10, 64)
	if err != nil || n <= 0 || n > time.Now().Add(longestWait).Unix() {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// retryAfter reads Retry-After, seconds or a date, as a time; the zero time if there is none to be read.
func retryAfter(h http.Header, now time.Time) time.Time {
	v := h.Get(headerRetryAfter)
	d := longestWait
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		if n < 0 {
			return time.Time{}
		}
		if n < int64(longestWait/time.Second) {
			d = time.Duration(n) * time.Second
		}
	} else if t, err := http.ParseTime(v); err == nil {
		d = min(max(t.Sub(now), 0), longestWait)
	} else {
		return time.Time{}
	}
	return now.Add(d).UTC()
}

// hold keeps us from asking while GitHub wants to be left alone. go-github does so for some refusals only: not for a
// 429, not without Retry-After.
type hold struct {
	mu    sync.Mutex
	until time.Time
	kind  Kind
}

func (h *hold) check(op string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !time.Now().Before(h.until) {
		return nil
	}
	return &Error{Op: op, Kind: h.kind, Message: notAsked, Until: h.until}
}

func (h *hold) note(e *Error) {
	if e.Kind != SlowDown && e.Kind != OutOfQuota {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Until.After(h.until) {
		h.until, h.kind = e.Until, e.Kind
	}
}

const notAsked = "not asked, an earlier answer said to wait"
