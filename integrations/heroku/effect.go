package heroku

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// unsent is an error that came before anything was written.
type unsent struct{ err error }

func (u *unsent) Error() string { return u.err.Error() }
func (u *unsent) Unwrap() error { return u.err }

// carry makes a round trip and finds out whether the request left us, which the error alone does not tell.
func carry(next http.RoundTripper, req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, &unsent{err}
	}
	var wanted, got atomic.Bool
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	resp, err := next.RoundTrip(req.WithContext(ctx))
	dial, ok := errors.AsType[*net.OpError](err)
	if err != nil && (wanted.Load() && !got.Load() || ok && dial.Op == "dial") {
		return nil, &unsent{err}
	}
	return resp, err
}

// rewound is the request with its body from the beginning, for one try of several.
func rewound(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
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
