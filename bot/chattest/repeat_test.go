package chattest

import (
	"testing"

	"slipway/commands"
)

// The conversations of the real bot are repeated by the tests of package commands.
func TestTheSameLinesGiveTheSameBytes(t *testing.T) { repeatAll(t, "testdata/echo", echoing) }

func TestTheSameLinesSendTheSameWebhooks(t *testing.T) {
	repeatAll(t, "testdata/deliveries", deaf())
}

// deaf is the bot while somebody else takes the webhooks: what is sent does not depend on what the bot makes of it.
func deaf() cast {
	who := slipway(commands.All())
	hears := who.bot
	who.receives, who.bot = false, func(s *stage) (Bot, error) {
		b, err := hears(s)
		host := b.(*Host)
		host.Listen, host.Config.GitHubSecrets, host.Config.HerokuSecrets = nil, nil, nil
		return host, err
	}
	return who
}
