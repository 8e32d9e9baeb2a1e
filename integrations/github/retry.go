package github

import (
	"errors"
	"net/http"
	"time"
)

// pauses are what lies between the tries of one GET: three tries in all. They are fixed, so that time in tests is exact.
var pauses = [...]time.Duration{200 * time.Millisecond, 800 * time.Millisecond}

// retries asks again what is safe to ask again: a GET that met a network error, a 502, a 503 or a 504, and anything that
// was never sent because no connection could be made. A change that may have left us is never sent again, and a 429 is
// told, not waited for: who asked decides.
type retries struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (r *retries) RoundTrip(req *http.Request) (*http.Response, error) {
	for try := 0; ; try++ {
		resp, err := r.next.RoundTrip(req)
		if try == len(pauses) || !safe(req, err) || !passing(resp, err) || !pause(req, resp, pauses[try]) {
			return resp, err
		}
		if req, err = rewound(req); err != nil {
			return nil, err
		}
	}
}

// safe tells whether a second request can do no harm.
func safe(req *http.Request, err error) bool {
	if req.Method == http.MethodGet {
		return true
	}
	_, never := errors.AsType[*unsent](err)
	return never && (req.Body == nil || req.GetBody != nil)
}

// rewound is the request with its body from the beginning.
func rewound(req *http.Request) (*http.Request, error) {
	if req.Body == nil || req.GetBody == nil {
		return req, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Body = body
	return req, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the transport.
func (r *retries) CloseIdleConnections() { closeIdle(r.next) }

// passing tells troubles that may have passed in a second from those that stay.
func passing(resp *http.Response, err error) bool {
	if err != nil {
		bad, ok := errors.AsType[*badAnswer](err)
		return !ok || mayPass(bad.status)
	}
	return mayPass(resp.StatusCode)
}

func mayPass(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
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
