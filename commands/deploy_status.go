package commands

import (
	"context"

	"slipway/bot"
)

// DeployStatus says what is live, what is not yet, and what is wrong.
var DeployStatus = bot.Command{
	Slash: "/deploy",
	Verb:  "status",
	Args:  "[app]",
	About: bot.OneApp,
	Short: "what is live, what is merged and not live, and what is running",
	Long: "Shows the release that runs, its commit and what it brought, the dynos, what is merged and not live, the checks" +
		" of the deploy branch, and what is going on now. Anything odd comes first.\n" +
		"`/deploy status`\n`/deploy status penny-university`\n`/deploy status in channel`",
	Answer: answerStatus,
}

func answerStatus(ctx context.Context, c *bot.Clients, req bot.Request) (bot.Answer, error) {
	return knowStatus(ctx, c, req.App).words(), nil
}
