package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"slipway/bot/abreast"
	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// plan answers a command that changes an app: with what it would do, and the button that does it. Only they see it: what is done is told
// in the app's channel.
func (b *Bot) plan(ctx context.Context, cmd Command, req Request) (Answer, error) {
	byHand, err := cmd.Change.ByHand(req)
	if err != nil {
		return Answer{}, b.toMembers(ctx, req, err)
	}
	var p op.Plan
	found := b.planning(ctx, cmd, req, func() (err error) {
		p, err = cmd.Change.Plan(ctx, b.clients, req)
		return err
	})
	if no := b.against(ctx, req, found, byHand); no != nil {
		return Answer{}, no
	}
	p.ByHand = byHand
	cmd.Change.name(&p, req)
	if b.clients.Mode.Reads(req.App.Name) {
		b.record(ctx, req, audit.Refused, readMode(req.App.Name), "read mode")
		text, blocks := b.clients.Operations.Shown(p, readMode(req.App.Name))
		return Answer{Text: text, Blocks: blocks, personal: true}, nil
	}
	channel, unseen := b.shownIn(ctx, req)
	p.Lines = append(p.Lines, append(found.preempted(), unseen...)...)
	ticket, err := b.clients.Operations.Offer(ctx, req.who(), channel, p)
	if err != nil {
		return Answer{}, b.refused(ctx, req, err, byHand)
	}
	text, blocks := b.clients.Operations.Offered(p, ticket)
	return Answer{Text: text, Blocks: blocks, personal: true}, nil
}

// name says in a plan whose change it is.
func (c *Change) name(p *op.Plan, req Request) {
	p.Kind, p.App, p.Verb, p.Preempts = c.Kind, req.App.Name, c.Right, c.Preempts
}

// preempted says in a plan whose place it takes.
func (f findings) preempted() []string {
	if f.stands == nil {
		return nil
	}
	return []string{fmt.Sprintf(":octagonal_sign: “%s”, which <@%s> confirmed at %s, has changed nothing yet: it is stopped, and this takes its place.",
		f.stands.Title, f.stands.By, say.Date(f.stands.Confirmed))}
}

// shownIn is the channel where an operation will be shown, and what a plan says of it. Who may change an app is of its channel, which is
// known then.
func (b *Bot) shownIn(ctx context.Context, req Request) (channel string, unseen []string) {
	channel, _ = b.clients.Channels.Known(req.App)
	return channel, b.unseen(ctx, channel)
}

// findings are what was found out while a plan was made: whether this person may, whether nobody else runs with our token, whether nothing
// else is being done to the app, and whether there is a plan.
type findings struct {
	allowed, alone, free, planned error
	stands                        *op.Standing // with free: the operation of which nobody has said yet what came of it; else one that gives way
}

// planning asks what has to be so for a change while its plan is read.
func (b *Bot) planning(ctx context.Context, cmd Command, req Request, read func() error) (f findings) {
	abreast.Do(
		func() { f.allowed = b.door.Changes(ctx, req.who(), req.App, cmd.Change.Right) },
		func() { f.alone = b.clients.Presence.Alone(ctx) },
		func() { f.stands, f.free = b.free(ctx, req, cmd.Change.Preempts) },
		func() { f.planned = read() },
	)
	if b.clients.Mode.Reads(req.App.Name) {
		f.alone, f.free = nil, nil // nothing is changed, whoever else is there, and whatever else is done
	}
	return f
}

// against is the first of what was found that speaks against a plan, as it is told; nil: nothing.
func (b *Bot) against(ctx context.Context, req Request, f findings, byHand []string) error {
	if no := cmp.Or(f.allowed, f.alone); no != nil {
		return b.refused(ctx, req, no, byHand)
	}
	if f.free != nil {
		return b.ask(ctx, req, f.stands, b.refused(ctx, req, f.free, byHand))
	}
	if f.planned != nil {
		return b.refused(ctx, req, f.planned, byHand)
	}
	return nil
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
	detail := map[string]string{"typed": req.typed}
	if rule != "" {
		detail["rule"] = rule
	}
	err := b.clients.Audit.Write(ctx, audit.Entry{App: req.App.Name, Who: req.User, What: what, Text: text, Detail: detail})
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

// farEnd is what an error says of who gave it.
func farEnd(err error) op.FarEnd {
	if e, ok := errors.AsType[*heroku.Error](err); ok {
		notNow := e.Kind == heroku.OutOfQuota || e.Kind == heroku.Unreachable && !e.Ambiguous
		return op.FarEnd{Name: "Heroku", Said: farSaid("Heroku", e.Kind == heroku.OutOfQuota, e.Ambiguous, e.Status, e.ID, e.Message), NotNow: notNow, After: e.RetryAfter}
	}
	if e, ok := errors.AsType[*github.Error](err); ok {
		limited := e.Kind == github.OutOfQuota || e.Kind == github.SlowDown
		far := op.FarEnd{Name: "GitHub", Said: farSaid("GitHub", limited, e.Ambiguous, e.Status, "", ""), NotNow: limited || e.Kind == github.Unreachable && !e.Ambiguous}
		if !e.Until.IsZero() {
			far.After = max(time.Until(e.Until), 0)
		}
		return far
	}
	switch access.RuleOf(err) {
	case access.RulePresenceUnknown, access.RulePersonUnknown, access.RuleChannelUnknown, access.RuleGroupUnknown:
		return op.FarEnd{Name: "Slack"}
	case access.RuleRightsUnknown:
		return op.FarEnd{Name: "Heroku"}
	}
	return op.FarEnd{}
}

// farSaid is what a far end answered, in half a sentence. Its own sentence counts where it has a word for the error, too.
func farSaid(name string, limited, ambiguous bool, status int, id, message string) string {
	switch {
	case limited:
		return name + " takes no more requests"
	case ambiguous && status == 0:
		return name + "'s answer did not arrive"
	case status == 0:
		return name + " could not be reached"
	case status/100 == 2:
		return name + "'s answer could not be read"
	case id == "" || message == "":
		return fmt.Sprintf("%s answered with status %d", name, status)
	}
	return fmt.Sprintf("%s answered with status %d: %s", name, status, strings.TrimSuffix(say.Foreign(message, phrase.TitleLimit), "."))
}
