package board

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/store"
)

// longestKey keeps the metadata under 1 KB.
const longestKey = 500

// Touch marks boards stale, in the transaction that changed what they show, and makes those that are new. A board that has a message
// stays where it is, whatever channel it is touched with. After the commit comes Nudge.
func (b *Boards) Touch(ctx context.Context, tx *store.Tx, list ...Board) error {
	list = slices.Clone(list)
	// Always in the same order, or two processes could wait for each other's rows.
	slices.SortFunc(list, func(a, b Board) int { return cmp.Compare(a.Key, b.Key) })
	for _, one := range list {
		if err := one.check(); err != nil {
			return err
		}
		if err := touch(ctx, tx, one); err != nil {
			return fmt.Errorf("touch board %q: %w", one.Key, err)
		}
	}
	return parentsKnown(ctx, tx, list)
}

func touch(ctx context.Context, tx *store.Tx, one Board) error {
	_, err := tx.Exec(ctx, `insert into boards (key, app, channel, parent, wanted, touched) values ($1, $2, $3, $4, 1, $5)
		on conflict (key) do update set wanted = boards.wanted + 1,
			touched = case when boards.wanted > boards.shown then boards.touched else excluded.touched end,
			channel = case when boards.ts = '' and boards.tried = 0 then excluded.channel else boards.channel end,
			parent = case when boards.ts = '' and boards.tried = 0 then excluded.parent else boards.parent end`,
		string(one.Key), one.App, one.Channel, string(one.Parent), time.Now().UnixMilli())
	return err
}

func (one Board) check() error {
	switch {
	case one.Key == "" || len(one.Key) > longestKey:
		return fmt.Errorf("board %q: a key has 1 to %d bytes", one.Key, longestKey)
	case strings.HasPrefix(string(one.Key), ownPrefix):
		return fmt.Errorf("board %q: keys that begin with %q are our own", one.Key, ownPrefix)
	case one.Channel == "":
		return fmt.Errorf("board %q: it has no channel", one.Key)
	case one.Parent == one.Key:
		return fmt.Errorf("board %q: it cannot stand in its own thread", one.Key)
	}
	return nil
}

// parentsKnown refuses boards that would wait for ever for a thread.
func parentsKnown(ctx context.Context, tx *store.Tx, list []Board) error {
	for _, one := range list {
		if one.Parent == "" {
			continue
		}
		var found int64
		err := tx.QueryRow(ctx, "select 1 from boards where key = $1 and parent = ''", string(one.Parent)).Scan(&found)
		if errors.Is(err, store.ErrNone) {
			return fmt.Errorf("board %q: there is no board %q with a thread", one.Key, one.Parent)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
