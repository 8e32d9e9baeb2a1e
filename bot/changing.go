package bot

import (
	"context"
	"errors"

	"slipway/bot/abreast"
	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// plan answers a command that changes an app: with what it would do, and the button that does it. Whether this person may, and
// whether nobody else runs with our token, is asked while the plan is made. Only they see it: what is done is told in the app's
// channel.
func (b *Bot) plan(ctx context.Context, cmd Command, req Request) (Answer, error) {
	byHand, err := cmd.Change.ByHand(req)
	if err != nil {
		return Answer{}, b.toMembers(ctx, req, err)
	}
	var p op.Plan
	var allowed, alone, planned error
	abreast.Do(
		func() { allowed = b.door.Changes(ctx, req.who(), req.App, cmd.Change.Right) },
		func() { alone = b.clients.Presence.Alone(ctx) },
		func() { p, planned = cmd.Change.Plan(ctx, b.clients, req) },
	)
	if b.clients.Mode.Reads(req.App.Name) {
		alone = nil // nothing is changed, whoever else is there
	}
	for _, no := range []error{allowed, alone, planned} {
		if no != nil {
			return Answer{}, b.refused(ctx, req, no, byHand)
		}
	}
	p.Kind, p.App, p.Verb, p.ByHand = cmd.Change.Kind, req.App.Name, cmd.Change.Right, byHand
	if b.clients.Mode.Reads(req.App.Name) {
		b.record(ctx, req, audit.Refused, readMode(req.App.Name), "read mode")
		text, blocks := b.clients.Operations.Shown(p, readMode(req.App.Name))
		return Answer{Text: text, Blocks: blocks, personal: true}, nil
	}
	channel, _ := b.clients.Channels.Known(req.App) // or this person would have been refused
	ticket, err := b.clients.Operations.Offer(ctx, req.who(), channel, p)
	if err != nil {
		return Answer{}, b.refused(ctx, req, err, byHand)
	}
	text, blocks := b.clients.Operations.Offered(p, ticket)
	return Answer{Text: text, Blocks: blocks, personal: true}, nil
}

// refused writes a refusal down, and adds how to do it by hand, as access.Manner says.
func (b *Bot) refused(ctx context.Context, req Request, no error, byHand []string) error {
	var refusal *say.Refusal
	if !errors.As(no, &refusal) {
		return no
	}
	manner := b.door.Manner(ctx, req.who(), req.App, no, false)
	if manner.Recorded {
		b.record(ctx, req, audit.Refused, refusal.Text, access.RuleOf(no))
	} else {
		b.log.Info("refused", "app", req.App.Name, "user", req.User, "typed", req.typed, "rule", access.RuleOf(no))
	}
	if !manner.ByHand || refusal.Moot {
		return no
	}
	return say.Refuse("%s\n%s", refusal.Text, say.ByHand(byHand))
}

// record writes down what somebody was told. That it cannot be written down is no reason to answer nothing: nothing is changed.
func (b *Bot) record(ctx context.Context, req Request, what, text, rule string) {
	ctx, cancel := context.WithTimeout(ctx, StoreWithin)
	defer cancel()
	err := b.clients.Audit.Write(ctx, audit.Entry{
		App: req.App.Name, Who: req.User, What: what, Text: text, Detail: map[string]string{"typed": req.typed, "rule": rule},
	})
	if err != nil {
		b.log.Warn("a refusal is not in the audit trail", "request", req.ID, "error", err)
	}
}

// readMode says why nothing is changed.
func readMode(app string) string {
	return say.Code(app) + " is in read mode: I change nothing there (`SLIPWAY_MODE`)."
}

// mayWrite refuses where slipway only reads.
func (b *Bot) mayWrite(app string) error {
	if b.clients.Mode.Reads(app) {
		return say.Refuse("%s", readMode(app))
	}
	return nil
}

// allowedNow asks everybody anew whether a person may do this.
func (b *Bot) allowedNow(ctx context.Context, who access.Who, app string, verb settings.Verb) error {
	known, ok := b.app(app)
	if !ok {
		return say.Refuse("I do not look after %s any more: it is not in `APPS`.", say.Code(app))
	}
	return b.door.Now(ctx, who, known, verb)
}

// manner says how a person is refused what a button would do.
func (b *Bot) manner(ctx context.Context, who access.Who, app string, no error, shown bool) access.Manner {
	known, ok := b.app(app)
	if !ok {
		known.Name = app // whose channel nobody knows
	}
	return b.door.Manner(ctx, who, known, no, shown)
}

func (b *Bot) app(name string) (config.App, bool) {
	for _, app := range b.clients.Apps {
		if app.Name == name {
			return app, true
		}
	}
	return config.App{}, false
}

// ambiguous tells whether a change may have been made although it failed.
func ambiguous(err error) bool {
	if e, ok := errors.AsType[*heroku.Error](err); ok {
		return e.Ambiguous
	}
	if e, ok := errors.AsType[*github.Error](err); ok {
		return e.Ambiguous
	}
	_, inWords := errors.AsType[*say.Refusal](err)
	return !inWords // nobody can tell
}

// farEnd names who an error comes from.
func farEnd(err error) string {
	switch {
	case heroku.KindOf(err) != "":
		return "Heroku"
	case github.KindOf(err) != "":
		return "GitHub"
	}
	return ""
}
