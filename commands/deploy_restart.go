package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// DeployRestart restarts an app's dynos.
var DeployRestart = bot.Command{
	Slash: "/deploy",
	Verb:  "restart",
	Args:  "[app]",
	Short: "restart all dynos",
	Long: "Restarts all dynos of the app, once you have confirmed it, and follows them until they are up. The same release runs" +
		" afterwards. One-off dynos that run may be ended by it.\n`/deploy restart`\n`/deploy restart penny-university`",
	About: bot.OneApp,
	Change: &bot.Change{
		Kind: "restart", Right: settings.Operate, ByHand: restartByHand, Plan: planRestart, Run: runRestart,
	},
}

// restart is what is confirmed. It is stored as JSON: add fields, never rename them.
type restart struct {
	App   string
	Dynos []string // of these types, their ids as they were: a restart gives every dyno a new one
	Types []string // of process, that are to be up afterwards
}

func restartByHand(req bot.Request) ([]string, error) {
	return []string{"heroku ps:restart -a " + req.App.Name}, nil
}

func planRestart(ctx context.Context, c *bot.Clients, req bot.Request) (op.Plan, error) {
	var (
		dynos               []heroku.Dyno
		formation           []heroku.Process
		dynosErr, formedErr error
		going               []string
	)
	abreast.Do(
		func() { going = shippingLines(ctx, c, req.App) },
		func() { dynos, dynosErr = c.Heroku.Dynos(ctx, req.App.Name) },
		func() { formation, formedErr = c.Heroku.Formation(ctx, req.App.Name) },
	)
	for _, err := range []error{dynosErr, formedErr} {
		if err != nil {
			return op.Plan{}, unread(err)
		}
	}
	r := restartOf(req.App.Name, dynos, formation)
	if len(r.Dynos) == 0 {
		return op.Plan{}, say.Moot("%s has no dynos that run, so there is nothing to restart. One-off dynos are not restarted, they end.", say.Code(req.App.Name))
	}
	data, err := json.Marshal(r)
	if err != nil {
		return op.Plan{}, fmt.Errorf("plan the restart of %s: %w", req.App.Name, err)
	}
	return op.Plan{
		Title: fmt.Sprintf("Restart all dynos of *%s*", c.Title(ctx, req.App)),
		Lines: append(restartLines(dynos), going...),
		Label: "Restart",
		Steps: []string{restartStep, upStep}, Lookup: []string{"heroku ps -a " + req.App.Name},
		Data: data,
	}, nil
}

// The names of the steps. They are stored for ever.
const (
	restartStep = "restart the dynos"
	upStep      = "dynos up"
)

// restartLines name what ends.
func restartLines(dynos []heroku.Dyno) []string {
	var running, once []string
	for _, d := range dynos {
		name := say.ForeignCode(d.Name, phrase.NameLimit)
		if d.Type == "run" || d.Type == "scheduler" {
			once = append(once, fmt.Sprintf("%s (%s)", name, say.ForeignCode(d.Command, phrase.TitleLimit)))
		} else {
			running = append(running, fmt.Sprintf("%s (%s)", name, say.Foreign(d.State, phrase.NameLimit)))
		}
	}
	slices.Sort(running)
	slices.Sort(once)
	lines := []string{"Visitors may meet errors for some seconds, until the new dynos are up. The same release runs afterwards."}
	if len(running) > 0 {
		lines = append(lines, "Will be restarted: "+phrase.Some(running, ", "))
	}
	if len(once) > 0 {
		lines = append(lines, ":warning: One-off dynos, which it may end: "+phrase.Some(once, "; "))
	}
	return lines
}

func runRestart(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var r restart
		if err := o.Data(&r); err != nil {
			return err
		}
		_, err := op.Do(ctx, o, restartStep, op.Effect[bool]{
			Guard:  func(ctx context.Context) error { return r.guard(ctx, c) },
			Find:   func(ctx context.Context, since time.Time) (bool, bool, error) { return r.find(ctx, c, since) },
			Act:    func(ctx context.Context) (bool, error) { return true, denied(c.HerokuWrite.Restart(ctx, r.App)) },
			Settle: heroku.Settle,
		})
		if err != nil {
			return err
		}
		_, err = op.Wait(ctx, o, upStep, op.Watch[bool]{
			Look:     func(ctx context.Context) (bool, bool, error) { return r.up(ctx, c) },
			Every:    2 * time.Second,
			Deadline: 10 * time.Minute,
		})
		return err
	}
}
