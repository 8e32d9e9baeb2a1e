package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/integrations/slack"
)

// press is a button that somebody pressed.
type press struct{ action, value string }

// buttons are those that do something, but for those that type a line.
var buttons = []string{op.ActionConfirm, op.ActionCancel, op.ActionStop, op.ActionHappened, op.ActionNotHappened}

// onPlan tells the buttons of a plan, which nothing is left of once it is decided. Those of a board stand under what it shows.
func onPlan(action string) bool { return action == op.ActionConfirm || action == op.ActionCancel }

// interaction takes what somebody pressed, chose or closed. The submit of a modal is not among it: its acknowledgement is its answer.
func (b *Bot) interaction(e slack.Envelope) {
	i := e.Interaction
	if i.Type == slackgo.InteractionTypeViewClosed {
		b.closed(e)
		return
	}
	if i.ResponseURL == "" && i.View.ID == "" {
		return
	}
	req, ok := intended(b.clicked(e), i)
	switch {
	case !ok:
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

// clicked is what all clicks tell: who clicked, where, and how they are answered. What a modal tells of the place is what it remembers.
func (b *Bot) clicked(e slack.Envelope) Request {
	i := e.Interaction
	w := &window{trigger: i.TriggerID}
	req := Request{
		ID: e.ID, Way: Typed, User: i.User.ID, Team: i.User.TeamID, Channel: i.Channel.ID, ChannelName: i.Channel.Name,
		Received: e.Received, responseURL: i.ResponseURL, window: w,
	}
	if i.View.ID == "" {
		return req
	}
	n, _ := noteOf(i.View)
	req.Channel = n.Channel
	w.kind, w.title, w.metadata, w.round, w.kept = i.View.CallbackID, "slipway", i.View.PrivateMetadata, n.Round, kept(i.View)
	if i.View.Title != nil {
		w.title = cmp.Or(i.View.Title.Text, w.title)
	}
	b.enter(w, slack.View{ID: i.View.ID})
	return req
}

// intended is what somebody meant with what they clicked. Any other button is of an old message, or of a copied one.
func intended(req Request, i *slackgo.InteractionCallback) (Request, bool) {
	if i.Type == slackgo.InteractionTypeMessageAction {
		req.used = &used{cmp.Or(i.MessageTs, i.Message.Timestamp)}
		req.window.kind, req.window.metadata = i.CallbackID, remembering(i.Channel.ID)
		return req, true
	}
	for _, action := range i.ActionCallback.BlockActions {
		switch {
		case slices.Contains(buttons, action.ActionID):
			req.press = &press{action.ActionID, action.Value}
		case strings.HasPrefix(action.ActionID, phrase.AskPrefix):
			req = req.asking(action.Value)
		case choices[string(action.Type)] && i.View.ID != "":
			n, _ := noteOf(i.View)
			chosen, _ := chosenIn(i.View)
			req.revisit = &revisit{n, chosen}
		default:
			continue
		}
		return req, true
	}
	return req, false
}

// pressed does what a button says. What was decided takes the place of the plan, and so does a refusal of one that is over. Any other
// refusal leaves it as it is: to press again may be right.
func (b *Bot) pressed(ctx context.Context, req Request) (Answer, string, error) {
	verb := strings.TrimPrefix(req.press.action, "op_")
	text, err := b.clients.Operations.Press(ctx, req.who(), req.press.action, req.press.value)
	return Answer{Text: text, replaces: onPlan(req.press.action)}, verb, err
}
