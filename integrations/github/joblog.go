package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	gh "github.com/google/go-github/v60/github"
)

const (
	// logTime bounds the reading of one log, from the question to the end.
	logTime = time.Minute

	// MaxLog is how much of a log can be read, in bytes. Usual ones have up to 2 MB.
	MaxLog = 64 << 20
)

// JobLog opens the log of a finished job as it is streamed: a byte order mark, then lines that begin with their time.
// Who opened it closes it. Opening and reading may take a minute altogether, or until the context ends.
//
// NotReady: GitHub has not sealed the log yet, which takes some seconds after the job's end; or there is no such job,
// which GitHub tells in the same words. NotFound: it was kept for its time and is gone. A read that fails does so with
// *Error; Invalid is a log longer than MaxLog.
func (c *Client) JobLog(ctx context.Context, repo Repo, jobID int64) (io.ReadCloser, error) {
	op := fmt.Sprintf("read the log of job %d of %s", jobID, repo)
	ctx, cancel := context.WithTimeout(ctx, logTime)
	var where SignedURL
	err := c.ask(ctx, op, repo, func(ctx context.Context) (resp *gh.Response, err error) {
		where, resp, err = c.location(ctx, repo, fmt.Sprintf("actions/jobs/%d/logs", jobID))
		return resp, err
	})
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusNotFound && e.Kind == NotFound {
		e.Kind = NotReady
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return c.download(ctx, cancel, where, download{op: op, what: "log", most: MaxLog})
}

// download begins to read what lies at a signed address. Cancel ends ctx; it is called here if nothing is to be had, and otherwise by
// whoever closes what is read.
func (c *Client) download(ctx context.Context, cancel func(), where SignedURL, d download) (io.ReadCloser, error) {
	body, failed := c.fetch(ctx, where)
	if failed != nil {
		cancel()
		failed.Op = d.op
		return nil, failed
	}
	d.body, d.left, d.cancel = body, d.most, cancel
	return &d, nil
}

// fetch gets what lies at a signed address, without the token and without following another redirect.
func (c *Client) fetch(ctx context.Context, where SignedURL) (io.ReadCloser, *Error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, string(where), nil)
	if err != nil {
		return nil, &Error{Kind: Malformed, Message: "the redirect leads nowhere safe"}
	}
	req.Header.Set("User-Agent", c.gh.UserAgent)
	resp, err := c.wire.next.RoundTrip(req)
	if err != nil {
		return nil, unreached(err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, &Error{Kind: Unavailable, Status: resp.StatusCode, Message: "GitHub's other host did not give it out"}
	}
	return resp.Body, nil
}

// unreached says that no whole answer came, without the address.
func unreached(err error) *Error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return &Error{Kind: Unreachable, Message: cut(line(err.Error())), Err: err}
}

// download is what is being read from another host.
type download struct {
	op, what string
	most     int64 // bytes
	body     io.ReadCloser
	left     int64
	cancel   func()
}

// Read implements io.Reader.
func (d *download) Read(b []byte) (int, error) {
	if int64(len(b)) > d.left+1 { // the one byte more tells what ends there from what goes on
		b = b[:d.left+1]
	}
	n, err := d.body.Read(b)
	if int64(n) > d.left {
		return int(d.left), &Error{Op: d.op, Kind: Invalid, Message: fmt.Sprintf("the %s is longer than %d MB", d.what, d.most>>20)}
	}
	d.left -= int64(n)
	if err != nil && err != io.EOF {
		e := unreached(err)
		e.Op = d.op
		err = e
	}
	return n, err
}

// Close lets go of the connection.
func (d *download) Close() error {
	d.cancel()
	return d.body.Close()
}
