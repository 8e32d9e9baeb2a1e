package notices

import (
	"context"
	"fmt"

	"slipway/bot/board"
	"slipway/bot/store"
)

// dropUnsaid forgets the episodes of a channel that ended before anybody read of them: nobody needs to be told that a warning
// which was never posted is over.
func dropUnsaid(ctx context.Context, tx *store.Tx, channel string) error {
	over, err := endedEpisodes(ctx, tx, channel)
	if err != nil {
		return err
	}
	for _, at := range over {
		posted, doubtful, err := board.Posted(ctx, tx, episodeKey(channel, at))
		if err != nil {
			return err
		}
		if posted || doubtful {
			continue
		}
		if _, err := tx.Exec(ctx, "delete from silences where channel = $1 and episode = $2", channel, at); err != nil {
			return fmt.Errorf("forget what was never said to be silent: %w", err)
		}
	}
	return nil
}

// endedEpisodes are those of which nothing is silent any more, oldest first.
func endedEpisodes(ctx context.Context, tx *store.Tx, channel string) (list []int64, err error) {
	rows, err := tx.Query(ctx, "select episode from silences where channel = $1 group by episode having min(over) > 0 order by episode", channel)
	if err != nil {
		return nil, fmt.Errorf("read what is not silent any more: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			return nil, fmt.Errorf("read what is not silent any more: %w", err)
		}
		list = append(list, at)
	}
	return list, rows.Err()
}

// episodeKey is the board that tells of an episode. It is stored for ever.
func episodeKey(channel string, at int64) board.Key {
	return board.Key(fmt.Sprintf("silence %s %d", channel, at))
}
