package bot

import (
	"context"
	"fmt"
	"slices"
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
func (c *Clients) theApp(ctx context.Context, cmd Command, req Request, words []string) (config.App, error) {
	if app, ok, err := c.namedIn(cmd, words); ok || err != nil {
		return app, err
	}
	if len(c.Apps) == 1 {
		return c.Apps[0], nil
	}
	here := c.inChannel(ctx, req)
	if len(here) == 1 {
		return here[0], nil
	}
	if len(cmd.Choices) > 0 && len(req.Words) == 0 {
		return config.App{}, say.Refuse("Say %s, and which app: %s.\n%s.",
			strings.Join(cmd.Choices, " or "), say.Code(fmt.Sprintf("%s %s %s %s", cmd.Slash, cmd.Verb, cmd.Choices[0], c.Apps[0].Name)), c.names())
	}
	return config.App{}, say.Refuse("Which app? Put its name at the end: %s.", strings.Join(c.codes(), ", "))
}

// namedIn gives the app that words name; false: they name none.
func (c *Clients) namedIn(cmd Command, words []string) (app config.App, ok bool, err error) {
	if len(words) > 0 && (strings.EqualFold(words[0], "of") || strings.EqualFold(words[0], "for")) {
		words = words[1:]
	}
	if len(words) == 0 {
		return config.App{}, false, nil
	}
	if len(words) == 1 {
		for _, app := range c.Apps {
			if app.Name == strings.ToLower(words[0]) {
				return app, true, nil
			}
		}
	}
	return config.App{}, false, c.notTaken(cmd, words)
}

// notTaken refuses words that a command does not take: with those that were probably meant, or else with what it does take.
func (c *Clients) notTaken(cmd Command, words []string) error {
	typed := say.TypedCode(strings.Join(words, " "), typedLimit)
	if meant := nearby(cmd, words); meant != "" {
		return say.Refuse("I do not understand %s. Did you mean %s?", typed, say.TypedCode(meant, typedLimit))
	}
	if len(words) == 1 {
		if meant := c.resembling(words[0]); len(meant) > 0 {
			refusal := fmt.Sprintf("I look after no app %s. Did you mean %s?", typed, phrase.Some(meant, " or "))
			if len(meant) < len(c.Apps) {
				refusal += "\n" + c.names() + "."
			}
			return say.Refuse("%s", refusal)
		}
	}
	line := fmt.Sprintf("I look after no app %s. %s.", typed, c.names())
	if len(words) > 1 {
		line = fmt.Sprintf("I understand one app's name there, not %s. %s.", typed, c.names())
	}
	line += "\nWhat to type: " + say.Code(cmd.Usage()) + "  " + cmd.Short
	if cmd.More != "" {
		line += "\n" + cmd.More
	}
	return say.Refuse("%s", line)
}

// nearby is what was probably meant by words that name no app: a choice, or that the answer is for all; "" for neither.
func nearby(cmd Command, words []string) string {
	if len(words) == 1 {
		if near, ok := say.Nearest(words[0], cmd.Choices); ok && !strings.EqualFold(near, words[0]) { // two of them are no slip
			return near
		}
		return ""
	}
	last := words[len(words)-2:]
	if near, ok := say.Nearest(last[1], []string{"channel"}); ok && strings.EqualFold(last[0], "in") {
		return strings.Join(append(slices.Clone(words[:len(words)-2]), "in", near), " ")
	}
	return ""
}

// resembling are the apps that may have been meant by a name: the one that is written nearly so, or else all that contain it.
func (c *Clients) resembling(name string) []string {
	var names, found []string
	for _, app := range c.Apps {
		names = append(names, app.Name)
		if len(name) > 1 && strings.Contains(app.Name, strings.ToLower(name)) {
			found = append(found, say.Code(app.Name))
		}
	}
	if near, ok := say.Nearest(name, names); ok {
		return []string{say.Code(near)}
	}
	return found
}

// names are the apps, in a sentence without its end.
func (c *Clients) names() string {
	if len(c.Apps) == 1 {
		return "The app is " + c.codes()[0]
	}
	return "The apps are " + strings.Join(c.codes(), ", ")
}

func (c *Clients) codes() []string {
	var names []string
	for _, app := range c.Apps {
		names = append(names, say.Code(app.Name))
	}
	return names
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
