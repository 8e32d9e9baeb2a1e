package github_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/github"
)

// tagged answers with an ETag, and 304 to those who have it. Each answer names its own quota; a 304 spends none.
func tagged(tag *atomic.Value, body string) http.HandlerFunc {
	left := atomic.Int64{}
	left.Store(5000)
	return func(w http.ResponseWriter, r *http.Request) {
		etag := tag.Load().(string)
		headers := []string{"ETag", etag, "X-RateLimit-Limit", "5000", "X-RateLimit-Reset", unix(time.Now().Add(time.Hour)), "X-RateLimit-Remaining"}
		if r.Header.Get("If-None-Match") == etag {
			says(http.StatusNotModified, "", append(headers, strconv.FormatInt(left.Load(), 10))...)(w, r)
			return
		}
		says(200, strings.ReplaceAll(body, "TAG", strings.Trim(etag, `W/"`)), append(headers, strconv.FormatInt(left.Add(-1), 10))...)(w, r)
	}
}

const taggedRepo = `{"full_name":"o/TAG","default_branch":"master"}`

func TestA304GivesTheSameValueWithFreshHeaders(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var tag atomic.Value
		tag.Store(`W/"one"`)
		client, far := stage(t, tagged(&tag, taggedRepo))
		want, err := client.Repository(t.Context(), penny)
		if err != nil {
			t.Fatal(err)
		}
		if q := client.Quota(); q.Remaining != 4999 {
			t.Fatalf("quota %+v", q)
		}

		time.Sleep(10 * time.Minute)
		for range 3 {
			got, err := client.Repository(t.Context(), penny)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Fatalf("%v %s", err, diff)
			}
		}
		if q := client.Quota(); q.Remaining != 4999 || !q.Reset.Equal(dawn.Add(70*time.Minute)) {
			t.Errorf("quota %+v, want 4999 left, and the reset of the last 304", q)
		}

		tag.Store(`W/"two"`)
		if got, _ := client.Repository(t.Context(), penny); got.FullName != "o/two" {
			t.Errorf("after the change: %+v", got)
		}
		if got, _ := client.Repository(t.Context(), penny); got.FullName != "o/two" {
			t.Errorf("then: %+v", got)
		}
		sent := []string{}
		for _, r := range far.requests() {
			sent = append(sent, r.Header.Get("If-None-Match"))
		}
		if diff := cmp.Diff([]string{"", `W/"one"`, `W/"one"`, `W/"one"`, `W/"one"`, `W/"two"`}, sent); diff != "" {
			t.Errorf("If-None-Match: %s", diff)
		}
	})
}

// A 304 may carry a quota of nought: what comes after must not be asked.
func TestTheQuotaOfA304Counts(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		spent := []string{"ETag", `"1"`, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(dawn.Add(time.Hour))}
		client, far := stage(t, first(says(200, goodRepo, "ETag", `"1"`, "X-RateLimit-Remaining", "1", "X-RateLimit-Limit", "5000"), says(304, ``, spent...)))
		for range 2 {
			if _, err := client.Repository(t.Context(), penny); err != nil {
				t.Fatal(err)
			}
		}
		_, err := client.Repository(t.Context(), penny)
		if e := fails(t, err); e.Kind != github.OutOfQuota || !e.Until.Equal(dawn.Add(time.Hour)) || far.asked() != 2 {
			t.Errorf("got %v after %d requests", e, far.asked())
		}
	})
}

func TestTwoTokensNeverShareACache(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		_, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				t.Errorf("%s knew an ETag", r.Header.Get("Authorization"))
			}
			name := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			says(200, strings.ReplaceAll(taggedRepo, "TAG", name), "ETag", `"same"`)(w, r)
		})
		for _, token := range []string{"ghp_alice", "ghp_bob"} {
			got, err := far.client(t, github.Options{Token: token}).Repository(t.Context(), penny)
			if err != nil || got.FullName != "o/"+token {
				t.Errorf("%s got %+v, %v", token, got, err)
			}
		}
	})
}

// Whether a second call sends the ETag of the first shows what was kept.
func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	tag := []string{"ETag", `"1"`}
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		kept    bool
	}{
		"a good answer":                  {[]http.HandlerFunc{says(200, goodRepo, tag...)}, true},
		"one without ETag":               {[]http.HandlerFunc{says(200, goodRepo)}, false},
		"one that says no-store":         {[]http.HandlerFunc{says(200, goodRepo, "ETag", `"1"`, "Cache-Control", "private, no-store")}, false},
		"broken JSON":                    {[]http.HandlerFunc{says(200, `{"full_name":"o/`, tag...)}, false},
		"a web page":                     {[]http.HandlerFunc{says(200, `<html>`, "ETag", `"1"`, "Content-Type", "text/html")}, false},
		"one above 2 MB":                 {[]http.HandlerFunc{says(200, goodRepo+strings.Repeat(" ", 2<<20), tag...)}, false},
		"a 404 with ETag":                {[]http.HandlerFunc{says(404, `{}`, tag...)}, false},
		"a 503 after it":                 {[]http.HandlerFunc{says(200, goodRepo, tag...), says(500, ``)}, true},
		"a 404 after it":                 {[]http.HandlerFunc{says(200, goodRepo, tag...), says(404, `{}`)}, false},
		"one without ETag in its place":  {[]http.HandlerFunc{says(200, goodRepo, tag...), says(200, goodRepo)}, false},
		"a cut answer after it":          {[]http.HandlerFunc{says(200, goodRepo, tag...), cutShort, cutShort, cutShort}, true},
		"a page in HTML after it, too":   {[]http.HandlerFunc{says(200, goodRepo, tag...), says(200, `<html>`, "Content-Type", "text/html")}, true},
		"a good answer, dropped then in": {[]http.HandlerFunc{drops, says(200, goodRepo, tag...)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, first(append(c.answers, says(200, goodRepo))...))
				for far.asked() < len(c.answers) {
					_, _ = client.Repository(t.Context(), penny)
				}
				_, _ = client.Repository(t.Context(), penny)
				all := far.requests()
				if got := all[len(all)-1].Header.Get("If-None-Match") != ""; got != c.kept {
					t.Errorf("kept: %v, want %v", got, c.kept)
				}
			})
		})
	}
}

// The same path with another Accept or another query is another answer.
func TestTheKeyIsAddressAndAccept(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
			if tag := r.Header.Get("If-None-Match"); tag != "" && tag != `"`+r.URL.String()+`"` {
				t.Errorf("%s was asked with %s", r.URL, tag)
			}
			says(200, `{"total_count":0,"workflow_runs":[]}`, "ETag", `"`+r.URL.String()+`"`)(w, r)
		})
		for range 2 {
			for _, branch := range []string{"master", "other"} {
				if _, err := client.Runs(t.Context(), penny, github.RunQuery{Branch: branch}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := far.asked(); n != 4 {
			t.Errorf("asked %d times", n)
		}
	})
}
