package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/config/settings"
	"slipway/bot/hold"
	"slipway/bot/op"
	"slipway/bot/say"
)

// DeployHold stops the automatic deploys of an app.
var DeployHold = bot.Command{
	Slash: "/deploy",
	Verb:  "hold",
	Args:  "[reason] [for 2h] [of app]",
	Short: "stop automatic deploys",
	Long: "Cancels what would deploy, once you have confirmed it, until its time is over or somebody ends it. What was merged waits. With" +
		" `allow` a pull request passes all the same.\n`/deploy hold database work for 2h`\n`/deploy hold allow #47`\n`/deploy unhold`",
	About: bot.OneApp,
	Free:  true,
	Change: &bot.Change{
		Kind: "hold", Right: settings.Hold, ByHand: holdByHand, Plan: planHold, Run: runHold,
	},
}

// holding is what is confirmed. It is stored as JSON: add fields, never rename them.
type holding struct {
	App    string
	Reason string
	Lasts  time.Duration `json:",omitempty"`
	Allow  []int         `json:",omitempty"` // pull requests that pass; then nothing else is done
}

// The names of the steps. They are stored for ever.
const (
	holdStep   = "hold automatic deploys"
	allowStep  = "let them pass"
	unholdStep = "end the hold"
)

func holdByHand(req bot.Request) ([]string, error) {
	if _, err := askedHold(req.Words); err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("gh run list -R %s --status in_progress", req.App.Repo), fmt.Sprintf("gh run cancel RUN -R %s", req.App.Repo)}, nil
}

func planHold(ctx context.Context, c *bot.Clients, req bot.Request) (op.Plan, error) {
	a, err := askedHold(req.Words)
	if err != nil {
		return op.Plan{}, err
	}
	standing, held, err := c.Holds.Standing(ctx, req.App.Name)
	switch {
	case err != nil:
		return op.Plan{}, err
	case len(a.allow) > 0 && !held:
		return op.Plan{}, notHeld(req.App.Name)
	case len(a.allow) == 0 && held:
		return op.Plan{}, heldAlready(standing)
	}
	p := op.Plan{
		Title: fmt.Sprintf("Hold the automatic deploys of *%s*", c.Title(ctx, req.App)), Lines: append(a.holdLines(), sharedLine(req.App, c.Apps)...), Label: "Hold", Steps: []string{holdStep},
	}
	if len(a.allow) > 0 {
		p.Title = fmt.Sprintf("Let %s deploy to *%s* though it is held", numbered(a.allow), c.Title(ctx, req.App))
		p.Label, p.Steps = "Let it pass", []string{allowStep}
		if p.Lines, err = allowLines(ctx, c, req.App, a.allow, standing); err != nil {
			return op.Plan{}, err
		}
	}
	p.Data, err = json.Marshal(holding{App: req.App.Name, Reason: a.reason, Lasts: a.lasts, Allow: a.allow})
	return p, err
}

// heldAlready is said where a hold is wanted and one is set.
func heldAlready(s hold.Hold) error {
	return say.Moot("%s is held already, and a second hold would add nothing. %s\nTo change it, end it first: %s",
		say.Code(s.App), s.Line(time.Now(), mention(s.By)), say.Code("/deploy unhold of "+s.App))
}

func mention(user string) string { return "<@" + user + ">" }

func notHeld(app string) error {
	return say.Moot("Automatic deploys of %s are not held, so there is nothing to end or to let pass. To hold them, type %s.", say.Code(app), say.Code("/deploy hold of "+app))
}

func runHold(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var h holding
		if err := o.Data(&h); err != nil {
			return err
		}
		step, effect := holdStep, h.place(c, o)
		if len(h.Allow) > 0 {
			step, effect = allowStep, h.permit(c)
		}
		_, err := op.Do(ctx, o, step, effect)
		return err
	}
}

// place sets the hold. It is kept under the operation's id, so that it is found again.
func (h holding) place(c *bot.Clients, o *op.Operation) op.Effect[bool] {
	return op.Effect[bool]{
		Guard: func(ctx context.Context) error {
			standing, held, err := c.Holds.Standing(ctx, h.App)
			if err == nil && held {
				err = heldAlready(standing)
			}
			return err
		},
		Find: func(ctx context.Context, _ time.Time) (placed, found bool, err error) {
			placed, err = c.Holds.Placed(ctx, o.ID)
			return placed, placed, err
		},
		Act: func(ctx context.Context) (bool, error) {
			one := hold.Hold{App: h.App, By: o.By().User, Reason: h.Reason, Operation: o.ID}
			if h.Lasts > 0 {
				one.Until = time.Now().Add(h.Lasts)
			}
			return true, c.Holds.Place(ctx, one)
		},
		Harmless: true, // what runs stays
	}
}

// permit lets pull requests pass. To do it twice does no harm.
func (h holding) permit(c *bot.Clients) op.Effect[bool] {
	return op.Effect[bool]{
		Find: func(context.Context, time.Time) (done, found bool, err error) { return false, false, nil },
		Act: func(ctx context.Context) (bool, error) {
			held, err := c.Holds.Permit(ctx, h.App, h.Allow...)
			if err == nil && !held {
				err = notHeld(h.App)
			}
			return held, err
		},
		Harmless: true,
	}
}
