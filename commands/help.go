package commands

import (
	"context"
	"fmt"
	"slices"
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
		words := asked(list, req.Words)
		if len(words) == 0 {
			return bot.Answer{Text: bot.List(list) +
				"\nThe same words work in a direct message to me, or when you mention me." + seen(req) + off(c, list)}, nil
		}
		return explain(list, words)
	}
	return h
}

// seen says who sees an answer; "" in a direct message, where nobody else is.
func seen(req bot.Request) string {
	if req.Way == bot.Written || strings.HasPrefix(req.Channel, "D") {
		return ""
	}
	return "\nOnly you see an answer, unless you add `in channel`."
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
			names = append(names, say.Code(command.Typed()))
		}
	}
	where := ""
	if len(apps) < len(c.Apps) {
		where = " for " + phrase.Some(apps, ", ")
	}
	return fmt.Sprintf("\nRead mode (`SLIPWAY_MODE`)%s: %s only say what they would do.", where, strings.Join(names, ", "))
}

// fillers are words that people put around a command's name.
var fillers = []string{"me", "please", "with", "about", "on", "the", "command"}

// asked gives the words that may name a command.
func asked(list []bot.Command, words []string) []string {
	var kept []string
	for _, w := range words {
		w = strings.TrimPrefix(strings.ToLower(w), "/")
		slash := func(c bot.Command) bool { return c.Verb != "" && c.Slash == "/"+w }
		if !slices.Contains(fillers, w) && !slices.ContainsFunc(list, slash) {
			kept = append(kept, w)
		}
	}
	return kept
}

// explain tells more about the command that words name first.
func explain(list []bot.Command, words []string) (bot.Answer, error) {
	var verbs []string
	for _, c := range list {
		verbs = append(verbs, c.Name())
	}
	for _, w := range words {
		if i := slices.Index(verbs, w); i >= 0 {
			c := list[i]
			return bot.Answer{Text: say.Code(c.Usage()) + "  " + c.Short + "\n" + c.Long}, nil
		}
	}
	hint := ""
	if near, ok := say.Nearest(words[0], verbs); ok {
		hint = " Did you mean " + say.Code("/deploy help "+near) + "?"
	}
	return bot.Answer{}, say.Refuse("There is no command %s.%s\n%s", say.TypedCode(strings.Join(words, " "), phrase.NameLimit), hint, bot.List(list))
}
