package commands

import (
	"context"
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
	h.Answer = func(_ context.Context, _ *bot.Clients, req bot.Request) (bot.Answer, error) {
		if len(req.Words) == 0 {
			return bot.Answer{Text: bot.List(list) +
				"\nThe same words work in a direct message to me, or when you mention me." +
				"\nOnly you see an answer, unless you add `in channel`."}, nil
		}
		return explain(list, req.Words)
	}
	return h
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
