// Package github reads and changes repositories, pull requests, Actions runs, checks and hooks through GitHub's API, and
// reads the events that GitHub's webhooks bring.
//
// It is apart so that go-github, its ways of failing and its version stay in one place: what leaves here are our
// own small results and one error type that says what kind of trouble it was, and whether a change may have been made.
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
	Token string            // a personal access token, or any other that GitHub takes as a bearer; or else
	App   *App              // the GitHub App to ask as
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

// Client asks GitHub with one token, or as one App. It may be used by many goroutines at once. Each method answers or
// fails within 10 s (JobLog has a minute), sooner if its context ends sooner, and fails with *Error. Reads are tried up to three times;
// changes once, and again only while no connection can be made at all.
type Client struct {
	gh   *gh.Client
	wire *wire
	hold hold
}

// New makes a client. It asks nothing; a refused token shows on the first call.
func New(o Options) (*Client, error) {
	root, err := parseRoot(o.URL)
	if err != nil {
		return nil, err
	}
	if o.HTTP == nil {
		o.HTTP = newTransport()
	}
	who, err := newCredential(o, root)
	if err != nil {
		return nil, err
	}
	w := &wire{next: o.HTTP, root: root, who: who}
	c := gh.NewClient(&http.Client{
		Transport:     newEtags(&retries{next: w}),
		CheckRedirect: stayHome(root),
	})
	c.BaseURL = root
	c.UserAgent = cmp.Or(o.Agent, defaultAgent)
	return &Client{gh: c, wire: w}, nil
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
	if resp == nil || resp.Response == nil || !ownQuota(resp.Header) {
		c.hold.note(e)
	}
	return e.hiding(c.wire.who.hide)
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
