// Package heroku reads and changes what runs on Heroku: apps, releases, the code in them, processes, builds, one-off
// dynos and webhooks, and reads the events that the webhooks bring.
//
// It is apart so that heroku-go, the Accept versions, paging and the ways in which the API refuses stay in one
// place; nothing that it gives back is a heroku-go type, and its error says whether a change may have been made.
package heroku

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	herokugo "github.com/heroku/heroku-go/v5"
)

const defaultAgent = "slipway"

// Options say which API to talk to and as whom.
type Options struct {
	URL   string            // where the Platform API is; "" is https://api.heroku.com
	Data  string            // where the Data API is; "" is https://api.data.heroku.com, or URL where that is not Heroku's own
	Token string            // an authorization's token; needed
	HTTP  http.RoundTripper // what carries the requests; nil is a transport of the client's own, with timeouts
	Agent string            // the User-Agent; "" is slipway
	Warn  func(text string) // told each distinct warning of the API once, from any goroutine; nil drops them
}

// String leaves the token out, so that options can be printed.
func (o Options) String() string {
	return fmt.Sprintf("Heroku at %s as %s", cmp.Or(o.URL, herokugo.DefaultURL), cmp.Or(o.Agent, defaultAgent))
}

// GoString is String: %#v must not show the token either.
func (o Options) GoString() string { return o.String() }

// LogValue is String, for handlers that look at fields.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Client speaks to the Platform API. It is safe for concurrent use. Every method's error is an *Error.
//
// A request has 10 s, retries included, unless its context ends sooner. A GET that met no answer, or a 502, 503
// or 504, is tried at most twice more; a 429 is reported, never waited for. The API knows no idempotency keys, so a
// change is sent once, and again only while no connection can be made at all.
type Client struct {
	service *herokugo.Service
	data    *herokugo.Service // the same for the Data API
	wire    *wire
	own     *http.Transport // nil when the caller brought the transport
}

// New makes a client; it does not connect. Its errors never hold the token.
func New(o Options) (*Client, error) {
	base, err := baseURL(o.URL, herokugo.DefaultURL)
	if err != nil {
		return nil, err
	}
	at := o.Data
	if at == "" && base != herokugo.DefaultURL {
		at = base
	}
	data, err := baseURL(at, dataURL)
	if err != nil {
		return nil, err
	}
	if o.Token == "" {
		return nil, errors.New("heroku: no token given")
	}
	if strings.ContainsFunc(o.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("heroku: the token holds a space or another character that no token has")
	}
	c := &Client{}
	inner := o.HTTP
	if inner == nil {
		c.own = newTransport()
		inner = c.own
	}
	c.wire = newWire(inner, o.Token, cmp.Or(o.Agent, defaultAgent), o.Warn)
	// heroku-go's own Transport is left out: it fixes Accept, loses status and headers of errors, and logs
	// warnings by itself. Its client is this one in place of the package's shared one.
	c.service, c.data = herokugo.NewService(&http.Client{Transport: c.wire}), herokugo.NewService(&http.Client{Transport: c.wire})
	c.service.URL, c.data.URL = base, data
	return c, nil
}

// dataURL is the Data API's address since February 2024.
const dataURL = "https://api.data.heroku.com"

func baseURL(s, otherwise string) (string, error) {
	if s == "" {
		return otherwise, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", errors.New("heroku: the API's address is no http or https URL")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("heroku: the API's address holds more than scheme, host and path")
	}
	return strings.TrimRight(s, "/"), nil
}

// Tokens is how many requests the account had left when the API last said so, or -1 before it did. An account
// has 4500 and gets about 75 a minute back; its owner's other tools use the same ones.
func (c *Client) Tokens() int { return int(c.wire.tokens.Load()) }

// Close lets go of idle connections, if the transport is the client's own.
func (c *Client) Close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// get reads one resource as v in the given version of the API.
func (c *Client) get(ctx context.Context, op string, cl call, path string, v any) error {
	return c.do(ctx, op, &cl, func(ctx context.Context) error {
		return c.at(cl).Get(ctx, v, path, nil, nil)
	})
}

// at is the API that a call goes to.
func (c *Client) at(cl call) *herokugo.Service {
	if cl.data {
		return c.data
	}
	return c.service
}

// do runs one call of heroku-go on top of cl, and gives its error its subject.
func (c *Client) do(ctx context.Context, op string, cl *call, send func(context.Context) error) error {
	err := send(context.WithValue(ctx, callKey{}, cl))
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		// A new value, because what the transport gave is wrapped in words that repeat the address.
		named := *e
		named.Op = op
		return &named
	}
	// The transport's errors are all *Error, so this is the decoder's.
	return &Error{Op: op, Kind: Malformed, Status: cl.status, RequestID: cl.requestID, Err: err}
}

// change runs one call that changes something. It decodes the answer into v, or takes any answer when v is nil. What
// looks at the answer after that may find it wrong; the change was made then all the same.
func (c *Client) change(ctx context.Context, op string, cl call, method, path string, body, v any, look ...func() error) error {
	cl.bare = v == nil
	err := c.do(ctx, op, &cl, func(ctx context.Context) error {
		return c.at(cl).Do(ctx, v, method, path, body, nil, nil)
	})
	for _, f := range look {
		if err == nil {
			err = f()
		}
	}
	var e *Error
	if errors.As(err, &e) {
		e.Ambiguous = cl.sent && e.leavesOpen()
	}
	return err
}

// need refuses an answer without the one field that every answer of its kind has.
func need(op, id string) error {
	if id == "" {
		return &Error{Op: op, Kind: Malformed, Message: "the answer has no id"}
	}
	return nil
}

// path joins the parts of an address below the API's root. An empty part is refused by the transport.
func path(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "/%s", url.PathEscape(p))
	}
	return b.String()
}
