package heroku_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

// moreReads are the methods that change nothing and came later; two of them are a POST.
var moreReads = []read{
	{"Build", `{"id":"1"}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Build(ctx, "shop", "b"); return err }},
	{"Dyno", `{"id":"1"}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Dyno(ctx, "shop", "run.1"); return err }},
	{"ConfigNames", `{}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.ConfigNames(ctx, "shop"); return err }},
	{"ReleaseConfig", `{}`, func(ctx context.Context, c *heroku.Client) error {
		_, err := c.ReleaseConfig(ctx, "shop", 7)
		return err
	}},
	{"Attachments", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Attachments(ctx, "shop"); return err }},
	{"Webhooks", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Webhooks(ctx, "shop"); return err }},
	{"Deliveries", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Deliveries(ctx, "shop", 10); return err }},
	{"ResolveAttachment", `[]`, func(ctx context.Context, c *heroku.Client) error {
		_, err := c.ResolveAttachment(ctx, "shop", "DATABASE_URL")
		return err
	}},
	{"LogSession", `{"logplex_url":"https://x/s"}`, func(ctx context.Context, c *heroku.Client) error {
		_, err := c.LogSession(ctx, "shop", heroku.LogQuery{})
		return err
	}},
}

func TestLaterReadsAreTriedTwiceMoreAndTheirTroublesTold(t *testing.T) {
	t.Parallel()
	for _, r := range moreReads {
		for name, f := range map[string]struct {
			answer http.HandlerFunc
			kind   heroku.Kind
			tries  int
		}{
			"passes":     {drop, "", 3},
			"html 503":   {html(503), heroku.Unavailable, 3},
			"dropped":    {drop, heroku.Unreachable, 3},
			"broken off": {breakOff, heroku.Unreachable, 3},
			"404":        {reply(404, `{"id":"not_found","message":"no"}`), heroku.NotFound, 1},
			"403":        {reply(403, `{"id":"forbidden","message":"no"}`), heroku.Forbidden, 1},
			"429":        {reply(429, `{"id":"rate_limit","message":"no"}`), heroku.OutOfQuota, 1},
			"500":        {html(500), heroku.Unavailable, 1},
			"empty":      {reply(200, ``), heroku.Malformed, 1},
			"null":       {reply(200, `null`), heroku.Malformed, 1},
			"another":    {reply(200, `"text"`), heroku.Malformed, 1},
			"cut":        {reply(200, r.answer[:len(r.answer)-1]), heroku.Malformed, 1},
			"html 200":   {html(200), heroku.Unavailable, 1},
			"hangs":      {hangWithBody, heroku.Unreachable, 1},
		} {
			t.Run(r.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					last := f.answer
					if f.kind == "" {
						last = reply(200, r.answer)
					}
					c, j := dial(t, oneAfterTheOther(f.answer, f.answer, last))
					err := r.call(t.Context(), c)
					if heroku.KindOf(err) != f.kind || f.kind == "" && err != nil || len(j.all()) != f.tries {
						t.Errorf("%d tries: %v", len(j.all()), err)
					}
				})
			})
		}
	}
}

func TestLaterReadsReadWhatHerokuSends(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		name, answer, asks, body string
		call                     func(context.Context, *heroku.Client) (any, error)
		want                     any
	}{
		{
			"ConfigNames", `{"SECRET_KEY":"hunter2","A":"","DATABASE_URL":"postgres://u:p@h/d","N":null}`, "GET /apps/shop/config-vars", "",
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.ConfigNames(ctx, "shop") },
			[]string{"A", "DATABASE_URL", "N", "SECRET_KEY"},
		},
		{
			"Build", `{"id":"b1","status":"failed","source_blob":{"version":"abc"},"release":{"id":"r1"},"user":{"email":"ann@example.com"}}`, "GET /apps/shop/builds/b1", "",
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Build(ctx, "shop", "b1") },
			heroku.Build{ID: "b1", Status: "failed", Commit: "abc", ReleaseID: "r1", By: "ann@example.com"},
		},
		{
			"Dyno", `{"id":"d1","name":"run.1","state":"up","release":{"version":3}}`, "GET /apps/shop/dynos/run.1", "",
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Dyno(ctx, "shop", "run.1") },
			heroku.Dyno{ID: "d1", Name: "run.1", State: "up", Release: 3},
		},
		{
			"Webhooks", `[{"id":"w1","url":"https://x","level":"sync","include":["dyno","api:build"],"app":{"id":"a"}}]`, "GET /apps/shop/webhooks", "",
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Webhooks(ctx, "shop") },
			[]heroku.Webhook{{ID: "w1", URL: "https://x", Level: "sync", Include: []string{"api:build", "dyno"}}},
		},
		{
			"Deliveries", `[{"id":"d1","status":"retrying","num_attempts":2,"event":{"id":"e1","include":"dyno"},"webhook":{"id":"w1"},"last_attempt":{"code":502,"error_class":"x"},"next_attempt_at":null},{"id":"d2","last_attempt":null}]`, "GET /apps/shop/webhook-deliveries", "",
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Deliveries(ctx, "shop", 10) },
			[]heroku.Delivery{{ID: "d1", WebhookID: "w1", EventID: "e1", Include: "dyno", Status: "retrying", Attempts: 2, Code: 502, Error: "x"}, {ID: "d2"}},
		},
		{
			"ResolveAttachment", `[{"id":"t1","name":"DATABASE","namespace":null,"app":{"id":"a","name":"shop"},"config_vars":["DATABASE_URL"],"addon":{"id":"p1","name":"postgresql-flat-1","app":{"id":"a2","name":"owner"},"plan":{"id":"x","name":"heroku-postgresql:standard-0"}}},{"id":"t2","namespace":"credential:ro"}]`,
			"POST /actions/addon-attachments/resolve", `{"addon_attachment":"DATABASE_URL","app":"shop"}`,
			func(ctx context.Context, c *heroku.Client) (any, error) {
				return c.ResolveAttachment(ctx, "shop", "DATABASE_URL")
			},
			[]heroku.Attachment{
				{
					ID: "t1", Name: "DATABASE", App: "shop", ConfigVars: []string{"DATABASE_URL"},
					Addon: heroku.Addon{ID: "p1", Name: "postgresql-flat-1", AppID: "a2", App: "owner", Plan: "heroku-postgresql:standard-0"},
				},
				{ID: "t2", Namespace: "credential:ro"},
			},
		},
		{
			"Attachments", `[{"id":"t1","name":"DATABASE","app":{"id":"a","name":"shop"},"config_vars":["DATABASE_URL"],"addon":{"id":"p1","name":"postgresql-flat-1","app":{"id":"a2","name":"owner"},"plan":{"id":"x","name":"heroku-postgresql:standard-0"}}}]`,
			"GET /apps/shop/addon-attachments", "",
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Attachments(ctx, "shop") },
			[]heroku.Attachment{{
				ID: "t1", Name: "DATABASE", App: "shop", ConfigVars: []string{"DATABASE_URL"},
				Addon: heroku.Addon{ID: "p1", Name: "postgresql-flat-1", AppID: "a2", App: "owner", Plan: "heroku-postgresql:standard-0"},
			}},
		},
		{
			"LogSession", `{"logplex_url":"https://x/s","id":"l"}`, "POST /apps/shop/log-sessions", `{"dyno":"run.1","lines":1500,"tail":true,"source":"app"}`,
			func(ctx context.Context, c *heroku.Client) (any, error) {
				return c.LogSession(ctx, "shop", heroku.LogQuery{Dyno: "run.1", Source: "app", Lines: 1500, Tail: true})
			},
			heroku.StreamURL("https://x/s"),
		},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var asked, body string
				c, j := dial(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
					b, _ := io.ReadAll(q.Body)
					asked, body = q.Method+" "+q.URL.RequestURI(), string(b)
					reply(200, r.answer)(w, q)
				}))
				got, err := r.call(t.Context(), c)
				if diff := cmp.Diff(r.want, got); diff != "" || err != nil {
					t.Error(diff, err)
				}
				if asked != r.asks {
					t.Errorf("asked %s", asked)
				}
				sameJSON(t, r.body, body)
				if more := j.all()[0].Header.Get("Accept-Inclusion"); (more == "addon:plan,config_vars") != strings.Contains(r.name, "Attachment") {
					t.Errorf("Accept-Inclusion %q", more)
				}
			})
		})
	}
}

func TestNoErrorHoldsAConfigVarsValue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, body := range []string{`["hunter2"]`, `{"A":"hunter2`, `"hunter2"`, `{"A":hunter2}`, `{"A":"hunter2"}]`} {
			c, _ := dial(t, reply(200, body))
			names, err := c.ConfigNames(t.Context(), "shop")
			if text := fmt.Sprintf("%v %+v %v", err, err, names); strings.Contains(text, "hunter2") {
				t.Error(text)
			}
		}
	})
}
