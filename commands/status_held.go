package commands

import (
	"context"

	"slipway/bot"
	"slipway/bot/audit"
	"slipway/bot/hold"
)

// held is the hold of an app's automatic deploys, with what Slack says of who set it.
type held struct {
	hold.Hold
	by string // the name of who set it, fit to be shown
}

// heldOf gives the hold of an app, nil if it has none. An error says that our own database did not answer.
func heldOf(ctx context.Context, c *bot.Clients, app string) (*held, error) {
	reading, cancel := context.WithTimeout(ctx, bot.StoreWithin)
	defer cancel()
	standing, ok, err := c.Holds.Standing(reading, app)
	if err != nil || !ok {
		return nil, err
	}
	naming, stop := context.WithTimeout(ctx, namingWithin)
	defer stop()
	by := namesOf(naming, c, []audit.Row{{Entry: audit.Entry{Who: standing.By}}})[standing.By]
	return &held{Hold: standing, by: by}, nil
}
