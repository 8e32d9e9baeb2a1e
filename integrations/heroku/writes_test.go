package heroku_test

import (
	"context"
	"time"

	"slipway/integrations/heroku"
)

// write is one of the methods that change something, with what it sends and the shortest answer that it takes.
type write struct {
	name   string
	asks   string // method and path
	body   string // JSON; "" is none
	status int
	answer string
	bare   bool // it wants no answer
	call   func(context.Context, *heroku.Client) (any, error)
	want   any
}

func done(err error) (any, error) { return nil, err }

var writes = []write{
	{
		name: "StartBuild", asks: "POST /apps/shop/builds", status: 201,
		body:   `{"source_blob":{"url":"https://codeload.example/t?token=s3cret","version":"abc","version_description":"Second","checksum":"SHA256:ff"},"buildpacks":[{"name":"heroku/python"},{"url":"https://example.com/pack"}]}`,
		answer: `{"id":"b1","status":"pending","output_stream_url":"https://build-output.heroku.com/streams/x","release":null,"source_blob":{"version":"abc"}}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return c.StartBuild(ctx, "shop", heroku.BuildSpec{
				URL: "https://codeload.example/t?token=s3cret", Version: "abc", Description: "Second", Checksum: "SHA256:ff",
				Buildpacks: []string{"heroku/python", "https://example.com/pack"},
			})
		},
		want: heroku.Build{ID: "b1", Status: "pending", Commit: "abc", OutputURL: "https://build-output.heroku.com/streams/x"},
	},
	{
		name: "CancelBuild", asks: "DELETE /apps/shop/builds/b1", status: 200, answer: `{"id":"b1"}`, bare: true,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return done(c.CancelBuild(ctx, "shop", "b1"))
		},
	},
	{
		name: "NewSource", asks: "POST /sources", status: 201, answer: `{"source_blob":{"get_url":"https://s3.example/get","put_url":"https://s3.example/put"}}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) { return c.NewSource(ctx) },
		want: heroku.Source{Get: "https://s3.example/get", Put: "https://s3.example/put"},
	},
	{
		name: "Rollback", asks: "POST /apps/shop/releases", body: `{"release":"r10"}`, status: 201,
		answer: `{"id":"r13","version":13,"status":"pending","description":"Rollback to v10"}`,
		call:   func(ctx context.Context, c *heroku.Client) (any, error) { return c.Rollback(ctx, "shop", "r10") },
		want:   heroku.Release{ID: "r13", Version: 13, Status: "pending", Description: "Rollback to v10"},
	},
	{
		name: "MakeRelease", asks: "POST /apps/shop/releases", body: `{"slug":"s1","description":"Retry of v5"}`, status: 201,
		answer: `{"id":"r14","version":14}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return c.MakeRelease(ctx, "shop", heroku.ReleaseSpec{SlugID: "s1", Description: "Retry of v5"})
		},
		want: heroku.Release{ID: "r14", Version: 14},
	},
	{
		name: "MakeRelease of an image", asks: "POST /apps/shop/releases", body: `{"oci_image":"i1"}`, status: 201, answer: `{"id":"r15"}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return c.MakeRelease(ctx, "shop", heroku.ReleaseSpec{ImageID: "i1"})
		},
		want: heroku.Release{ID: "r15"},
	},
	{
		name: "Run", asks: "POST /apps/shop/dynos", status: 201,
		body:   `{"attach":false,"command":"python manage.py migrate","env":{"A":"b"},"force_no_tty":true,"size":"Basic","time_to_live":1800}`,
		answer: `{"id":"d1","name":"run.1234","type":"run","state":"starting","release":{"version":42},"attach_url":null}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return c.Run(ctx, "shop", heroku.RunSpec{Command: "python manage.py migrate", TimeToLive: 30 * time.Minute, Size: "Basic", Env: map[string]string{"A": "b"}})
		},
		want: heroku.Dyno{ID: "d1", Name: "run.1234", Type: "run", State: "starting", Release: 42},
	},
	{
		name: "StopDyno", asks: "POST /apps/shop/dynos/run.1234/actions/stop", status: 202, answer: `{}`, bare: true,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return done(c.StopDyno(ctx, "shop", "run.1234"))
		},
	},
	{
		name: "SetMaintenance", asks: "PATCH /apps/shop", body: `{"maintenance":true}`, status: 200, answer: `{"id":"a1","maintenance":true}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) { return c.SetMaintenance(ctx, "shop", true) },
		want: heroku.App{ID: "a1", Maintenance: true},
	},
	{
		name: "Scale", asks: "PATCH /apps/shop/formation", body: `{"updates":[{"type":"web","quantity":2,"size":"Basic"},{"type":"worker","quantity":0}]}`,
		status: 200, answer: `[{"type":"web","quantity":2,"size":"Basic"}]`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return c.Scale(ctx, "shop", heroku.Scale{Type: "web", Quantity: 2, Size: "Basic"}, heroku.Scale{Type: "worker"})
		},
		want: []heroku.Process{{Type: "web", Quantity: 2, Size: "Basic"}},
	},
	{
		name: "Restart", asks: "DELETE /apps/shop/dynos", status: 202, answer: `{}`, bare: true,
		call: func(ctx context.Context, c *heroku.Client) (any, error) { return done(c.Restart(ctx, "shop")) },
	},
	{
		name: "RestartDyno", asks: "DELETE /apps/shop/dynos/web.1", status: 202, bare: true,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return done(c.RestartDyno(ctx, "shop", "web.1"))
		},
	},
	{
		name: "CreateWebhook", asks: "POST /apps/shop/webhooks", status: 201,
		body:   `{"include":["api:release","dyno"],"level":"sync","secret":"s3cret","url":"https://x/webhooks/heroku"}`,
		answer: `{"id":"w1","url":"https://x/webhooks/heroku","level":"sync","include":["dyno","api:release"]}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return c.CreateWebhook(ctx, "shop", heroku.WebhookSpec{URL: "https://x/webhooks/heroku", Secret: "s3cret", Level: heroku.Sync, Include: []string{"api:release", "dyno"}})
		},
		want: heroku.Webhook{ID: "w1", URL: "https://x/webhooks/heroku", Level: "sync", Include: []string{"api:release", "dyno"}},
	},
	{
		name: "UpdateWebhook", asks: "PATCH /apps/shop/webhooks/w1", status: 200,
		body: `{"include":["dyno"],"level":"notify","secret":"s3cret","url":"https://x"}`, answer: `{"id":"w1"}`,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return c.UpdateWebhook(ctx, "shop", "w1", heroku.WebhookSpec{URL: "https://x", Secret: "s3cret", Level: heroku.Notify, Include: []string{"dyno"}})
		},
		want: heroku.Webhook{ID: "w1"},
	},
	{
		name: "DeleteWebhook", asks: "DELETE /apps/shop/webhooks/w1", status: 200, answer: `{"id":"w1"}`, bare: true,
		call: func(ctx context.Context, c *heroku.Client) (any, error) {
			return done(c.DeleteWebhook(ctx, "shop", "w1"))
		},
	},
}
