package heroku

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

const maxOutput = 64 << 10 // bytes of output that are kept

// StreamURL is where output can be read by whoever knows the address, so it shows itself to nobody: it prints,
// logs and marshals without its value. string(u) is the value.
type StreamURL string

// String tells whether there is an address, not which.
func (u StreamURL) String() string {
	if u == "" {
		return ""
	}
	return "[output stream]"
}

// Format keeps the value out of every verb.
func (u StreamURL) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, u.String()) }

// LogValue keeps the value out of logs.
func (u StreamURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText keeps the value out of whatever is stored: a release that was stored has no OutputURL.
func (u StreamURL) MarshalText() ([]byte, error) { return nil, nil }

// Output reads what a release command or a build wrote, without the token. It gives whole lines, the last 64 KB
// of them. NotStarted means that the command did not begin yet.
//
// A stream ends when its command does. When the context or 10 s end first, or the line breaks for good, the text
// that came so far is given together with the error.
func (c *Client) Output(ctx context.Context, stream StreamURL) (string, error) {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	req, err := c.streamRequest(ctx, stream)
	if err != nil {
		return "", err
	}
	var text tail
	err = persist(ctx, req.Method, func() error {
		text = tail{}
		return c.wire.stream(req, &text)
	})
	if err == nil {
		return text.String(), nil
	}
	var e *Error
	if errors.As(outOfTime(caller, ctx, err), &e) {
		e.Op = streamOp
	}
	return text.String(), e
}

const streamOp = "output" // the address would name it better, but is a secret

// streamRequest refuses a stream that is less safe than the API it came from.
func (c *Client) streamRequest(ctx context.Context, stream StreamURL) (*http.Request, error) {
	refused := &Error{Op: streamOp, Kind: Invalid, Message: "this is no address of an output stream"}
	u, ok := c.safeURL(stream)
	if !ok {
		return nil, refused
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, refused
	}
	req.Header.Set("Accept", "text/plain")
	req.Header.Set("User-Agent", c.wire.agent)
	return req, nil
}

// safeURL reads an address that the API gave, and tells whether it is as safe as the API.
func (c *Client) safeURL(s StreamURL) (*url.URL, bool) {
	u, err := url.Parse(string(s))
	if err != nil || u.Host == "" || u.User != nil {
		return nil, false
	}
	return u, u.Scheme == "https" || u.Scheme == "http" && strings.HasPrefix(c.service.URL, "http://")
}

// stream reads one answer into text. It follows no redirect, and says nothing of the address or the body.
func (w *wire) stream(req *http.Request, text *tail) error {
	resp, err := w.inner.RoundTrip(req)
	if err != nil {
		return &Error{Kind: Unreachable, Err: withoutURL(err)}
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return &Error{Kind: NotStarted, Status: resp.StatusCode}
	case resp.StatusCode/100 != 2:
		return &Error{Kind: kindOf(resp.StatusCode, ""), Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header)}
	}
	if _, err := io.Copy(text, resp.Body); err != nil {
		return &Error{Kind: Unreachable, Status: resp.StatusCode, Message: "the output broke off", Err: withoutURL(err)}
	}
	return nil
}

// withoutURL takes an error out of the wrapping that repeats the address.
func withoutURL(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// tail keeps the end of what is written to it.
type tail struct {
	kept []byte
	cut  bool // something before kept was let go
}

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if len(t.kept) > 4*maxOutput {
		t.shorten()
	}
	return len(b), nil
}

func (t *tail) shorten() {
	if extra := len(t.kept) - maxOutput; extra > 0 {
		t.kept = append([]byte(nil), t.kept[extra:]...)
		t.cut = true
	}
}

// String gives the end, from the beginning of a line if anything before it is missing, as valid UTF-8.
func (t *tail) String() string {
	t.shorten()
	text := t.kept
	if t.cut {
		if i := bytes.IndexByte(text, '\n'); i >= 0 && i < len(text)-1 {
			text = text[i+1:]
		}
	}
	return strings.ToValidUTF8(string(bytes.ReplaceAll(text, []byte{0}, nil)), "")
}
