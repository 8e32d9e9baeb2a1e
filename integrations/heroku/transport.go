package heroku

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

const (
	deadline = 10 * time.Second // for one request with its retries
	maxBody  = 32 << 20         // bytes; a thousand releases are about one megabyte
)

// pauses come before the second and the third try.
var pauses = [...]time.Duration{100 * time.Millisecond, 400 * time.Millisecond}

// The versions of the API. 3.sdk is the newer one: releases that say which is current and eligible, apps with
// their generation. Dynos stay with 3, as in Heroku's own CLI.
const (
	v3    = "application/vnd.heroku+json; version=3"
	v3sdk = "application/vnd.heroku+json; version=3.sdk"
)

// call is what one call tells the transport and hears back from it. It travels in the context because heroku-go
// has no other way to set or read headers of a single call.
type call struct {
	accept string
	span   string // sent as Range in place of heroku-go's; "" leaves that alone
	more   string // sent as Accept-Inclusion; "" is not sent
	bare   bool   // a success may be empty, and what it carries is not looked at
	safe   bool   // it changes nothing, though it is no GET
	data   bool   // it goes to the Data API

	sent      bool   // some try of it may have left us
	next      string // the answer's Next-Range; "" when the list is complete
	status    int
	requestID string
	date      time.Time // the answer's own time, in whole seconds; zero without one
}

type callKey struct{}

// wire is the transport beneath heroku-go. Unlike other RoundTrippers it gives an *Error for every answer that is
// no success: heroku-go would keep neither status nor headers of it, and would follow redirects with the token.
type wire struct {
	inner    http.RoundTripper
	token    string
	agent    string
	tokens   atomic.Int64
	warnings *warnings
}

func newWire(inner http.RoundTripper, token, agent string, warn func(string)) *wire {
	w := &wire{inner: inner, token: token, agent: agent, warnings: newWarnings(warn)}
	w.tokens.Store(-1)
	return w
}

// newTransport is what carries requests when the caller brings nothing. It shares no state with
// http.DefaultTransport.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout: 5 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 8,
		IdleConnTimeout:     90 * time.Second,
	}
}

// RoundTrip sends a request of heroku-go's, with retries, and reads the answer to its end. The body that it
// gives is in memory, so that a cut connection is met here and not by the decoder.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	cl := req.Context().Value(callKey{}).(*call) // Client.do puts it there for all there is to send
	if p := req.URL.Path; strings.Contains(p, "//") || strings.HasSuffix(p, "/") {
		return nil, &Error{Kind: Invalid, Message: "a name or an id is missing"}
	}
	caller := req.Context()
	ctx, cancel := context.WithTimeout(caller, deadline)
	defer cancel()
	req = w.dress(req.Clone(ctx), cl)
	method := req.Method
	if cl.safe {
		method = http.MethodGet
	}
	var resp *http.Response
	err := persist(ctx, method, func() (err error) {
		resp, err = w.once(req, cl)
		return err
	})
	if err != nil {
		return nil, outOfTime(caller, ctx, err)
	}
	return resp, nil
}

// dress puts on the headers. Request-Id stays the same over retries: it names the call.
func (w *wire) dress(req *http.Request, cl *call) *http.Request {
	cl.requestID = newRequestID()
	req.Header.Set("Accept", cl.accept)
	req.Header.Set("User-Agent", w.agent)
	req.Header.Set("Request-Id", cl.requestID)
	req.Header.Set("Authorization", "Bearer "+w.token)
	if cl.span != "" {
		req.Header.Set("Range", cl.span)
	}
	if cl.more != "" {
		req.Header.Set("Accept-Inclusion", cl.more)
	}
	return req
}

// once sends the request a single time.
func (w *wire) once(req *http.Request, cl *call) (*http.Response, error) {
	req, err := rewound(req)
	if err != nil {
		return nil, &Error{Kind: Invalid, Message: "the request cannot be written twice"}
	}
	resp, err := carry(w.inner, req)
	if err != nil {
		if _, never := errors.AsType[*unsent](err); !never {
			cl.sent = true
		}
		return nil, &Error{Kind: Unreachable, RequestID: cl.requestID, Err: err}
	}
	cl.sent = true
	defer resp.Body.Close()
	w.note(resp.Header, cl)
	cl.status = resp.StatusCode
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, &Error{Kind: Unreachable, Status: cl.status, RequestID: cl.requestID, Message: "the answer broke off", Err: err}
	case resp.StatusCode/100 != 2:
		return nil, w.refusal(resp, body, cl)
	}
	if e := unusable(resp.Header, body, cl.bare); e != nil {
		e.Status, e.RequestID = cl.status, cl.requestID
		return nil, e
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// note keeps what the headers of any answer say.
func (w *wire) note(h http.Header, cl *call) {
	cl.next = h.Get("Next-Range")
	cl.date, _ = http.ParseTime(h.Get("Date"))
	if id := w.clean(h.Get("Request-Id")); id != "" {
		cl.requestID = id
	}
	if n, ok := count(h.Get("RateLimit-Remaining")); ok {
		w.tokens.Store(int64(n))
	}
	w.warnings.note(h.Get("X-Heroku-Warning"))
	w.warnings.note(h.Get("Warning-Message"))
}

// persist tries once, and at most twice more while the failure may pass by itself and a second request can do no harm:
// for GET and HEAD, and for anything that was never sent.
func persist(ctx context.Context, method string, once func() error) error {
	err := once()
	for _, pause := range pauses {
		_, never := errors.AsType[*unsent](err)
		if !never && method != http.MethodGet && method != http.MethodHead {
			return err
		}
		if !mayPass(err, pause) || !wait(ctx, pause) {
			return err
		}
		err = once()
	}
	return err
}

// mayPass tells whether a try after the pause makes sense.
func mayPass(err error, pause time.Duration) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return e.RetryAfter <= pause
	default:
		return e.Kind == Unreachable
	}
}

// outOfTime gives an error that a context caused that cause: the caller's context, or our own limit.
func outOfTime(caller, ctx context.Context, err error) error {
	var e *Error
	if ctx.Err() == nil || !errors.As(err, &e) || e.Kind != Unreachable {
		return err
	}
	late := *e
	late.Message, late.Err = "", caller.Err()
	if late.Err == nil {
		late.Message, late.Err = fmt.Sprintf("no answer within %g s", deadline.Seconds()), context.DeadlineExceeded
	}
	return &late
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// newRequestID is a UUID of version 4, the form in which Heroku's own clients send it.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails: the program would end instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
