package notices

import (
	"context"

	"slipway/bot/store"
)

// wide are what is told of a channel with all its apps.
func (n *Notices) wide(ctx context.Context, tx *store.Tx, channel string, mates []*scene, v view) ([]notice, error) {
	silences, err := silenceNotices(ctx, tx, channel, mates, v)
	if err != nil {
		return nil, err
	}
	away, err := awayNotices(ctx, tx, channel, mates)
	return append(silences, away...), err
}
