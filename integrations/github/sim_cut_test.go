package github_test

import (
	"context"
	"testing"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/sim/weather"
)

// simChange is a change with a way to see whether it was made.
type simChange struct {
	name string
	make func(context.Context, *github.Client, *world) error
	made func(context.Context, *github.Client, *world) (bool, error)
}

var simChanges = []simChange{
	{
		"re-run",
		func(ctx context.Context, c *github.Client, w *world) error {
			return c.Rerun(ctx, penny, w.deploy.ID, github.RerunOptions{})
		},
		func(ctx context.Context, c *github.Client, w *world) (bool, error) {
			r, err := c.Run(ctx, penny, w.deploy.ID)
			return r.Attempt > 1, err
		},
	},
	{
		"dispatch",
		func(ctx context.Context, c *github.Client, _ *world) error {
			return c.Dispatch(ctx, penny, github.Dispatch{Workflow: "deploy.yml", Ref: "master"})
		},
		func(ctx context.Context, c *github.Client, _ *world) (bool, error) {
			runs, err := c.Dispatched(ctx, penny, github.Dispatch{Workflow: "deploy.yml", Ref: "master"}, dawn)
			return len(runs) > 0, err
		},
	},
	{
		"status",
		func(ctx context.Context, c *github.Client, w *world) error {
			_, err := c.CreateStatus(ctx, penny, w.merged.SHA, github.Status{Context: "x", State: "success"})
			return err
		},
		func(ctx context.Context, c *github.Client, w *world) (bool, error) {
			s, err := c.CombinedStatus(ctx, penny, w.merged.SHA)
			return len(s.Statuses) > 0, err
		},
	},
	{
		"hook",
		func(ctx context.Context, c *github.Client, _ *world) error {
			_, err := c.CreateHook(ctx, penny, github.HookSpec{URL: "http://bot.test:80/", Secret: "x", Events: []string{"push"}})
			return err
		},
		func(ctx context.Context, c *github.Client, _ *world) (bool, error) {
			hooks, err := c.Hooks(ctx, penny)
			return len(hooks) > 0, err
		},
	},
	{
		"revert",
		func(ctx context.Context, c *github.Client, _ *world) error {
			p, err := c.Pull(ctx, penny, 44)
			if err == nil {
				_, err = c.Revert(ctx, penny, p.NodeID, github.Revert{})
			}
			return err
		},
		func(ctx context.Context, c *github.Client, _ *world) (bool, error) {
			pulls, err := c.Pulls(ctx, penny, github.PullQuery{})
			return len(pulls) > 1, err
		},
	},
}

// What the error says of a change agrees with what is there afterwards.
func TestSimAChangeThatMayHaveHappenedIsCalledSo(t *testing.T) {
	for name, c := range map[string]struct {
		fault     weather.Fault
		kind      github.Kind // "" if it succeeds
		ambiguous bool
		made      bool // half a minute later
	}{
		"cut":      {weather.Fault{Kind: weather.Cut}, github.Unreachable, true, true},
		"late":     {weather.Fault{Kind: weather.Late, D: 20 * time.Second}, github.Unreachable, true, true},
		"drop":     {weather.Fault{Kind: weather.Drop}, github.Unreachable, true, false},
		"429":      {weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, github.SlowDown, false, false},
		"429 bare": {weather.Fault{Kind: weather.TooManyBare}, github.SlowDown, false, false},
		"html 503": {weather.Fault{Kind: weather.HTML503}, github.Unavailable, true, false},
		"delay":    {weather.Fault{Kind: weather.Delay, D: 3 * time.Second}, "", false, true},
	} {
		for _, change := range simChanges {
			t.Run(name+"/"+change.name, func(t *testing.T) {
				played(t, func(t *testing.T, w *world) {
					fault := c.fault
					fault.Method, fault.Path = "POST", "*"
					w.Weather().Add(fault)
					err := change.make(t.Context(), w.client, w)
					if c.kind == "" {
						must(t, err)
					} else if e := fails(t, err); e.Kind != c.kind || e.Ambiguous != c.ambiguous {
						t.Errorf("ambiguous %v: %v", e.Ambiguous, e)
					}
					time.Sleep(30 * time.Second)
					made, err := change.made(t.Context(), w.far.client(t, github.Options{}), w)
					if err != nil || made != c.made {
						t.Errorf("made: %v, %v", made, err)
					}
				})
			})
		}
	}
}
