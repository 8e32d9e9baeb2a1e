package github_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/integrations/github"
)

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]github.Options{
		"no token":              {},
		"token with line break": {Token: token + "\n"},
		"token with space":      {Token: "ghp_ " + token},
		"token outside ASCII":   {Token: token + "é"},
		"no scheme":             {Token: token, URL: "api.github.com"},
		"other scheme":          {Token: token, URL: "ftp://api.github.com"},
		"password in address":   {Token: token, URL: "https://me:" + token + "@api.github.com"},
		"query in address":      {Token: token, URL: "https://api.github.com/?access_token=" + token},
		"no address":            {Token: token, URL: "https://" + token + ":x:y"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := github.New(o)
			if err == nil {
				t.Fatal("taken")
			}
			if strings.Contains(err.Error(), token) {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

func TestTheTokenIsNeverShown(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, first(
			says(404, `{"message":"no route for Bearer `+token+`"}`, "X-GitHub-Request-Id", token, "X-Accepted-GitHub-Permissions", token),
			says(404, `{"message":"`+strings.Repeat("x", 280)+token+`"}`), // cut in its middle
			says(301, ``, "Location", "http://"+token+".test/"),
			says(301, ``, "Location", "/%zz"+token),
			says(200, `{"full_name":`+token),
		))
		for range 5 {
			_, err := client.Repository(t.Context(), github.Repo{Owner: "o", Name: token})
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v", *fails(t, err)), fmt.Sprintf("%#v", err)} {
				if strings.Contains(text, token[:8]) {
					t.Errorf("shown: %s", text)
				}
			}
			for below := err; below != nil; below = errors.Unwrap(below) {
				if strings.Contains(below.Error(), token) {
					t.Errorf("shown below: %v", below)
				}
			}
		}
		options := github.Options{Token: token}
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "options", options, "client", client)
		if strings.Contains(log.String(), token) {
			t.Errorf("logged: %s", &log)
		}
		for _, text := range []string{fmt.Sprintf("%v %+v %#v", client, client, client), fmt.Sprintf("%v %+v %#v", options, options, &options)} {
			if strings.Contains(text, token) {
				t.Errorf("printing shows it: %s", text)
			}
		}
		if got := far.requests()[0].Header.Get("Authorization"); got != "Bearer "+token {
			t.Errorf("Authorization: %q", got)
		}
	})
}

func TestRequestsSayWhoAsksAndWhichVersion(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		_, far := stage(t, says(200, goodRepo))
		client := far.client(t, github.Options{URL: farURL + "/api/v3", Agent: "slipway/1.2"})
		if _, err := client.Repository(t.Context(), penny); err != nil {
			t.Fatal(err)
		}
		r := far.requests()[0]
		if r.UserAgent() != "slipway/1.2" || r.Header.Get("X-GitHub-Api-Version") == "" || r.URL.Path != "/api/v3/repos/penny-university/penny_university" {
			t.Errorf("asked %s as %q, version %q", r.URL, r.UserAgent(), r.Header.Get("X-GitHub-Api-Version"))
		}
	})
}

func TestARenamedRepositoryIsFollowed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/repositories/42" {
				http.Redirect(w, r, "/repositories/42", http.StatusMovedPermanently)
				return
			}
			says(200, strings.Replace(goodRepo, "/penny_university", "/renamed", 1))(w, r)
		})
		got, err := client.Repository(t.Context(), penny)
		if err != nil || got.FullName != "penny-university/renamed" {
			t.Fatalf("got %+v, %v", got, err)
		}
		for _, r := range far.requests() {
			if r.Header.Get("Authorization") == "" {
				t.Errorf("%s was asked without the token", r.URL)
			}
		}
	})
}

func TestAnotherHostIsNeverAsked(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, says(302, ``, "Location", "http://elsewhere.test:80/"))
		far.listen(t, "elsewhere.test:80", says(200, goodRepo))
		_, err := client.Repository(t.Context(), penny)
		if github.KindOf(err) != github.Unavailable {
			t.Errorf("got %v", err)
		}
		if n := far.asked(); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestQuotaIsWhatTheLastAnswerSaid(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		reset := dawn.Add(time.Hour)
		client, _ := stage(t, first(
			says(200, goodRepo, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "4999", "X-RateLimit-Reset", unix(reset), "X-RateLimit-Resource", "core"),
			says(404, `{}`, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "4998", "X-RateLimit-Reset", unix(reset)),
			says(200, goodRepo, "X-RateLimit-Limit", "30", "X-RateLimit-Remaining", "1", "X-RateLimit-Resource", "search"),
			says(200, goodRepo, "X-RateLimit-Limit", "many", "X-RateLimit-Remaining", "some"),
			says(200, goodRepo),
		))
		if got := client.Quota(); got != (github.Quota{}) {
			t.Errorf("before the first answer: %+v", got)
		}
		for i, want := range []int{4999, 4998, 4998, 4998, 4998} {
			_, _ = client.Repository(t.Context(), penny)
			if got := client.Quota(); got != (github.Quota{Limit: 5000, Remaining: want, Reset: reset}) {
				t.Errorf("after answer %d: %+v, want %d left until %v", i+1, got, want, reset)
			}
		}
	})
}

func TestManyMayAskAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, _ := stage(t, says(200, goodRepo, "ETag", `"1"`, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "9"))
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := client.Repository(t.Context(), penny); err != nil {
					t.Error(err)
				}
				_ = client.Quota()
			})
		}
		all.Wait()
	})
}

// The transport that New makes is the only part that needs a real socket.
func TestWithoutATransportItDialsByItself(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(says(200, goodRepo))
	defer srv.Close()
	client, err := github.New(github.Options{URL: srv.URL, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Repository(t.Context(), penny); err != nil {
		t.Error(err)
	}
}
