package heroku_test

import (
	"context"
	"testing"
	"time"

	"slipway/integrations/heroku"
	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/weather"
)

// simChange is a change with a way to see whether it was made.
type simChange struct {
	name string
	make func(context.Context, *heroku.Client) error
	made func(context.Context, *heroku.Client) (bool, error)
}

var simChanges = []simChange{
	{
		"rollback",
		func(ctx context.Context, c *heroku.Client) error {
			old, err := c.Release(ctx, "shop", 1)
			if err == nil {
				_, err = c.Rollback(ctx, "shop", old.ID)
			}
			return err
		},
		func(ctx context.Context, c *heroku.Client) (bool, error) {
			all, err := c.Releases(ctx, "shop", 1)
			return err == nil && all[0].Cause().Kind == heroku.Rollback, err
		},
	},
	{
		"build",
		func(ctx context.Context, c *heroku.Client) error {
			_, err := c.StartBuild(ctx, "shop", heroku.BuildSpec{URL: "http://source.test:80/", Version: shaC})
			return err
		},
		func(ctx context.Context, c *heroku.Client) (bool, error) {
			all, err := c.Builds(ctx, "shop", 1)
			return err == nil && all[0].Commit == shaC, err
		},
	},
	{
		"run",
		func(ctx context.Context, c *heroku.Client) error {
			_, err := c.Run(ctx, "shop", heroku.RunSpec{Command: "python sleep.py", TimeToLive: time.Hour})
			return err
		},
		func(ctx context.Context, c *heroku.Client) (bool, error) {
			all, err := c.Dynos(ctx, "shop")
			for _, d := range all {
				if d.Type == "run" {
					return true, err
				}
			}
			return false, err
		},
	},
	{
		"maintenance",
		func(ctx context.Context, c *heroku.Client) error {
			_, err := c.SetMaintenance(ctx, "shop", true)
			return err
		},
		func(ctx context.Context, c *heroku.Client) (bool, error) {
			a, err := c.App(ctx, "shop")
			return a.Maintenance, err
		},
	},
	{
		"webhook",
		func(ctx context.Context, c *heroku.Client) error {
			_, err := c.CreateWebhook(ctx, "shop", heroku.WebhookSpec{URL: "http://bot.test:80/", Secret: "s", Level: heroku.Sync, Include: []string{"dyno"}})
			return err
		},
		func(ctx context.Context, c *heroku.Client) (bool, error) {
			all, err := c.Webhooks(ctx, "shop")
			return len(all) > 0, err
		},
	},
}

// What the error says of a change agrees with what is there afterwards.
func TestSimAChangeThatMayHaveHappenedIsCalledSo(t *testing.T) {
	for name, f := range map[string]struct {
		fault     weather.Fault
		kind      heroku.Kind // "" if it succeeds
		ambiguous bool
		made      bool // half a minute later
	}{
		"cut":      {weather.Fault{Kind: weather.Cut}, heroku.Unreachable, true, true},
		"late":     {weather.Fault{Kind: weather.Late, D: 20 * time.Second}, heroku.Unreachable, true, true},
		"drop":     {weather.Fault{Kind: weather.Drop}, heroku.Unreachable, true, false},
		"429":      {weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, heroku.OutOfQuota, false, false},
		"429 bare": {weather.Fault{Kind: weather.TooManyBare}, heroku.OutOfQuota, false, false},
		"html 503": {weather.Fault{Kind: weather.HTML503}, heroku.Unavailable, true, false},
		"delay":    {weather.Fault{Kind: weather.Delay, D: 3 * time.Second}, "", false, true},
	} {
		for _, change := range simChanges {
			t.Run(name+"/"+change.name, func(t *testing.T) {
				act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
					a.app.OnRun(func(ctx context.Context, r herokusim.Run) int { _ = r.Pass(ctx, time.Hour); return 0 })
					fault := f.fault
					fault.Path = "*"
					for _, fault.Method = range []string{"POST", "PATCH"} {
						a.Weather().Add(fault)
					}
					err := change.make(t.Context(), a.client)
					a.Weather().Clear()
					if f.kind == "" {
						must(t, err)
					} else if e := failure(t, err); e.Kind != f.kind || e.Ambiguous != f.ambiguous {
						t.Errorf("ambiguous %v: %v", e.Ambiguous, e)
					}
					time.Sleep(30 * time.Second)
					made, err := change.made(t.Context(), a.client)
					if err != nil || made != f.made {
						t.Errorf("made: %v, %v", made, err)
					}
				})
			})
		}
	}
}
