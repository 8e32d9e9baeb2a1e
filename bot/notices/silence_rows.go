package notices

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

// silence is one that was noted.
type silence struct {
	*scene  // of the app that it was found by
	kind    ledger.SilenceKind
	commit  string // that was pushed, or that the run is of
	run     int64  // 0: none has begun
	attempt int
	job     string
	pull    int // 0: it is of the deploy branch
	began   time.Time
	noted   time.Time
	over    time.Time // zero while it lasts
	blind   bool      // the far end could not be read
}

func (o silence) open() bool { return o.over.IsZero() }

// episode are the silences that one message tells of, in the order in which they began.
type episode struct {
	at   int64 // when the first was noted, in milliseconds
	list []silence
}

// loadEpisodes gives the episodes of a channel that have news of the last day, oldest first, as far as they are of the apps of
// these scenes and those want them told.
func loadEpisodes(ctx context.Context, tx *store.Tx, channel string, scenes []*scene) ([]episode, error) {
	apps := map[string]*scene{}
	for _, s := range scenes {
		if s.settings.Notify.Silence {
			apps[s.app.Name] = s
		}
	}
	if len(apps) == 0 {
		return nil, nil
	}
	recent := scenes[0].now.Add(-oldNews).UnixMilli()
	rows, err := tx.Query(ctx, `select app, kind, sha, run, attempt, job, pull, since, blind, noted, over, episode from silences
		where channel = $1 and episode in (select episode from silences where channel = $1 and (noted > $2 or over > $2))
		order by episode, since, scope, key`, channel, recent)
	if err != nil {
		return nil, fmt.Errorf("read what is silent: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	var list []episode
	for rows.Next() {
		var o silence
		var app, kind string
		var attempt, pull, since, blind, noted, over, at int64
		if err := rows.Scan(&app, &kind, &o.commit, &o.run, &attempt, &o.job, &pull, &since, &blind, &noted, &over, &at); err != nil {
			return nil, fmt.Errorf("read what is silent: %w", err)
		}
		if o.scene = apps[app]; o.scene == nil {
			continue
		}
		o.kind, o.attempt, o.pull, o.blind = ledger.SilenceKind(kind), int(attempt), int(pull), blind == 1
		o.began, o.noted = time.UnixMilli(since), time.UnixMilli(noted)
		if over > 0 {
			o.over = time.UnixMilli(over)
		}
		if n := len(list); n == 0 || list[n-1].at != at {
			list = append(list, episode{at: at})
		}
		last := &list[len(list)-1]
		last.list = append(last.list, o)
	}
	return list, rows.Err()
}
