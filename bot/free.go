package bot

import (
	"slices"
	"strings"

	"slipway/bot/config"
)

// apart takes the words of a command that has words of its own apart from those that name the app: a last word that is an app's name,
// with an "of" or "for" before it or without, or that is nearly one after an "of". All others are the command's, whatever they say.
func (c *Clients) apart(words []string) (own, app []string) {
	n := len(words)
	if n == 0 {
		return nil, nil
	}
	last := strings.ToLower(words[n-1])
	of := n > 1 && strings.EqualFold(words[n-2], "of")
	known := slices.ContainsFunc(c.Apps, func(a config.App) bool { return a.Name == last })
	switch {
	case known && (of || n > 1 && strings.EqualFold(words[n-2], "for")):
		return words[:n-2], words[n-2:]
	case known:
		return words[:n-1], words[n-1:]
	case of && len(c.resembling(last)) > 0:
		return words[:n-2], words[n-2:]
	}
	return words, nil
}
