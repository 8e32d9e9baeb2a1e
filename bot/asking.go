package bot

import (
	"context"
	"strings"
	"sync"

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
	if req.press != nil {
		return b.pressed(ctx, req)
	}
	req.Words = addressed(req.Words, home.UserID)
	cmd, words, err := find(b.commands, req.Slash, req.Words)
	if err != nil {
		return Answer{}, "none", b.toMembers(ctx, req, b.meant(req, err))
	}
	answer, err := b.run(ctx, cmd, req, words)
	return answer, cmd.Verb, err
}

// run finds the app and lets the command answer.
func (b *Bot) run(ctx context.Context, cmd Command, req Request, words []string) (Answer, error) {
	req.typed = strings.TrimSpace(cmd.Slash + " " + cmd.Verb + " " + strings.Join(words, " "))
	own := min(cmd.Choice, len(words))
	req.Words, words = words[:own], words[own:]
	switch cmd.About {
	case OneApp:
		app, err := b.clients.theApp(ctx, req, words)
		if err != nil {
			return Answer{}, b.toMembers(ctx, req, err)
		}
		req.App = app
		if cmd.Change != nil {
			return b.plan(ctx, cmd, req)
		}
		return b.beside(ctx, func(ctx context.Context) error { return b.mayRead(ctx, req, app) }, cmd, req)
	case EachApp:
		var err error
		if req.Apps, err = b.readable(ctx, req, words); err != nil {
			return Answer{}, err
		}
		return cmd.Answer(ctx, b.clients, req)
	}
	req.Words = append(req.Words, words...)
	return b.beside(ctx, func(ctx context.Context) error { return b.door.Member(ctx, req.who()) }, cmd, req)
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
	if err := b.door.Reads(ctx, req.who(), app); err != nil {
		return err
	}
	if here, _ := b.clients.Channels.Known(app); req.inChannel && req.Way != Written && here != req.Channel {
		return say.Refuse("I show all of a channel what concerns %s only in <#%s>. Leave out `in channel`, and I show it to you.", say.Code(app.Name), here)
	}
	return nil
}

// readable gives the app that words name, or else all that this person may read. They are refused if there is none.
func (b *Bot) readable(ctx context.Context, req Request, words []string) ([]config.App, error) {
	asked := b.clients.Apps
	switch app, ok, err := b.clients.namedIn(words); {
	case err != nil:
		return nil, b.toMembers(ctx, req, err)
	case ok:
		asked = []config.App{app}
	}
	verdicts := make([]error, len(asked))
	var asking sync.WaitGroup
	for i, app := range asked {
		asking.Go(func() { verdicts[i] = abreast.Guard(func() error { return b.mayRead(ctx, req, app) }) })
	}
	asking.Wait()
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

// who is the person who asks.
func (r Request) who() access.Who { return access.Who{User: r.User, Team: r.Team} }
