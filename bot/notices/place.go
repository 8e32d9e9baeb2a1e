package notices

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/store"
)

// place is a channel as it should look, as far as one app is concerned: what is told of it, and of the channel as a whole.
type place struct {
	*scene
	channel string
	notices []drawnNotice
}

// drawnNotice is a notice of an app, or of a channel with all its apps.
type drawnNotice struct {
	notice
	wide bool
}

// place draws what should stand now. To tell, it first writes down what did not come; to draw, that stands there.
func (n *Notices) place(ctx context.Context, tx *store.Tx, app config.App, channel string, telling bool) (*place, error) {
	mates, err := n.mates(ctx, tx, channel)
	if err != nil {
		return nil, err
	}
	p := &place{channel: channel}
	for _, s := range mates {
		if s.app.Name == app.Name {
			p.scene = s
		}
	}
	if telling {
		if err := noteSilences(ctx, tx, p.scene, channel); err != nil {
			return nil, err
		}
	}
	own := p.all()
	if p.repoTeller {
		faults, err := faultNotices(ctx, tx, n.Policy, app, p.now, p.since)
		if err != nil {
			return nil, err
		}
		own = append(own, faults...)
	}
	for _, one := range own {
		p.notices = append(p.notices, drawnNotice{notice: one})
	}
	wide, err := n.wide(ctx, tx, channel, mates)
	if err != nil {
		return nil, err
	}
	for _, one := range wide {
		p.notices = append(p.notices, drawnNotice{notice: one, wide: true})
	}
	return p, nil
}

// mates are the scenes of all apps of a channel.
func (n *Notices) mates(ctx context.Context, tx *store.Tx, channel string) ([]*scene, error) {
	var list []*scene
	teller := map[string]bool{}
	gaps, err := longGaps(ctx, tx, channel, time.Now())
	if err != nil {
		return nil, err
	}
	for _, app := range n.Apps {
		id, ok, err := n.Channels.ID(ctx, tx, app)
		if err != nil {
			return nil, err
		}
		if !ok || id != channel {
			continue
		}
		s, err := n.scene(ctx, tx, app)
		if err != nil {
			return nil, err
		}
		scope := ledger.RepoScope(app.Repo)
		s.repoTeller, teller[scope], s.gaps = !teller[scope], true, gaps
		list = append(list, s)
	}
	return list, nil
}

// scene loads what an app's notices are drawn from.
func (n *Notices) scene(ctx context.Context, tx *store.Tx, app config.App) (*scene, error) {
	s := &scene{now: time.Now(), app: app, mention: mark}
	var since, turn int64
	err := tx.QueryRow(ctx, "select since, turn from news where app = $1", app.Name).Scan(&since, &turn)
	if err != nil {
		return nil, fmt.Errorf("read since when %s is told of: %w", app.Name, err)
	}
	s.since = time.UnixMilli(since)
	if s.standing, err = standing(ctx, tx, app.Name); err != nil {
		return nil, err
	}
	if s.settings, _, err = n.Policy.In(ctx, tx, app); err != nil {
		return nil, err
	}
	if s.known, err = n.known(ctx, tx, app, turn); err != nil {
		return nil, err
	}
	s.known.Way = s.settings.Deploy
	return s, nil
}

// standing are the notices of an app, and of channels as a whole, that are not at their end.
func standing(ctx context.Context, tx *store.Tx, app string) (map[board.Key]bool, error) {
	rows, err := tx.Query(ctx, "select key from notices where open = 1 and app in ($1, '')", app)
	if err != nil {
		return nil, fmt.Errorf("read which notices of %s stand: %w", app, err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	keys := map[board.Key]bool{}
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys[board.Key(key)] = true
	}
	return keys, rows.Err()
}

// loaded is what was known of an app when it had been marked so often.
type loaded struct {
	turn  int64
	known *ledger.Known
}

// known gives what is known of an app, for this caller to keep: as it was loaded last, unless something became known since.
func (n *Notices) known(ctx context.Context, tx *store.Tx, app config.App, turn int64) (*ledger.Known, error) {
	n.mu.Lock()
	last := n.loaded[app.Name]
	n.mu.Unlock()
	if last.known == nil || last.turn != turn {
		k, err := ledger.Load(ctx, tx, app.Name, app.Repo)
		if err != nil {
			return nil, err
		}
		last = loaded{turn, k}
		n.mu.Lock()
		n.loaded[app.Name] = last
		n.mu.Unlock()
	}
	k := *last.known // its facts are shared by all who only ask
	return &k, nil
}
