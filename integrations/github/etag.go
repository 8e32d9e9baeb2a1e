package github

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// etags asks again with the ETag of the last answer and gives that answer back when GitHub says 304, which costs no
// quota. It never answers by itself, so nothing is stale. There is one for each client, and so for each token: what
// one token may see is never shown to another.
type etags struct {
	next http.RoundTripper
	kept *lru
}

const (
	maxEntries   = 256
	maxKept      = 8 << 20     // bytes of all answers kept
	maxKeptEntry = maxKept / 4 // bytes of one
)

func newEtags(next http.RoundTripper) *etags {
	return &etags{next: next, kept: newLRU(maxEntries, maxKept, maxKeptEntry)}
}

// RoundTrip implements http.RoundTripper.
func (c *etags) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return c.next.RoundTrip(req)
	}
	key := req.Method + " " + req.URL.String() + " " + req.Header.Get("Accept")
	old, ok := c.kept.get(key)
	if ok {
		req = req.Clone(req.Context())
		req.Header.Set("If-None-Match", old.header.Get("Etag"))
	}
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	switch resp.StatusCode {
	case http.StatusNotModified:
		if ok {
			return old.replay(req, resp), resp.Body.Close()
		}
	case http.StatusOK:
		return resp, c.keep(key, resp)
	case http.StatusNotFound, http.StatusGone:
		c.kept.drop(key)
	}
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the transport.
func (c *etags) CloseIdleConnections() { closeIdle(c.next) }

// keep stores an answer, or forgets the old one if the new one cannot be kept.
func (c *etags) keep(key string, resp *http.Response) error {
	body, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if resp.Header.Get("Etag") == "" || strings.Contains(resp.Header.Get("Cache-Control"), "no-store") || broken(resp.Header, body) {
		c.kept.drop(key)
		return nil
	}
	c.kept.put(key, answer{header: lasting(resp.Header), body: body})
	return nil
}

// broken tells JSON that cannot be read. Kept, it would come back with every 304.
func broken(h http.Header, body []byte) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return kind == "application/json" && !json.Valid(body)
}

// answer is a kept 200.
type answer struct {
	header http.Header
	body   []byte
}

// replay is the kept answer with what the 304 says anew: quota, request id, date.
func (a answer) replay(req *http.Request, fresh *http.Response) *http.Response {
	header := a.header.Clone()
	for name, values := range fresh.Header {
		if !strings.HasPrefix(name, "Content-") && name != "Transfer-Encoding" {
			header[name] = values
		}
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK,
		Proto: fresh.Proto, ProtoMajor: fresh.ProtoMajor, ProtoMinor: fresh.ProtoMinor,
		Header: header, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
		Request: req,
	}
}

// lasting drops what was true of the first answer only, so that an old quota is never shown as a new one.
func lasting(h http.Header) http.Header {
	h = h.Clone()
	for name := range h {
		if strings.HasPrefix(name, "X-Ratelimit-") || name == "X-Github-Request-Id" || name == "Date" {
			h.Del(name)
		}
	}
	return h
}
