package board

import (
	"context"
	"errors"

	"slipway/integrations/slack"
)

// botID is who we are in Slack. It is asked once; two that ask at the same time are told the same.
func (b *Boards) botID(ctx context.Context) (string, error) {
	if known := b.bot.Load(); known != nil {
		return *known, nil
	}
	who, err := b.slack.Auth(ctx)
	if e, ok := errors.AsType[*slack.Error](err); ok {
		return "", e // and not the advice around it
	}
	if err != nil {
		return "", err
	}
	b.bot.Store(&who.BotID)
	return who.BotID, nil
}
