package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/abreast"
	"slipway/bot/access"
	"slipway/bot/config"
	"slipway/bot/say"
)

// answer gives what a request is answered with, and the verb for the metrics.
func (b *Bot) answer(ctx context.Context, req Request) (Answer, string, error) {
	home, err := b.identity.wait(ctx)
	if err != nil {
		return Answer{}, "none", say.Refuse("I have not reached Slack's API yet, so I cannot tell who you are. Try again in a moment.")
	}
	switch {
	case req.press != nil:
		return b.pressed(ctx, req)
	case req.revisit != nil:
		return b.reread(ctx, req)
	case req.used != nil:
		return b.shortcut(ctx, req)
	}
	req.Words = addressed(req.Words, home.UserID)
	if req.Slash == "" {
		req.Words = opened(b.commands, req.Words)
	}
	cmd, words, err := find(b.commands, req.Slash, req.Words)
	if err != nil {
		return Answer{}, "none", b.toMembers(ctx, req, b.meant(req, err))
	}
	answer, err := b.run(ctx, cmd, req, words)
	return answer, cmd.Verb, err
}

// run finds the app and lets the command answer.
func (b *Bot) run(ctx context.Context, cmd Command, req Request, words []string) (Answer, error) {
	req.line = strings.TrimSpace(cmd.Typed() + " " + strings.Join(words, " "))
	req.typed = say.Typed(req.line)
	if words = polite(words); cmd.Free {
		req.Words, words = b.clients.apart(words)
	} else {
		req.Words, words = cmd.chosen(words)
	}
	switch cmd.About {
	case OneApp:
		app, err := b.clients.theApp(ctx, cmd, req, words)
		if err != nil {
			return Answer{}, b.toMembers(ctx, req, err)
		}
		req.App = app
		switch {
		case cmd.Change != nil && cmd.Change.Form != nil:
			return b.form(ctx, cmd, req)
		case cmd.Change != nil:
			answer, err := b.plan(ctx, cmd, req)
			return b.forOne(req, answer), err
		}
		return b.beside(ctx, func(ctx context.Context) error { return b.mayRead(ctx, req, app) }, cmd, req)
	case EachApp:
		var err error
		if req.Apps, err = b.readable(ctx, cmd, req, words); err != nil {
			return Answer{}, err
		}
		return cmd.Answer(ctx, b.clients, req)
	}
	req.Words = append(req.Words, words...)
	return b.beside(ctx, func(ctx context.Context) error { return b.door.Member(ctx, req.who()) }, cmd, req)
}

// forOne says in the plan that somebody asked for in the channel that it is for them alone.
func (b *Bot) forOne(req Request, plan Answer) Answer {
	if !req.inChannel || len(plan.Blocks) == 0 {
		return plan
	}
	text := "Only you see a plan"
	if here, ok := b.clients.Channels.Known(req.App); ok && !b.clients.Mode.Reads(req.App.Name) {
		text += fmt.Sprintf("; what is done is told in <#%s>", here)
	}
	plan.Text += "\n" + text
	plan.Blocks = append(plan.Blocks, slackgo.NewContextBlock("", slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false)))
	return plan
}

// beside asks whether this person may read while it reads: both take a call or more, and a person who waits should not wait
// for their sum. What was read is dropped when they may not.
func (b *Bot) beside(ctx context.Context, may func(context.Context) error, cmd Command, req Request) (answer Answer, err error) {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	verdict := make(chan error, 1)
	go func() {
		err := abreast.Guard(func() error { return may(ctx) })
		if err != nil {
			stop()
		}
		verdict <- err
	}()
	err = abreast.Guard(func() (err error) {
		answer, err = cmd.Answer(reading, b.clients, req)
		return err
	})
	if refused := <-verdict; refused != nil {
		return Answer{}, refused
	}
	return answer, err
}

// toMembers keeps a refusal that names our apps and commands from people who are not of our workspace.
func (b *Bot) toMembers(ctx context.Context, req Request, refusal error) error {
	if err := b.door.Member(ctx, req.who()); err != nil {
		return err
	}
	return refusal
}

// mayRead tells whether this person may read about an app, and have it shown where they ask.
func (b *Bot) mayRead(ctx context.Context, req Request, app config.App) error {
	return b.mayReadBy(ctx, req, app, b.door.Reads)
}

// reads tells whether somebody may read about an app.
type reads func(ctx context.Context, who access.Who, app config.App) error

func (b *Bot) mayReadBy(ctx context.Context, req Request, app config.App, may reads) error {
	if err := may(ctx, req.who(), app); err != nil {
		return err
	}
	if here, _ := b.clients.Channels.Known(app); req.inChannel && req.Way != Written && here != req.Channel {
		return say.Refuse("I show all of a channel what concerns %s only in <#%s>. Leave out `in channel`, and I show it to you.", say.Code(app.Name), here)
	}
	return nil
}

// readable gives the app that words name, or else all that this person may read. They are refused if there is none.
func (b *Bot) readable(ctx context.Context, cmd Command, req Request, words []string) ([]config.App, error) {
	asked := b.clients.Apps
	switch app, ok, err := b.clients.namedIn(cmd, words); {
	case err != nil:
		return nil, b.toMembers(ctx, req, err)
	case ok:
		asked = []config.App{app}
	}
	verdicts := b.verdicts(ctx, req, asked, b.door.ReadsAsRemembered)
	if !slices.ContainsFunc(verdicts, func(err error) bool { return err == nil }) {
		verdicts = b.verdicts(ctx, req, asked, b.door.Reads) // who has just joined is not sent away
	}
	var apps []config.App
	for i, app := range asked {
		if verdicts[i] == nil {
			apps = append(apps, app)
		}
	}
	if len(apps) == 0 {
		return nil, verdicts[0]
	}
	return apps, nil
}

// verdicts are those of each app, asked for side by side.
func (b *Bot) verdicts(ctx context.Context, req Request, apps []config.App, may reads) []error {
	list := make([]error, len(apps))
	abreast.Each(len(apps), func(i int) {
		list[i] = abreast.Guard(func() error { return b.mayReadBy(ctx, req, apps[i], may) })
	})
	return list
}

// who is the person who asks.
func (r Request) who() access.Who { return access.Who{User: r.User, Team: r.Team} }
