package heroku

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// LogQuery chooses what of an app's logs to read.
type LogQuery struct {
	Dyno   string // "run.1234"; "" is all
	Source string // "app" or "heroku"; "" is both. With "app" the line that tells an exit status is missing
	Lines  int    // of those that were kept, to begin with; 0 is Heroku's choice. Fir keeps none
	Tail   bool   // go on with what is written from now on, until the reader leaves
}

// LogSession opens the logs of an app for a reader and gives where to read them: a secret that works for some minutes.
func (c *Client) LogSession(ctx context.Context, app string, q LogQuery) (StreamURL, error) {
	op := "logs of " + app
	body := map[string]any{"tail": q.Tail}
	for name, text := range map[string]string{"dyno": q.Dyno, "source": q.Source} {
		if text != "" {
			body[name] = text
		}
	}
	if q.Lines > 0 {
		body["lines"] = q.Lines
	}
	var s struct {
		URL StreamURL `json:"logplex_url"`
	}
	// A session that nobody reads is nothing, so a second one does no harm.
	cl := call{accept: v3sdk, safe: true}
	err := c.do(ctx, op, &cl, func(ctx context.Context) error {
		return c.service.Post(ctx, &s, path("apps", app, "log-sessions"), body)
	})
	if err == nil && s.URL == "" {
		err = &Error{Op: op, Kind: Malformed, Message: "the answer has no address"}
	}
	return s.URL, err
}

// ReadLogs reads a log stream without the token and calls each with every line until the stream ends, which is at once
// if it was not asked to tail. It gives the id of the last line: given as from, the stream goes on behind it, if the
// server can; "" is the beginning.
//
// The answer must begin within 10 s. After that only the context bounds a tail. Unreachable: the line broke, go on from
// the last line. Forbidden, NotFound: the address has had its time, open another session.
func (c *Client) ReadLogs(ctx context.Context, stream StreamURL, from string, each func(LogLine)) (last string, err error) {
	const op = "read logs"
	u, ok := c.safeURL(stream)
	if !ok {
		return from, &Error{Op: op, Kind: Invalid, Message: "this is no address of a log stream"}
	}
	reading, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	req, err := http.NewRequestWithContext(reading, http.MethodGet, u.String(), nil)
	if err != nil {
		return from, &Error{Op: op, Kind: Invalid, Message: "this is no address of a log stream"}
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("User-Agent", c.wire.agent)
	if from != "" {
		req.Header.Set("Last-Event-Id", from)
	}
	slow := time.AfterFunc(deadline, func() { stop(errSlow) })
	resp, err := c.wire.inner.RoundTrip(req)
	if !slow.Stop() && err == nil { // it came at the last moment, and reading it would end at once
		_ = resp.Body.Close()
		err = errSlow
	}
	if err != nil {
		return from, logError(op, reading, err, 0)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return from, &Error{Op: op, Kind: kindOf(resp.StatusCode, ""), Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header)}
	}
	lines := newLineReader(resp.Header, resp.Body, from)
	for {
		l, err := lines.next()
		if err == io.EOF {
			return lines.last, nil
		}
		if err != nil {
			return lines.last, logError(op, reading, err, resp.StatusCode)
		}
		each(l)
	}
}

var errSlow = fmt.Errorf("no answer within %g s: %w", deadline.Seconds(), context.DeadlineExceeded)

// logError says that the stream broke, and by what, without the address.
func logError(op string, ctx context.Context, err error, status int) *Error {
	e := &Error{Op: op, Kind: Unreachable, Status: status, Err: withoutURL(err)}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, errSlow) {
		e.Err = cause
	}
	return e
}
