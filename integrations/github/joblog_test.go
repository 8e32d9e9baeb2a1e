package github_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
)

const (
	storeAddr = "blobs.github.test:80"
	signed    = "http://" + storeAddr + "/log?sig=s3cret"
)

// logStage is GitHub with its store of logs on another host.
func logStage(t *testing.T, api, store http.HandlerFunc) (*github.Client, *far) {
	t.Helper()
	client, far := stage(t, api)
	far.listen(t, storeAddr, store)
	return client, far
}

func TestALogIsStreamedFromAnotherHostWithoutTheToken(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const text = "\ufeff2026-05-26T08:42:06.7591439Z ##[group]Run pytest\n"
		client, far := logStage(t, says(302, ``, "Location", signed), func(w http.ResponseWriter, r *http.Request) {
			for name := range r.Header {
				if strings.Contains(fmt.Sprint(r.Header[name]), token) || name == "Authorization" {
					w.WriteHeader(400)
				}
			}
			_, _ = io.WriteString(w, text)
		})
		log, err := client.JobLog(t.Context(), penny, 8)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(log)
		if err != nil || string(got) != text || log.Close() != nil {
			t.Errorf("got %q, %v", got, err)
		}
		if r := far.requests(); r[0].URL.Path != repoPath+"/actions/jobs/8/logs" || r[1].URL.RequestURI() != "/log?sig=s3cret" || r[1].UserAgent() != "slipway" {
			t.Errorf("asked %s and %s", r[0].URL, r[1].URL)
		}
	})
}

func TestALogThatIsNotToBeHadSaysWhy(t *testing.T) {
	t.Parallel()
	found := says(302, ``, "Location", signed)
	for name, c := range map[string]struct {
		api, store http.HandlerFunc
		kind       github.Kind
		status     int
	}{
		"not sealed":             {says(404, `{"message":"Not Found"}`), nil, github.NotReady, 404},
		"expired":                {says(410, `{"message":"Server Error"}`), nil, github.NotFound, 410},
		"quota":                  {says(403, `{}`, "X-RateLimit-Remaining", "0"), nil, github.OutOfQuota, 403},
		"no redirect":            {says(200, `{}`), nil, github.Malformed, 200},
		"no place":               {says(302, ``), nil, github.Malformed, 302},
		"a place without a host": {says(302, ``, "Location", "/log"), nil, github.Malformed, 302},
		"a place with a user":    {says(302, ``, "Location", "https://me:s3cret@x/"), nil, github.Malformed, 302},
		"another scheme":         {says(302, ``, "Location", "file:///etc/passwd"), nil, github.Malformed, 302},
		"html 503":               {says(503, `<html>`, "Content-Type", "text/html"), nil, github.Unavailable, 503},
		"hangs":                  {hangs, nil, github.Unreachable, 0},
		"drops":                  {drops, nil, github.Unreachable, 0},
		"store refuses":          {found, says(403, `s3cret`), github.Unavailable, 403},
		"store is unwell":        {found, says(503, `s3cret`), github.Unavailable, 503},
		"store sends elsewhere":  {found, says(302, ``, "Location", farURL), github.Unavailable, 302},
		"store drops":            {found, drops, github.Unreachable, 0},
		"store hangs":            {found, hangs, github.Unreachable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := logStage(t, c.api, c.store)
				_, err := client.JobLog(t.Context(), penny, 8)
				e := fails(t, err)
				if e.Kind != c.kind || e.Status != c.status || e.Op != "read the log of job 8 of penny-university/penny_university" {
					t.Errorf("got %v, status %d", e, e.Status)
				}
				if text := fmt.Sprintf("%v %+v", err, *e); strings.Contains(text, "s3cret") || e.Ambiguous {
					t.Errorf("shown: %s", text)
				}
			})
		})
	}
}

func TestALogThatBreaksOffIsAnErrorOfOurs(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]http.HandlerFunc{
		"cut": cutShort,
		"stalls": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "line\n")
			_ = http.NewResponseController(w).Flush()
			hangs(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := logStage(t, says(302, ``, "Location", signed), store)
				start := time.Now()
				log, err := client.JobLog(t.Context(), penny, 8)
				if err != nil {
					t.Fatal(err)
				}
				defer log.Close()
				_, err = io.ReadAll(log)
				if e := fails(t, err); e.Kind != github.Unreachable || e.Op == "" || time.Since(start) > time.Minute {
					t.Errorf("after %v: %v", time.Since(start), e)
				}
				if name == "stalls" && !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		})
	}
}

func TestALogHasABound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more int
		kind github.Kind
	}{"as long as may be": {0, ""}, "one more": {1, github.Invalid}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := logStage(t, says(302, ``, "Location", signed), func(w http.ResponseWriter, _ *http.Request) {
					block := make([]byte, 1<<20)
					for range github.MaxLog >> 20 {
						_, _ = w.Write(block)
					}
					_, _ = w.Write(block[:c.more])
				})
				log, err := client.JobLog(t.Context(), penny, 8)
				if err != nil {
					t.Fatal(err)
				}
				defer log.Close()
				n, err := io.Copy(io.Discard, log)
				if n != github.MaxLog || github.KindOf(err) != c.kind {
					t.Errorf("%d bytes, %v", n, err)
				}
			})
		})
	}
}

func TestATarballIsFoundAndNotFetched(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := logStage(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == repoPath+"/tarball/abc" { // it was renamed
				w.Header().Set("Location", "/repositories/42/tarball/abc")
				w.WriteHeader(301)
				return
			}
			says(302, ``, "Location", "http://"+storeAddr+"/t?token=s3cret")(w, r)
		}, nil)
		got, err := client.Tarball(t.Context(), penny, "abc")
		if err != nil || string(got) != "http://"+storeAddr+"/t?token=s3cret" || far.asked() != 2 {
			t.Errorf("%s, %v, asked %d times", string(got), err, far.asked())
		}
		stored, _ := json.Marshal(map[string]any{"url": got})
		if text := fmt.Sprintf("%v %s %q %+v %#v %s", got, got, got, got, got, stored); strings.Contains(text, "s3cret") {
			t.Error(text)
		}
		for _, ref := range []string{"a..b", "", "a b"} {
			if _, err := client.Tarball(t.Context(), penny, ref); github.KindOf(err) != github.Invalid {
				t.Errorf("%q: %v", ref, err)
			}
		}
	})
}
