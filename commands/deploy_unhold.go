package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/config/settings"
	"slipway/bot/op"
)

// DeployUnhold lets automatic deploys go on.
var DeployUnhold = bot.Command{
	Slash: "/deploy",
	Verb:  "unhold",
	Args:  "[of app]",
	Short: "let automatic deploys go on",
	Long: "Ends the hold of the app, once you have confirmed it. What was cancelled meanwhile is named; slipway starts none of it.\n" +
		"`/deploy unhold`\n`/deploy unhold of penny-university`",
	About: bot.OneApp,
	Change: &bot.Change{
		Kind: "unhold", Right: settings.Hold, ByHand: unholdByHand, Plan: planUnhold, Run: runUnhold,
	},
}

func unholdByHand(req bot.Request) ([]string, error) {
	return []string{fmt.Sprintf("gh run rerun RUN -R %s", req.App.Repo)}, nil
}

func planUnhold(ctx context.Context, c *bot.Clients, req bot.Request) (op.Plan, error) {
	standing, held, err := c.Holds.Standing(ctx, req.App.Name)
	if err != nil {
		return op.Plan{}, err
	}
	if !held {
		return op.Plan{}, notHeld(req.App.Name)
	}
	lines := []string{standing.Line(time.Now(), mention(standing.By)), "Runs that deploy go on from then on. What was cancelled stays so until somebody runs it again."}
	if standing.FromRollback() {
		lines = append(lines, ":warning: The branch may still have what was rolled back: the next run that deploys ships it again.")
	}
	data, err := json.Marshal(holding{App: req.App.Name})
	return op.Plan{
		Title: fmt.Sprintf("End the hold of *%s*", c.Title(ctx, req.App)), Lines: lines, Label: "End the hold", Steps: []string{unholdStep}, Data: data,
	}, err
}

func runUnhold(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var h holding
		if err := o.Data(&h); err != nil {
			return err
		}
		_, err := op.Do(ctx, o, unholdStep, op.Effect[bool]{
			Guard: func(ctx context.Context) error {
				_, held, err := c.Holds.Standing(ctx, h.App)
				if err == nil && !held {
					err = notHeld(h.App)
				}
				return err
			},
			Find: func(ctx context.Context, _ time.Time) (ended, found bool, err error) {
				_, held, err := c.Holds.Standing(ctx, h.App)
				return !held, !held, err
			},
			Act:      func(ctx context.Context) (bool, error) { return true, c.Holds.Lift(ctx, h.App, o.By().User, "") },
			Harmless: true,
		})
		return err
	}
}
