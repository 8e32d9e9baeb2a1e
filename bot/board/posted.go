package board

import (
	"context"
	"errors"
	"fmt"

	"slipway/bot/store"
)

// Posted tells whether the message of a board stands, as far as is known; doubtful: it does not, but may be posted just now, or may
// have been.
func Posted(ctx context.Context, tx *store.Tx, key Key) (posted, doubtful bool, err error) {
	var ts string
	var tried int64
	err = tx.QueryRow(ctx, "select ts, tried from boards where key = $1", string(key)).Scan(&ts, &tried)
	if errors.Is(err, store.ErrNone) {
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("read whether %q was posted: %w", key, err)
	}
	return ts != "", ts == "" && tried != 0, nil
}

// MessageOf is the message of a board as Slack names it in the board's channel, as far as is known: somebody may have deleted it. It is
// "" while none is posted.
func MessageOf(ctx context.Context, tx *store.Tx, key Key) (ts string, err error) {
	err = tx.QueryRow(ctx, "select ts from boards where key = $1", string(key)).Scan(&ts)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return "", fmt.Errorf("find the message of %q: %w", key, err)
	}
	return ts, nil
}

// At is the board whose message stands at a place, as far as is known; "" for none.
func At(ctx context.Context, tx *store.Tx, channel, ts string) (key Key, err error) {
	err = tx.QueryRow(ctx, "select key from boards where ts = $1 and channel = $2 order by key limit 1", ts, channel).Scan(&key)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return "", fmt.Errorf("find what is shown at %s in %s: %w", ts, channel, err)
	}
	return key, nil
}
