package github

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	gh "github.com/google/go-github/v60/github"
)

// change is ask for what changes something: its error says whether the change may have been made.
func (c *Client) change(ctx context.Context, op string, repo Repo, send func(context.Context) (*gh.Response, error)) error {
	t := &trip{}
	err := c.ask(context.WithValue(ctx, tripKey{}, t), op, repo, send)
	if e, ok := errors.AsType[*Error](err); ok {
		e.Ambiguous = t.sent.Load() && e.leavesOpen()
	}
	return err
}

// leavesOpen tells whether a change that was sent may have been made: not if it was refused in so many words, as
// GraphQL does with status 200.
func (e *Error) leavesOpen() bool {
	switch {
	case e.Status >= 500: // it broke on the way
		return true
	case e.Status/100 == 2: // done, and the answer cannot be read
		return e.Kind == Malformed || e.Kind == Unavailable || e.Kind == Unreachable
	case e.Status != 0:
		return false
	}
	return e.Kind == Unreachable
}

// send makes one request that changes something. Path begins after "repos/o/r/" and is escaped already. GitHub's 202
// means that it will be done, which is as good as its 201.
func (c *Client) send(ctx context.Context, repo Repo, method, path string, body, into any) (*gh.Response, error) {
	req, err := c.gh.NewRequest(method, "repos/"+repo.String()+"/"+path, body)
	if err != nil {
		return nil, err
	}
	resp, err := c.gh.Do(ctx, req, into)
	if _, ok := errors.AsType[*gh.AcceptedError](err); ok {
		err = nil
	}
	return resp, err
}

// trip remembers whether any try of a change may have left us.
type trip struct{ sent atomic.Bool }

type tripKey struct{}

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
	if t, ok := req.Context().Value(tripKey{}).(*trip); ok {
		t.sent.Store(true)
	}
	return resp, err
}
