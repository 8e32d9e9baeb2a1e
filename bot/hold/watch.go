package hold

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
	"slipway/integrations/heroku"
)

// watched is for how long a rollback is watched after it ended.
const watched = 20 * time.Minute

// watch is a rollback that is watched: what it took back may come back.
type watch struct {
	Hold
}

// watchOver begins a watch, in place of the app's earlier ones: a new rollback says anew what is bad.
func watchOver(ctx context.Context, tx *store.Tx, hold Hold) error {
	_, err := tx.Exec(ctx, "update hold_watches set until = $1 where app = $2 and until > $1", hold.At.UnixMilli(), hold.App)
	if err == nil {
		_, err = tx.Exec(ctx, `insert into hold_watches (id, app, channel, who, back, head, away, pulls, ran, began, until)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			hold.key(), hold.App, hold.Channel, hold.By, hold.Back, hold.Head, text(hold.Away), text(hold.Pulls),
			hold.Ran, hold.At.UnixMilli(), hold.At.Add(watched).UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("watch the rollback of %s: %w", hold.App, err)
	}
	return nil
}

// watchesOf are the watches of an app that are not over: for their time, and for as long as the hold is set.
func watchesOf(ctx context.Context, tx *store.Tx, app string, now time.Time) ([]watch, error) {
	return readWatches(ctx, tx, "app = $1 and (until > $2 or id in (select id from holds where app = $1 and ended = 0)) order by id", app, now.UnixMilli())
}

func readWatches(ctx context.Context, tx *store.Tx, where string, args ...any) (list []watch, err error) {
	rows, err := tx.Query(ctx, "select id, app, channel, who, back, head, away, pulls, ran, began from hold_watches where "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read which rollbacks are watched: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	for rows.Next() {
		var w watch
		var away, pulls string
		var began int64
		err := rows.Scan(&w.id, &w.App, &w.Channel, &w.By, &w.Back, &w.Head, &away, &pulls, &w.Ran, &began)
		if err == nil {
			err = errors.Join(json.Unmarshal([]byte(away), &w.Away), json.Unmarshal([]byte(pulls), &w.Pulls))
		}
		if err != nil {
			return nil, fmt.Errorf("read which rollbacks are watched: %w", err)
		}
		w.At = moment(began)
		list = append(list, w)
	}
	return list, rows.Err()
}

// returns writes down the releases that brought back what a watched rollback took away.
func (h *Holds) returns(ctx context.Context, tx *store.Tx, s *scene) error {
	for _, w := range s.watches {
		if w.young(s.now) {
			continue
		}
		if _, on := s.wentOn(w.Hold); on {
			if _, err := tx.Exec(ctx, "update hold_watches set until = $1 where id = $2", s.now.UnixMilli(), w.id); err != nil {
				return err
			}
			continue
		}
		for _, r := range s.known.Releases() {
			if r.Version <= w.Ran || !s.bringsBack(w, r) {
				continue
			}
			n, err := tx.Exec(ctx, `insert into hold_returns (watch, version, noted) values ($1, $2, $3)
				on conflict (watch, version) do nothing`, w.id, r.Version, s.now.UnixMilli())
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			s.touched = true
			if err := h.Boards.Touch(ctx, tx, board.Board{Key: backKey(w.id, r.Version), App: w.App, Channel: w.Channel}); err != nil {
				return err
			}
		}
	}
	return nil
}

// bringsBack tells whether a release has shipped the code that went away. Who goes back to it means it, and who changes config ships
// nothing.
func (s *scene) bringsBack(w watch, r heroku.Release) bool {
	switch r.Cause().Kind {
	case heroku.Rollback, heroku.ConfigSet, heroku.ConfigUnset, heroku.Attached, heroku.Detached, heroku.Updated:
		return false
	}
	return r.Status != heroku.Failed && s.has(w.Hold, r)
}

// has tells whether a release has the code that went away.
func (s *scene) has(hold Hold, r heroku.Release) bool {
	if r.SlugID == "" && r.ImageID == "" {
		return false
	}
	commit := s.known.Placed(r).Commit
	return commit != "" && s.history.in(hold, commit) == there
}

// wentOn finds the release by which somebody went on to all that a rollback had taken away.
func (s *scene) wentOn(hold Hold) (heroku.Release, bool) {
	hold.Away = hold.Away[:min(len(hold.Away), 1)] // the newest
	if hold.Head != "" {
		hold.Away = []string{hold.Head}
	}
	for _, r := range s.known.Releases() {
		if r.Cause().Kind == heroku.Rollback && r.Status == heroku.Succeeded && r.Version > hold.Ran && s.has(hold, r) {
			return r, true
		}
	}
	return heroku.Release{}, false
}
