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
	channel string
	key     string
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
	came    time.Time // when a runner took what waited; zero: that was not known
	begunBy time.Time // when it was seen that one had, while came was not known; zero: it was not. It is stored as came, negative
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
	var list []episode
	err := readSilences(ctx, tx, func(o silence, app, _ string, at int64) {
		if o.scene = apps[app]; o.scene == nil {
			return
		}
		if n := len(list); n == 0 || list[n-1].at != at {
			list = append(list, episode{at: at})
		}
		last := &list[len(list)-1]
		last.list = append(last.list, o)
	}, `channel = $1 and episode in (select episode from silences where channel = $1 and (noted > $2 or over > $2))`, channel, recent)
	return list, err
}

// readSilences gives the silences that a condition chooses, by episode and then in the order in which they began.
func readSilences(ctx context.Context, tx *store.Tx, each func(o silence, app, scope string, episode int64), where string, args ...any) error {
	rows, err := tx.Query(ctx, `select app, scope, key, channel, kind, sha, run, attempt, job, pull, since, blind, noted, over, came, episode from silences
		where `+where+` order by episode, since, scope, key`, args...)
	if err != nil {
		return fmt.Errorf("read what is silent: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	for rows.Next() {
		var o silence
		var app, scope, kind string
		var attempt, pull, since, blind, noted, over, came, episode int64
		err := rows.Scan(&app, &scope, &o.key, &o.channel, &kind, &o.commit, &o.run, &attempt, &o.job, &pull, &since, &blind, &noted, &over, &came, &episode)
		if err != nil {
			return fmt.Errorf("read what is silent: %w", err)
		}
		o.kind, o.attempt, o.pull, o.blind = ledger.SilenceKind(kind), int(attempt), int(pull), blind == 1
		o.began, o.noted, o.over, o.came = stored(since), stored(noted), stored(over), stored(max(came, 0))
		o.begunBy = stored(max(-came, 0))
		each(o, app, scope, episode)
	}
	return rows.Err()
}

// stored is a time as it was stored.
func stored(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
