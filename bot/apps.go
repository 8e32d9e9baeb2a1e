package bot

import (
	"context"
	"strings"

	"slipway/bot/config"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// Title is an app's name as titles have it, with a mark where it is production.
func (c *Clients) Title(ctx context.Context, app config.App) string {
	ctx, cancel := context.WithTimeout(ctx, StoreWithin)
	defer cancel()
	return phrase.App(app.Name, c.Policy.Production(ctx, app))
}

// theApp gives the app that words mean after a command: the one they name ("penny-qa", or "of penny-qa"), else the only one,
// else the only one of the channel. Anything else is refused with the names to choose from.
func (c *Clients) theApp(ctx context.Context, req Request, words []string) (config.App, error) {
	if app, ok, err := c.namedIn(words); ok || err != nil {
		return app, err
	}
	if len(c.Apps) == 1 {
		return c.Apps[0], nil
	}
	here := c.inChannel(ctx, req)
	if len(here) == 1 {
		return here[0], nil
	}
	return config.App{}, say.Refuse("Which app? Put its name at the end: %s.", c.names())
}

// namedIn gives the app that words name; false: they name none.
func (c *Clients) namedIn(words []string) (app config.App, ok bool, err error) {
	if len(words) > 0 && strings.EqualFold(words[0], "of") {
		words = words[1:]
	}
	switch len(words) {
	case 0:
		return config.App{}, false, nil
	case 1:
		app, err = c.named(words[0])
		return app, err == nil, err
	}
	return config.App{}, false, say.Refuse("I understand one app's name after the command, not %s.\nThe apps are %s.",
		say.ForeignCode(strings.Join(words, " "), typedLimit), c.names())
}

func (c *Clients) named(name string) (config.App, error) {
	var names []string
	for _, app := range c.Apps {
		if app.Name == strings.ToLower(name) {
			return app, nil
		}
		names = append(names, app.Name)
	}
	hint := ""
	if near, ok := say.Nearest(strings.ToLower(name), names); ok {
		hint = " Did you mean " + say.Code(near) + "?"
	}
	return config.App{}, say.Refuse("I look after no app %s.%s\nThe apps are %s.", say.ForeignCode(name, typedLimit), hint, c.names())
}

func (c *Clients) names() string {
	var names []string
	for _, app := range c.Apps {
		names = append(names, say.Code(app.Name))
	}
	return strings.Join(names, ", ")
}

// typedLimit is how much of what somebody typed is said back to them, in characters.
const typedLimit = 60

// inChannel gives the apps whose channel is the one that the request came from. A slash command carries the channel's name,
// but not of a private one [unverified: it is said to read "privategroup" there], and a mention carries none: then Slack
// is asked. When it cannot say, no app is taken for granted.
func (c *Clients) inChannel(ctx context.Context, req Request) []config.App {
	if req.Way == Written {
		return nil
	}
	here := c.of(req.Channel, req.ChannelName)
	if len(here) == 0 {
		if ch, err := c.Slack.Channel(ctx, req.Channel); err == nil {
			here = c.of(ch.ID, ch.Name)
		}
	}
	return here
}

// of gives the apps of a channel. Once an app's channel is found it is known by its id: another that takes its name gains
// nothing.
func (c *Clients) of(id, name string) []config.App {
	var here []config.App
	for _, app := range c.Apps {
		found, ok := c.Channels.Known(app)
		if ok && found == id || !ok && app.Channel == name {
			here = append(here, app)
		}
	}
	return here
}
