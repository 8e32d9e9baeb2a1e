package github_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"slipway/integrations/github"
)

func TestEveryMethodTellsTroublesApart(t *testing.T) {
	t.Parallel()
	for trouble, c := range map[string]struct {
		answer http.HandlerFunc
		kind   github.Kind
	}{
		"401":         {says(401, `{"message":"Bad credentials"}`), github.Unauthorized},
		"403":         {says(403, `{"message":"no"}`, "X-RateLimit-Remaining", "9"), github.Forbidden},
		"primary":     {says(403, `{}`, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "946685000"), github.OutOfQuota},
		"secondary":   {says(403, secondary, "Retry-After", "9"), github.SlowDown},
		"429":         {says(429, ``), github.SlowDown},
		"202":         {says(202, `{}`), github.NotReady},
		"404":         {says(404, `{"message":"Not Found"}`), github.NotFound},
		"422":         {says(422, `{"message":"Validation Failed"}`), github.Invalid},
		"500":         {says(500, ``), github.Unavailable},
		"html 503":    {says(503, `<html>`, "Content-Type", "text/html"), github.Unavailable},
		"html 200":    {says(200, `<html>`, "Content-Type", "text/html"), github.Unavailable},
		"drop":        {drops, github.Unreachable},
		"cut":         {cutShort, github.Unreachable},
		"cut JSON":    {says(200, `{"sha":"abc"`), github.Malformed},
		"empty JSON":  {says(200, `{}`), github.Malformed},
		"other JSON":  {says(200, `"hello"`), github.Malformed},
		"nothing":     {says(200, ``), github.Malformed},
		"list of odd": {says(200, `[{}]`), github.Malformed},
	} {
		t.Run(trouble, func(t *testing.T) {
			t.Parallel()
			for op, ask := range everyMethod {
				bubble(t, func(t *testing.T) {
					client, _ := stage(t, c.answer)
					got, err := ask(t.Context(), client)
					kind := c.kind
					if strings.HasPrefix(op, "read file") && c.kind == github.Malformed {
						if strings.HasPrefix(trouble, "nothing") {
							return // an empty file
						}
						kind = github.Invalid // JSON in place of a raw file is a folder
					}
					if e := fails(t, err); e.Kind != kind || !strings.HasPrefix(e.Error(), op+": "+string(kind)) {
						t.Errorf("%s: got %v, want %q", op, e, kind)
					}
					if text := fmt.Sprint(got); strings.Contains(text, "abc") {
						t.Errorf("%s: gave %s beside the error", op, text)
					}
				})
			}
		})
	}
}

func TestAnItemWithoutItsKeyIsNotUnderstood(t *testing.T) {
	t.Parallel()
	for op, body := range map[string]string{
		"list pull requests of penny-university/penny_university":               `[{"number":1},null]`,
		"list pull requests of commit abc of penny-university/penny_university": `[{"title":"x"}]`,
		"compare a...b of penny-university/penny_university":                    `{"status":"ahead","ahead_by":1,"commits":[null]}`,
		"list runs of penny-university/penny_university":                        `{"total_count":1,"workflow_runs":[null]}`,
		"list jobs of run 7 of penny-university/penny_university":               `{"total_count":1,"jobs":[{"name":"x"}]}`,
		"list workflows of penny-university/penny_university":                   `{"total_count":1,"workflows":[{"id":3}]}`,
		"read the status of master of penny-university/penny_university":        `{"state":"success","sha":"abc","statuses":[null]}`,
		"list check runs of master of penny-university/penny_university":        `{"total_count":1,"check_runs":[null]}`,
		"read branch master of penny-university/penny_university":               `{"name":"master","commit":null}`,
	} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := stage(t, says(200, body, "X-GitHub-Request-Id", "C0DE:1"))
				_, err := everyMethod[op](t.Context(), client)
				if e := fails(t, err); e.Kind != github.Malformed || e.Status != 200 || e.RequestID != "C0DE:1" || !strings.Contains(e.Message, "has no") {
					t.Errorf("got %v", e)
				}
			})
		})
	}
}

func TestAFileComesAsItIs(t *testing.T) {
	t.Parallel()
	raw := []string{"Content-Type", "application/vnd.github.raw+json; charset=utf-8"}
	for name, text := range map[string]string{
		"text": "web: gunicorn\n", "empty": "", "binary": "\x00\xff\xfe", "JSON": `{"a":1}`, "HTML": "<html>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, says(200, text, raw...))
				got, err := client.File(t.Context(), penny, "web/pages/índex #1?.html", "feature/x")
				if err != nil || string(got) != text {
					t.Errorf("got %q, %v", got, err)
				}
				r := far.requests()[0]
				if r.URL.Path != "/repos/penny-university/penny_university/contents/web/pages/índex #1?.html" || r.URL.RawQuery != "ref=feature%2Fx" {
					t.Errorf("asked for %q with %q", r.URL.Path, r.URL.RawQuery)
				}
			})
		})
	}
}

