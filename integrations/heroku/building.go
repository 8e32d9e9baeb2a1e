package heroku

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// uploadTime is for a tarball of some hundred megabytes on a slow line.
const uploadTime = 5 * time.Minute

// BuildSpec is a build to be started.
type BuildSpec struct {
	URL         StreamURL // where Heroku fetches a gzipped tar; it may live for minutes only
	Version     string    // becomes Slug.Commit: the whole SHA
	Description string    // becomes Slug.CommitDescription; "" is none
	Checksum    string    // "SHA256:" and hex digits; "" is not checked
	Buildpacks  []string  // names or addresses; none: the app's own. Cedar only
}

// StartBuild starts a build, which is released when it succeeds. An app has one build at a time.
func (c *Client) StartBuild(ctx context.Context, app string, s BuildSpec) (Build, error) {
	op := "start a build of " + app
	if s.URL == "" || s.Version == "" {
		return Build{}, &Error{Op: op, Kind: Invalid, Message: "a build needs the address of its source and a version"}
	}
	source := map[string]string{"url": string(s.URL), "version": s.Version}
	if s.Description != "" {
		source["version_description"] = s.Description
	}
	if s.Checksum != "" {
		source["checksum"] = s.Checksum
	}
	body := map[string]any{"source_blob": source}
	if len(s.Buildpacks) > 0 {
		packs := make([]map[string]string, len(s.Buildpacks))
		for i, name := range s.Buildpacks {
			key := "name"
			if u, err := url.Parse(name); err == nil && u.Host != "" {
				key = "url"
			}
			packs[i] = map[string]string{key: name}
		}
		body["buildpacks"] = packs
	}
	var b herokugo.Build
	err := c.change(ctx, op, call{accept: v3}, http.MethodPost, path("apps", app, "builds"), body, &b, func() error { return need(op, b.ID) })
	if err != nil {
		return Build{}, err
	}
	return buildOf(b), nil
}

// CancelBuild ends a build that goes on.
func (c *Client) CancelBuild(ctx context.Context, app, id string) error {
	op := fmt.Sprintf("cancel build %s of %s", id, app)
	return c.change(ctx, op, call{accept: v3}, http.MethodDelete, path("apps", app, "builds", id), nil, nil)
}

// Source is a place for a tarball that lives long enough for a build that has to wait. Both addresses are secrets.
type Source struct {
	Get StreamURL // for BuildSpec.URL
	Put StreamURL // for Upload
}

// NewSource makes a place for a tarball. One that is not used does no harm.
func (c *Client) NewSource(ctx context.Context) (Source, error) {
	const op = "make a place for a source"
	var s struct {
		Blob struct {
			Get StreamURL `json:"get_url"`
			Put StreamURL `json:"put_url"`
		} `json:"source_blob"`
	}
	err := c.change(ctx, op, call{accept: v3}, http.MethodPost, "/sources", nil, &s, func() error {
		if s.Blob.Get == "" || s.Blob.Put == "" {
			return &Error{Op: op, Kind: Malformed, Status: http.StatusOK, Message: "the answer has no addresses"}
		}
		return nil
	})
	if err != nil {
		return Source{}, err
	}
	return Source{Get: s.Blob.Get, Put: s.Blob.Put}, nil
}

// Upload puts a gzipped tar of size bytes where NewSource said, without the token and without a Content-Type, which the
// store would hold against the signature. It is sent once; a second Upload replaces the first. The time it may take is
// the context's, or 5 minutes.
func (c *Client) Upload(ctx context.Context, s Source, tarball io.Reader, size int64) error {
	const op = "upload a source"
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, uploadTime)
	defer cancel()
	u, ok := c.safeURL(s.Put)
	if !ok || size <= 0 {
		return &Error{Op: op, Kind: Invalid, Message: "there is no safe address or nothing to upload"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, u.String(), tarball)
	if err != nil {
		return &Error{Op: op, Kind: Invalid, Message: "this is no address to upload to"}
	}
	req.ContentLength = size
	req.Header.Set("User-Agent", c.wire.agent)
	resp, err := carry(c.wire.inner, req)
	if err != nil {
		_, never := errors.AsType[*unsent](err)
		e := outOfTime(caller, ctx, &Error{Kind: Unreachable, Err: withoutURL(err)}).(*Error)
		e.Op, e.Ambiguous = op, !never
		return e
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 == 2 {
		return nil
	}
	e := &Error{Op: op, Kind: kindOf(resp.StatusCode, ""), Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header)}
	e.Ambiguous = e.leavesOpen()
	return e
}
