package bot

import (
	"context"
	"slices"
	"strings"

	"slipway/bot/op"
	"slipway/integrations/slack"
)

// press is a button that somebody pressed.
type press struct{ action, value string }

// buttons are those that do something.
var buttons = []string{op.ActionConfirm, op.ActionCancel, op.ActionStop, op.ActionHappened, op.ActionNotHappened}

// onPlan tells the buttons of a plan, which nothing is left of once it is decided. Those of a board stand under what it shows.
func onPlan(action string) bool { return action == op.ActionConfirm || action == op.ActionCancel }

// interaction takes a button of a plan or of an operation's board. Any other is of an old message, or of a copied one.
func (b *Bot) interaction(e slack.Envelope) {
	i := e.Interaction
	if i.ResponseURL == "" {
		return
	}
	req := Request{
		ID: e.ID, Way: Typed, User: i.User.ID, Team: i.User.TeamID, Channel: i.Channel.ID, Received: e.Received, responseURL: i.ResponseURL,
	}
	for _, action := range i.ActionCallback.BlockActions {
		if slices.Contains(buttons, action.ActionID) {
			req.press = &press{action.ActionID, action.Value}
		}
	}
	switch {
	case req.press == nil:
		b.pool.say(func(context.Context) {
			b.reply(req, Answer{Text: "This button does nothing any more. `/deploy help` lists what I can do."})
		})
	case b.pool.reserve():
		b.accept(req)
	default:
		b.metrics.refused("full")
		b.pool.say(func(context.Context) { b.reply(req, Answer{Text: busyText}) })
	}
}

// pressed does what a button says. What was decided takes the place of the plan, and so does a refusal of one that is over. Any other
// refusal leaves it as it is: to press again may be right.
func (b *Bot) pressed(ctx context.Context, req Request) (Answer, string, error) {
	verb := strings.TrimPrefix(req.press.action, "op_")
	text, err := b.clients.Operations.Press(ctx, req.who(), req.press.action, req.press.value)
	return Answer{Text: text, replaces: onPlan(req.press.action)}, verb, err
}
