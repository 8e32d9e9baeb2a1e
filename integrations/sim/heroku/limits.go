package herokusim

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// What an account may ask: "4500 tokens per ACCOUNT, refilled ~75/min".
const (
	bucketSize = 4500
	refill     = time.Minute / 75 // for one token
)

// bucket holds an account's rate-limit tokens. It fills by the clock, one whole token at a time.
type bucket struct {
	tokens int
	at     time.Time // up to when refills are counted in
}

func fullBucket() bucket { return bucket{tokens: bucketSize, at: time.Now()} }

func (b *bucket) set(tokens int) {
	b.tokens, b.at = max(0, min(tokens, bucketSize)), time.Now()
}

// left counts in what was refilled since the last look.
func (b *bucket) left() int {
	n := int(time.Since(b.at) / refill)
	b.at = b.at.Add(time.Duration(n) * refill)
	b.tokens = min(b.tokens+n, bucketSize)
	return b.tokens
}

// take spends a token and tells whether there was one.
func (b *bucket) take() bool {
	if b.left() == 0 {
		return false
	}
	b.tokens--
	return true
}

// give takes back a take.
func (b *bucket) give() { b.tokens = min(b.tokens+1, bucketSize) }

var rateLimited = &fault{
	status:  http.StatusTooManyRequests,
	ID:      "rate_limit",
	Message: "Your account reached the API rate limit\nPlease wait a few minutes before making new requests",
	URL:     "https://devcenter.heroku.com/articles/platform-api-reference#rate-limits",
}

// refuse is the 429 that the weather brings: Heroku's own, whatever the account has left.
func (s *Server) refuse(w http.ResponseWriter, retryAfter time.Duration) {
	h := w.Header()
	if retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(retryAfter.Seconds()))))
	}
	h.Set("Request-Id", uuid("request", "weather"))
	h.Set("RateLimit-Remaining", "0")
	encode(&http.Request{Method: http.MethodGet}, h, rateLimited.status, rateLimited).write(w)
}
