package github

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// canned answers every request alike, without a network.
type canned struct {
	status int
	header http.Header
	body   string
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: c.status, Header: c.header.Clone(), Body: io.NopCloser(strings.NewReader(c.body)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
	}, nil
}

// Whatever answers, the outcome is a value or one of our errors on one line, without the token.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"total_count":1,"workflow_runs":[{"id":1,"path":"a@b"}]}`, "", "9", "946684800", `<x?page=2>; rel="next"`, "application/json")
	f.Add(403, `{"message":"x","documentation_url":"https://docs.github.com/secondary-rate-limits"}`, "5", "0", "99999999999999", "", "")
	f.Add(422, `{"errors":["a",{"code":"b"}],"message":"No commit found for SHA: ghp_secret"}`, "-1", "", "x", "", "text/html")
	f.Add(301, ``, "Wed, 21 Oct 2015 07:28:00 GMT", "", "", "ghp_secret", "")
	f.Add(304, ``, "", "", "", "", "")
	f.Add(200, `{"total_count":1,"workflow_runs":[null]}`, "", "0", "", "", "")
	f.Fuzz(func(t *testing.T, status int, body, retryAfter, remaining, reset, link, contentType string) {
		h := http.Header{}
		for name, v := range map[string]string{
			"Retry-After": retryAfter, "X-Ratelimit-Remaining": remaining, "X-Ratelimit-Limit": remaining, "X-Ratelimit-Reset": reset,
			"Link": link, "Location": link, "Content-Type": contentType, "Etag": link, "X-Github-Request-Id": link,
		} {
			if v != "" {
				h.Set(name, v)
			}
		}
		c, err := New(Options{Token: "ghp_secret", HTTP: canned{status: 100 + (status&0x7fffffff)%500, header: h, body: body}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond) // less than the first pause
		defer cancel()
		for range 2 {
			_, err = c.Runs(ctx, Repo{"o", "n"}, RunQuery{Limit: 300})
			if err == nil {
				continue
			}
			e, ok := err.(*Error)
			if !ok || e.Kind == "" {
				t.Fatalf("error of another kind: %T %v", err, err)
			}
			if text := e.Error(); strings.ContainsAny(text, "\r\n\x1b\x00") || !utf8.ValidString(text) || strings.Contains(text, "ghp_secret") {
				t.Fatalf("error reads %q", text)
			}
			if (e.Kind == OutOfQuota || e.Kind == SlowDown) && e.Until.IsZero() {
				t.Fatalf("no Until: %v", e)
			}
		}
	})
}

// Whatever the headers say, a wait lies between now and a day from now.
func FuzzHeaders(f *testing.F) {
	for _, v := range []string{"", "0", "5", "-5", "86401", "9223372036854775807", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 01 Jan 9999 00:00:00 GMT"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		now := time.Now()
		at := retryAfter(http.Header{headerRetryAfter: {v}}, now)
		if !at.IsZero() && (at.Before(now) || at.After(now.Add(longestWait))) {
			t.Errorf("Retry-After %q gives %v", v, at.Sub(now))
		}
		if at := resetTime(http.Header{headerReset: {v}}); at.After(time.Now().Add(longestWait)) {
			t.Errorf("reset %q gives %v", v, at)
		}
	})
}

// Whatever a ref or a path is, the request stays below its repository.
func FuzzPaths(f *testing.F) {
	for _, v := range []string{"master", "../../user", "a/b", "%2e%2e/x", "a?b#c", "a//b", "//evil.test/x", "http://evil.test", ".", "é", "\x00", "a:b"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		seen := &recorder{}
		c, err := New(Options{Token: "t", HTTP: seen})
		if err != nil {
			t.Fatal(err)
		}
		ctx, r := t.Context(), Repo{"o", "n"}
		_, _ = c.Branch(ctx, r, v)
		_, _ = c.Commit(ctx, r, v)
		_, _ = c.Compare(ctx, r, v, v)
		_, _ = c.PullsOfCommit(ctx, r, v)
		_, _ = c.CombinedStatus(ctx, r, v)
		_, _ = c.CheckRuns(ctx, r, v)
		_, _ = c.File(ctx, r, v, v)
		_, _ = c.Runs(ctx, r, RunQuery{Workflow: v, Branch: v})
		if p, err := ParseRepo(v); err == nil {
			r = p
			_, _ = c.Repository(ctx, r)
		}
		for _, u := range seen.urls {
			if !strings.HasPrefix(u, "https://api.github.com/repos/o/n/") && u != "https://api.github.com/repos/"+r.String() {
				t.Errorf("%q asks %s", v, u)
			}
		}
	})
}

// recorder notes what was asked and knows nothing.
type recorder struct{ urls []string }

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.urls = append(r.urls, req.URL.Scheme+"://"+req.URL.Host+req.URL.EscapedPath())
	return canned{status: 404, header: http.Header{}}.RoundTrip(req)
}
