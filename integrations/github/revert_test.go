package github_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
)

func TestARevertThatGraphQLRefusesWasNotMade(t *testing.T) {
	t.Parallel()
	reset := dawn.Add(30 * time.Minute)
	for name, c := range map[string]struct {
		answer    http.HandlerFunc
		kind      github.Kind
		ambiguous bool
		until     time.Time
	}{
		"not merged":       {says(200, `{"data":{"revertPullRequest":null},"errors":[{"type":"UNPROCESSABLE","path":["revertPullRequest"],"message":"Pull request is not merged"}]}`), github.Invalid, false, time.Time{}},
		"unknown":          {says(200, `{"errors":[{"type":"NOT_FOUND","message":"Could not resolve to a node"}]}`), github.NotFound, false, time.Time{}},
		"not allowed":      {says(200, `{"errors":[{"type":"FORBIDDEN","message":"Resource not accessible by integration"}]}`), github.Forbidden, false, time.Time{}},
		"scopes":           {says(200, `{"errors":[{"type":"INSUFFICIENT_SCOPES","message":"x"}]}`), github.Forbidden, false, time.Time{}},
		"out of quota":     {says(200, `{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(reset), "X-RateLimit-Resource", "graphql"), github.OutOfQuota, false, reset},
		"quota, unsaid":    {says(200, `{"errors":[{"type":"RATE_LIMITED","message":"x"}]}`), github.OutOfQuota, false, dawn.Add(time.Minute)},
		"went wrong":       {says(200, `{"data":null,"errors":[{"message":"Something went wrong while executing your query."}]}`), github.Unavailable, true, time.Time{}},
		"refused and more": {says(200, `{"errors":[{"type":"UNPROCESSABLE","message":"a"},{"type":"NEW","message":"b"}]}`), github.Unavailable, true, time.Time{}},
		"nothing":          {says(200, `{"data":{"revertPullRequest":{"revertPullRequest":null}}}`), github.Malformed, true, time.Time{}},
		"html":             {says(200, `<html>`, "Content-Type", "text/html"), github.Unavailable, true, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := stage(t, c.answer)
				_, err := client.Revert(t.Context(), penny, "PR_1", github.Revert{})
				if e := fails(t, err); e.Kind != c.kind || e.Ambiguous != c.ambiguous || !e.Until.Equal(c.until) {
					t.Errorf("got %v, ambiguous %v, until %v", e, e.Ambiguous, e.Until)
				}
			})
		})
	}
}

// Whoever the token belongs to may use GraphQL for other things.
func TestGraphQLsQuotaHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	quota := []string{"X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(dawn.Add(time.Hour)), "X-RateLimit-Resource", "graphql"}
	for name, answer := range map[string]http.HandlerFunc{
		"200":            says(200, `{"errors":[{"type":"RATE_LIMITED","message":"x"}]}`, quota...),
		"403":            says(403, `{"message":"API rate limit exceeded"}`, quota...),
		"429":            says(429, `{}`, quota...),
		"the last of it": says(200, changes[len(changes)-1].answer, quota...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := stage(t, first(answer, says(200, goodRepo)))
				_, err := client.Revert(t.Context(), penny, "PR_1", github.Revert{})
				if name != "the last of it" {
					if e := fails(t, err); !e.Until.Equal(dawn.Add(time.Hour)) || e.Ambiguous {
						t.Errorf("until %v: %v", e.Until, e)
					}
				}
				if _, err := client.Repository(t.Context(), penny); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestAnEnterpriseHostHasGraphQLBesideItsOtherAPI(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		revert := changes[len(changes)-1]
		_, far := stage(t, says(200, revert.answer))
		got, err := revert.call(t.Context(), far.client(t, github.Options{URL: farURL + "/api/v3"}))
		equal(t, revert.want, got, err)
		if path := far.requests()[0].URL.Path; path != "/api/graphql" {
			t.Errorf("asked %s", path)
		}
	})
}

func TestWhatCannotBeMeantIsNotAskedFor(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, says(200, `{}`))
		ctx := t.Context()
		for name, ask := range map[string]func() error{
			"no pull":        func() error { _, err := client.Revert(ctx, penny, "", github.Revert{}); return err },
			"no secret":      func() error { _, err := client.CreateHook(ctx, penny, github.HookSpec{URL: "https://x"}); return err },
			"no new secret":  func() error { _, err := client.EditHook(ctx, penny, 3, github.HookSpec{URL: "https://x"}); return err },
			"no workflow":    func() error { return client.Dispatch(ctx, penny, github.Dispatch{Ref: "master"}) },
			"dots":           func() error { return client.Dispatch(ctx, penny, github.Dispatch{Workflow: "../x", Ref: "master"}) },
			"no ref":         func() error { return client.Dispatch(ctx, penny, github.Dispatch{Workflow: "a.yml"}) },
			"status of dots": func() error { _, err := client.CreateStatus(ctx, penny, "a..b", github.Status{}); return err },
			"tree of dots":   func() error { _, err := client.Tree(ctx, penny, "a..b"); return err },
			"no repository":  func() error { return client.Cancel(ctx, github.Repo{Owner: "a", Name: ".."}, 7) },
		} {
			if e := fails(t, ask()); e.Kind != github.Invalid || e.Ambiguous {
				t.Errorf("%s: %v", name, e)
			}
		}
		if far.asked() != 0 {
			t.Errorf("asked %d times", far.asked())
		}
		spec := github.HookSpec{URL: "https://x", Secret: "s3cret"}
		if text := spec.String() + spec.GoString(); strings.Contains(text, "s3cret") {
			t.Error(text)
		}
	})
}

func TestADescriptionThatIsTooLongIsCut(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var sent string
		client, _ := stage(t, func(w http.ResponseWriter, r *http.Request) {
			sent = body(t, r, "description")
			says(201, `{"state":"pending"}`)(w, r)
		})
		if _, err := client.CreateStatus(t.Context(), penny, "abc", github.Status{State: "pending", Description: strings.Repeat("é", 141)}); err != nil {
			t.Fatal(err)
		}
		if want := strings.Repeat("é", 139) + "…"; sent != want {
			t.Errorf("sent %q", sent)
		}
	})
}

func TestADispatchedRunIsLookedForByTime(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, far := stage(t, says(200, `{"total_count":1,"workflow_runs":[{"id":7,"display_title":"Deploy 4711"}]}`))
		runs, err := client.Dispatched(t.Context(), penny, github.Dispatch{Workflow: "deploy.yml", Ref: "master"}, t1405)
		equal(t, []github.Run{{ID: 7, Attempt: 1, Title: "Deploy 4711"}}, runs, err)
		want := repoPath + "/actions/workflows/deploy.yml/runs?branch=master&created=%3E%3D2021-03-01T14%3A05%3A00Z&event=workflow_dispatch&per_page=100"
		if got := far.requests()[0].URL.RequestURI(); got != want {
			t.Errorf("asked %s\nwant  %s", got, want)
		}
	})
}

func TestDeliveriesGoOnWhereTheCursorSays(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		client, _ := stage(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("cursor") == "" {
				says(200, `[{"id":2,"guid":"b"}]`, "Link", `<`+farURL+repoPath+`/hooks/3/deliveries?cursor=v1_2>; rel="next"`)(w, r)
				return
			}
			says(200, `[{"id":1,"guid":"a"}]`)(w, r)
		})
		var ids []int64
		q := github.DeliveryQuery{}
		for range 9 {
			page, next, err := client.Deliveries(t.Context(), penny, 3, q)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, page[0].ID)
			if q.Cursor = next; next == "" {
				break
			}
		}
		equal(t, []int64{2, 1}, ids, nil)
	})
}
