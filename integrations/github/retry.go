package github

import (
	"errors"
	"net/http"
	"time"
)

// pauses are what lies between the tries of one GET: three tries in all. They are fixed, so that time in tests is exact.
var pauses = [...]time.Duration{200 * time.Millisecond, 800 * time.Millisecond}

// retries asks again what is safe to ask again: a GET that met a network error, a 502, a 503 or a 504.
type retries struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (r *retries) RoundTrip(req *http.Request) (*http.Response, error) {
	for try := 0; ; try++ {
		resp, err := r.next.RoundTrip(req)
		if req.Method != http.MethodGet || try == len(pauses) || !passing(resp, err) || !pause(req, resp, pauses[try]) {
			return resp, err
		}
	}
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the transport.
func (r *retries) CloseIdleConnections() { closeIdle(r.next) }

// passing tells troubles that may have passed in a second from those that stay.
func passing(resp *http.Response, err error) bool {
	if err != nil {
		_, bad := errors.AsType[*badAnswer](err)
		return !bad
	}
	switch resp.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// pause waits for d, and tells whether there is a point in asking again: not when the context ends before, and not
// when the answer says to stay away for longer.
func pause(req *http.Request, resp *http.Response, d time.Duration) bool {
	ctx, now := req.Context(), time.Now()
	if end, ok := ctx.Deadline(); ok && !now.Add(d).Before(end) {
		return false
	}
	if resp != nil && retryAfter(resp.Header, now).After(now.Add(d)) {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
