package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"slipway/bot"
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
	Dynos []string // their ids as they were: a restart gives every dyno a new one
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
	)
	bot.Together(
		func() { dynos, dynosErr = c.Heroku.Dynos(ctx, req.App.Name) },
		func() { formation, formedErr = c.Heroku.Formation(ctx, req.App.Name) },
	)
	for _, err := range []error{dynosErr, formedErr} {
		if err != nil {
			return op.Plan{}, unread(err)
		}
	}
	if len(dynos) == 0 {
		return op.Plan{}, say.Refuse("%s has no dynos that run, so there is nothing to restart.", say.Code(req.App.Name))
	}
	r := restart{App: req.App.Name}
	for _, d := range dynos {
		r.Dynos = append(r.Dynos, d.ID)
	}
	for _, p := range formation {
		if p.Quantity > 0 && p.Type != "release" {
			r.Types = append(r.Types, p.Type)
		}
	}
	slices.Sort(r.Dynos)
	slices.Sort(r.Types)
	data, err := json.Marshal(r)
	if err != nil {
		return op.Plan{}, fmt.Errorf("plan the restart of %s: %w", req.App.Name, err)
	}
	return op.Plan{
		Title: fmt.Sprintf("Restart all dynos of *%s*", c.Title(ctx, req.App)),
		Lines: restartLines(dynos),
		Label: "Restart",
		Steps: []string{restartStep, upStep},
		Data:  data,
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
			running = append(running, fmt.Sprintf("%s, %s", name, say.Foreign(d.State, phrase.NameLimit)))
		}
	}
	slices.Sort(running)
	slices.Sort(once)
	lines := []string{"Visitors may meet errors for some seconds, until the new dynos are up. The same release runs afterwards."}
	if len(running) > 0 {
		lines = append(lines, "Restarted: "+phrase.Some(running, "; "))
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
			Guard: func(ctx context.Context) error {
				dynos, err := c.Heroku.Dynos(ctx, r.App)
				if err == nil && !r.holds(dynos) {
					err = say.Refuse("Some dynos of %s were restarted since this plan was made. Type `/deploy restart` again if it is still wanted.", say.Code(r.App))
				}
				return err
			},
			Find: func(ctx context.Context, _ time.Time) (bool, bool, error) {
				dynos, err := c.Heroku.Dynos(ctx, r.App)
				return true, err == nil && !r.holds(dynos), err
			},
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

// holds tells whether the dynos of the formation are still those of the plan.
func (r restart) holds(now []heroku.Dyno) bool {
	return !slices.ContainsFunc(now, func(d heroku.Dyno) bool { return slices.Contains(r.Types, d.Type) && !slices.Contains(r.Dynos, d.ID) })
}

// up tells whether all dynos of the formation are new and up. One that crashed ends the wait: it needs a person.
func (r restart) up(ctx context.Context, c *bot.Clients) (bool, bool, error) {
	dynos, err := c.Heroku.Dynos(ctx, r.App)
	if err != nil {
		return false, false, err
	}
	up := map[string]bool{}
	for _, d := range dynos {
		switch {
		case !slices.Contains(r.Types, d.Type):
		case slices.Contains(r.Dynos, d.ID), d.State == "starting":
			return false, false, nil
		case d.State == "crashed":
			return false, false, say.Refuse("%s crashed after the restart. `heroku logs --tail -a %s` shows why; `/rollback` takes the release back.", say.ForeignCode(d.Name, phrase.NameLimit), r.App)
		case d.State == "up":
			up[d.Type] = true
		}
	}
	return true, len(up) == len(r.Types), nil
}
