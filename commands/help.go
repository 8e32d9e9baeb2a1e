package commands

import (
	"context"
	"fmt"
	"strings"

	"slipway/bot"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// help explains the commands of the list, and itself.
func help(list []bot.Command) bot.Command {
	h := bot.Command{
		Slash: "/deploy",
		Verb:  "help",
		Args:  "[command]",
		Short: "what you can type",
		Long:  "`/deploy help` lists the commands; with one of them, as in `/deploy help status`, it says more.",
	}
	list = append(list[:len(list):len(list)], h)
	h.Answer = func(_ context.Context, c *bot.Clients, req bot.Request) (bot.Answer, error) {
		if len(req.Words) == 0 {
			return bot.Answer{Text: bot.List(list) +
				"\nThe same words work in a direct message to me, or when you mention me." +
				"\nOnly you see an answer, unless you add `in channel`." + off(c, list)}, nil
		}
		return explain(list, req.Words)
	}
	return h
}

// off names the commands that change nothing, and where; "" for none.
func off(c *bot.Clients, list []bot.Command) string {
	var apps, names []string
	for _, app := range c.Apps {
		if c.Mode.Reads(app.Name) {
			apps = append(apps, say.Code(app.Name))
		}
	}
	if len(apps) == 0 {
		return ""
	}
	for _, command := range list {
		if command.Change != nil {
			names = append(names, say.Code(command.Slash+" "+command.Verb))
		}
	}
	where := ""
	if len(apps) < len(c.Apps) {
		where = " for " + phrase.Some(apps, ", ")
	}
	return fmt.Sprintf("\nRead mode (`SLIPWAY_MODE`)%s: %s only say what they would do.", where, strings.Join(names, ", "))
}

func explain(list []bot.Command, words []string) (bot.Answer, error) {
	asked := strings.TrimPrefix(strings.ToLower(strings.Join(words, " ")), "/")
	var verbs []string
	for _, c := range list {
		if asked == c.Verb || asked == strings.TrimPrefix(c.Slash, "/")+" "+c.Verb {
			return bot.Answer{Text: say.Code(c.Usage()) + "  " + c.Short + "\n" + c.Long}, nil
		}
		verbs = append(verbs, c.Verb)
	}
	hint := ""
	if near, ok := say.Nearest(asked, verbs); ok {
		hint = " Did you mean " + say.Code("/deploy help "+near) + "?"
	}
	return bot.Answer{}, say.Refuse("There is no command %s.%s\n%s", say.ForeignCode(asked, phrase.NameLimit), hint, bot.List(list))
}
