package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// DeployMaintenance shows visitors a page in place of the app, or the app again.
var DeployMaintenance = bot.Command{
	Slash: "/deploy",
	Verb:  "maintenance",
	Args:  "on|off [app]",
	Short: "show visitors the maintenance page, or the app again",
	Long: "Turns Heroku's maintenance mode on or off, once you have confirmed it. While it is on, visitors see a page in place of the" +
		" app; workers, the scheduler and one-off dynos go on.\n`/deploy maintenance on`\n`/deploy maintenance off penny-university`",
	About:   bot.OneApp,
	Choices: []string{"on", "off"},
	Change: &bot.Change{
		Kind: "maintenance", Right: settings.Operate, ByHand: maintenanceByHand, Plan: planMaintenance, Run: runMaintenance,
	},
}

// maintenance is what is confirmed. It is stored as JSON: add fields, never rename them.
type maintenance struct {
	App string
	On  bool
}

// onOrOff reads what was chosen.
func onOrOff(req bot.Request) (on bool, err error) {
	if len(req.Words) > 0 {
		return req.Words[0] == "on", nil
	}
	return false, say.Refuse("Say on or off: %s shows visitors the maintenance page, %s the app again.",
		say.Code("/deploy maintenance on "+req.App.Name), say.Code("/deploy maintenance off "+req.App.Name))
}

func maintenanceByHand(req bot.Request) ([]string, error) {
	on, err := onOrOff(req)
	if err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("heroku maintenance:%s -a %s", onWord(on), req.App.Name)}, nil
}

func onWord(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func planMaintenance(ctx context.Context, c *bot.Clients, req bot.Request) (op.Plan, error) {
	on, err := onOrOff(req)
	if err != nil {
		return op.Plan{}, err
	}
	app, err := c.Heroku.App(ctx, req.App.Name)
	if err != nil {
		return op.Plan{}, unread(err)
	}
	if app.Maintenance == on {
		return op.Plan{}, say.Moot("Maintenance mode of %s is %s already. Nothing is to be done.", say.Code(req.App.Name), onWord(on))
	}
	data, err := json.Marshal(maintenance{App: req.App.Name, On: on})
	if err != nil {
		return op.Plan{}, fmt.Errorf("plan maintenance of %s: %w", req.App.Name, err)
	}
	return op.Plan{
		Title: fmt.Sprintf("Turn maintenance mode of *%s* %s", c.Title(ctx, req.App), onWord(on)),
		Lines: maintenanceLines(on),
		Label: "Turn " + onWord(on),
		Steps: []string{turnStep(on)}, Lookup: []string{"heroku maintenance -a " + req.App.Name},
		Data: data,
	}, nil
}

func maintenanceLines(on bool) []string {
	if on {
		return []string{
			"Visitors see Heroku's maintenance page in place of the app, until somebody turns it off.",
			"Workers, the scheduler and one-off dynos go on, and so do deploys.",
		}
	}
	return []string{"Visitors see the app again."}
}

// turnStep names the step. Names of steps are stored for ever.
func turnStep(on bool) string { return "turn maintenance mode " + onWord(on) }

// already is the refusal when somebody else did since the plan was made what it would do. Heroku does not tell who.
func (m maintenance) already() error {
	return say.Moot("Maintenance mode of %s is %s already: somebody else turned it %s since this plan was made. Nothing is to be done.",
		say.Code(m.App), onWord(m.On), onWord(m.On))
}

func runMaintenance(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var m maintenance
		if err := o.Data(&m); err != nil {
			return err
		}
		_, err := op.Do(ctx, o, turnStep(m.On), op.Effect[bool]{
			Guard: func(ctx context.Context) error {
				app, err := c.Heroku.App(ctx, m.App)
				if err == nil && app.Maintenance == m.On {
					err = m.already()
				}
				return err
			},
			// A state that is as it should be is found, whoever made it so: once more would change nothing.
			Find: func(ctx context.Context, _ time.Time) (on, found bool, err error) {
				app, err := c.Heroku.App(ctx, m.App)
				return app.Maintenance, err == nil && app.Maintenance == m.On, err
			},
			Act: func(ctx context.Context) (bool, error) {
				app, err := c.HerokuWrite.SetMaintenance(ctx, m.App, m.On)
				return app.Maintenance, denied(err)
			},
			Settle: heroku.Settle,
		})
		return err
	}
}