func TestWhatCannotBeAskedIsNotAsked(t *testing.T) {
	t.Parallel()
	file := func(path, ref string) func(context.Context, *github.Client) error {
		return func(ctx context.Context, c *github.Client) error { _, err := c.File(ctx, penny, path, ref); return err }
	}
	commit := func(ref string) func(context.Context, *github.Client) error {
		return func(ctx context.Context, c *github.Client) error { _, err := c.Commit(ctx, penny, ref); return err }
	}
	for name, ask := range map[string]func(context.Context, *github.Client) error{
		"path with dots":       file("a/../../../../user", ""),
		"path from the root":   file("/etc/passwd", ""),
		"path that is empty":   file("", ""),
		"path of a folder":     file("a/", ""),
		"path with a dot":      file("./a", ""),
		"ref of a file":        file("a", "../x"),
		"ref that is empty":    commit(""),
		"ref with dots":        commit("../../user"),
		"ref with range":       commit("a...b"),
		"ref with space":       commit("a b"),
		"ref with line break":  commit("a\nb"),
		"ref with a part gone": commit("a//b"),
		"ref that is hidden":   commit("a/.b"),
		"ref with question":    commit("a?x=1"),
		"branch": func(ctx context.Context, c *github.Client) error {
			_, err := c.Branch(ctx, penny, "..")
			return err
		},
		"base": func(ctx context.Context, c *github.Client) error {
			_, err := c.Compare(ctx, penny, "", "b")
			return err
		},
		"head": func(ctx context.Context, c *github.Client) error {
			_, err := c.Compare(ctx, penny, "a", "../b")
			return err
		},
		"commit of pulls": func(ctx context.Context, c *github.Client) error {
			_, err := c.PullsOfCommit(ctx, penny, "../../pulls")
			return err
		},
		"status": func(ctx context.Context, c *github.Client) error {
			_, err := c.CombinedStatus(ctx, penny, "..")
			return err
		},
		"checks": func(ctx context.Context, c *github.Client) error {
			_, err := c.CheckRuns(ctx, penny, "")
			return err
		},
		"workflow": func(ctx context.Context, c *github.Client) error {
			_, err := c.Runs(ctx, penny, github.RunQuery{Workflow: "../x"})
			return err
		},
		"repository": func(ctx context.Context, c *github.Client) error {
			_, err := c.Repository(ctx, github.Repo{Owner: "o", Name: ".."})
			return err
		},
		"repository of a list": func(ctx context.Context, c *github.Client) error {
			_, err := c.Workflows(ctx, github.Repo{Owner: "o/p", Name: "n"})
			return err
		},
		"no repository": func(ctx context.Context, c *github.Client) error {
			_, err := c.Pulls(ctx, github.Repo{}, github.PullQuery{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, says(200, goodRepo))
				e := fails(t, ask(t.Context(), client))
				if e.Kind != github.Invalid || e.Status != 0 || far.asked() != 0 || strings.Contains(e.Error(), "\n") {
					t.Errorf("after %d requests: %q", far.asked(), e)
				}
			})
		})
	}
}

func TestQuestionsAreAskedAsGitHubReadsThem(t *testing.T) {
	t.Parallel()
	const root = "/repos/penny-university/penny_university/"
	for want, ask := range map[string]func(context.Context, *github.Client) error{
		"branches/feature%2Fx%25": func(ctx context.Context, c *github.Client) error {
			_, err := c.Branch(ctx, penny, "feature/x%")
			return err
		},
		"commits/feature/x%23?per_page=1": func(ctx context.Context, c *github.Client) error {
			_, err := c.Commit(ctx, penny, "feature/x#")
			return err
		},
		"compare/v1.0...feature%2Fx?per_page=100": func(ctx context.Context, c *github.Client) error {
			_, err := c.Compare(ctx, penny, "v1.0", "feature/x")
			return err
		},
		"pulls?base=master&direction=desc&per_page=5&sort=updated&state=closed": func(ctx context.Context, c *github.Client) error {
			_, err := c.Pulls(ctx, penny, github.PullQuery{State: "closed", Base: "master", Sort: "updated", Direction: "desc", Limit: 5})
			return err
		},
		"actions/runs?branch=a%26b&event=push&head_sha=abc&per_page=20": func(ctx context.Context, c *github.Client) error {
			_, err := c.Runs(ctx, penny, github.RunQuery{Branch: "a&b", Event: "push", HeadSHA: "abc", Limit: 20})
			return err
		},
		"actions/workflows/ci.yml/runs?per_page=100": func(ctx context.Context, c *github.Client) error {
			_, err := c.Runs(ctx, penny, github.RunQuery{Workflow: ".github/workflows/ci.yml"})
			return err
		},
		"actions/workflows/161335/runs?per_page=100": func(ctx context.Context, c *github.Client) error {
			_, err := c.Runs(ctx, penny, github.RunQuery{Workflow: "161335"})
			return err
		},
		"actions/runs/7/jobs?filter=latest&per_page=100": func(ctx context.Context, c *github.Client) error {
			_, err := c.Jobs(ctx, penny, 7, 0)
			return err
		},
		"actions/runs/7/attempts/2/jobs?per_page=100": func(ctx context.Context, c *github.Client) error {
			_, err := c.Jobs(ctx, penny, 7, 2)
			return err
		},
		"commits/feature/x/check-runs?per_page=100": func(ctx context.Context, c *github.Client) error {
			_, err := c.CheckRuns(ctx, penny, "feature/x")
			return err
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, says(404, `{}`))
				_ = ask(t.Context(), client)
				if got := far.requests()[0].RequestURI; got != root+want {
					t.Errorf("asked for %s\nwant          %s", got, root+want)
				}
			})
		})
	}
}
