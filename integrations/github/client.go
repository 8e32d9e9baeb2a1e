// Package github reads repositories, pull requests, Actions runs and checks from GitHub's REST API.
//
// It is apart so that go-github, its ways of failing and its version stay in one place: what leaves here are our
// own small results and one error type that says what kind of trouble it was.
package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"
)

const (
	defaultURL   = "https://api.github.com"
	defaultAgent = "slipway"

	// callTime bounds one method of Client with its retries and pages; a person waits for the answer.
	callTime = 10 * time.Second
)

// Options say where GitHub is and who asks.
type Options struct {
	URL   string            // the API's root; "" is https://api.github.com, an enterprise host's ends in /api/v3
	Token string            // a personal access token, or any other that GitHub takes as a bearer
	HTTP  http.RoundTripper // nil: a transport of our own, with timeouts
	Agent string            // the User-Agent; "" is slipway
}

// String leaves the token out, so that options can be printed.
func (o Options) String() string {
	return fmt.Sprintf("GitHub at %s as %s", cmp.Or(o.URL, defaultURL), cmp.Or(o.Agent, defaultAgent))
}

// GoString is String: %#v must not show the token either.
func (o Options) GoString() string { return o.String() }

// LogValue is String, for handlers that look at fields.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Client asks GitHub with one token. It may be used by many goroutines at once. Each method answers or fails within
// 10 s, sooner if its context ends sooner, and fails with *Error.
type Client struct {
	gh   *gh.Client
	wire *wire
	hold hold
	hide func(string) string // takes the token out of a text
}

// New makes a client. It asks nothing; a refused token shows on the first call.
func New(o Options) (*Client, error) {
	root, err := parseRoot(o.URL)
	if err != nil {
		return nil, err
	}
	if err := checkToken(o.Token); err != nil {
		return nil, err
	}
	if o.HTTP == nil {
		o.HTTP = newTransport()
	}
	w := newWire(o.HTTP, root, o.Token)
	c := gh.NewClient(&http.Client{
		Transport:     newEtags(&retries{next: w}),
		CheckRedirect: stayHome(root),
	})
	c.BaseURL = root
	c.UserAgent = cmp.Or(o.Agent, defaultAgent)
	token := o.Token // captured by a function: fmt prints the fields of a struct, exported or not
	return &Client{gh: c, wire: w, hide: func(s string) string { return strings.ReplaceAll(s, token, "***") }}, nil
}

// Quota is how much may still be asked, as the last answer said; the zero value before the first.
func (c *Client) Quota() Quota { return c.wire.quota.read() }

// Close ends the connections that idle. Calls may still be made; they dial anew.
func (c *Client) Close() { c.gh.Client().CloseIdleConnections() }

// call makes one request, or several in a row, under the rules that hold for all: not while GitHub wants us to
// wait, within the time allowed, and with one kind of error.
func (c *Client) call(ctx context.Context, op string, ask func(context.Context) (*gh.Response, error)) error {
	op = cut(line(op))
	if err := c.hold.check(op); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	resp, err := ask(limited)
	if err == nil {
		return nil
	}
	e := classify(resp, err)
	e.Op = op
	if e.Err == context.DeadlineExceeded && ctx.Err() == nil {
		e.Message = fmt.Sprintf("no answer in %s", callTime)
	}
	c.hold.note(e)
	return e.hiding(c.hide)
}

func parseRoot(s string) (*url.URL, error) {
	u, err := url.Parse(cmp.Or(s, defaultURL))
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.Opaque != "":
		return nil, errors.New("the GitHub API's address must read like https://api.github.com or https://HOST/api/v3")
	case u.User != nil:
		return nil, errors.New("the GitHub API's address must not hold a user or password")
	case u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("the GitHub API's address must end after its path, without ? or #")
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/" // go-github refuses a root without it
	}
	return u, nil
}

// checkToken refuses what no token is, and what net/http would quote in an error about a bad header.
func checkToken(token string) error {
	if token == "" {
		return errors.New("a GitHub token is needed")
	}
	for i := range len(token) {
		if b := token[i]; b <= ' ' || b > '~' {
			return errors.New("the GitHub token holds a space, a line break or a letter outside ASCII; paste it again")
		}
	}
	return nil
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: callTime,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   16,
		ForceAttemptHTTP2:     true,
	}
}
