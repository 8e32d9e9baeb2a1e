package notices

import (
	"context"
	"fmt"
	"slices"
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
	view    view
	notices []drawnNotice
}

// drawnNotice is a notice of an app, or of a channel with all its apps.
type drawnNotice struct {
	notice
	wide bool
}

// view is what is looked at a place for.
type view int

const (
	telling     view = iota // all of it; what did not come is first written down
	drawingOwn              // what is told of the app; it is drawn afterwards (own)
	drawingWide             // what is told of the channel as a whole
)

// place draws what should stand now.
func (n *Notices) place(ctx context.Context, tx *store.Tx, app config.App, channel string, v view) (*place, error) {
	apps, err := n.appsOf(ctx, tx, channel)
	if err != nil {
		return nil, err
	}
	gaps, err := longGaps(ctx, tx, channel, time.Now())
	if err != nil {
		return nil, err
	}
	p := &place{channel: channel, view: v}
	var mates []*scene
	for _, mate := range apps {
		if v == drawingOwn && mate.Name != app.Name {
			continue // its ledger is much to load
		}
		s, err := n.scene(ctx, tx, mate)
		if err != nil {
			return nil, err
		}
		s.gaps, s.shared, s.repoTeller, s.caller = gaps, shared(apps, mate), firstOf(apps, mate), firstOf(n.Apps, mate)
		mates = append(mates, s)
		if mate.Name == app.Name {
			p.scene = s
		}
	}
	if v == telling {
		if err := noteSilences(ctx, tx, p.scene, channel); err != nil {
			return nil, err
		}
	}
	if v != drawingWide {
		if err := n.faults(ctx, tx, p); err != nil {
			return nil, err
		}
	}
	if v == telling {
		n.own(p)
	}
	if v != drawingOwn {
		wide, err := n.wide(ctx, tx, channel, mates, v)
		if err != nil {
			return nil, err
		}
		for _, one := range wide {
			p.notices = append(p.notices, drawnNotice{notice: one, wide: true})
		}
	}
	return p, nil
}

// faults draws what is told of the settings of the app's repository.
func (n *Notices) faults(ctx context.Context, tx *store.Tx, p *place) error {
	if !p.repoTeller {
		return nil
	}
	list, err := faultNotices(ctx, tx, n.Policy, p.app, p.now, p.since)
	for _, one := range list {
		p.notices = append(p.notices, drawnNotice{notice: one})
	}
	return err
}

// own draws what is told of the app. It needs no database.
func (n *Notices) own(p *place) {
	for _, kind := range kinds() {
		var drawn []notice
		err := guard(func() error {
			drawn = kind(p.scene)
			return nil
		})
		if err != nil { // the other kinds are told all the same
			n.Log.Error("some news cannot be drawn", "app", p.app.Name, "error", err)
		}
		for _, one := range drawn {
			p.notices = append(p.notices, drawnNotice{notice: one})
		}
	}
}

// appsOf are the apps of a channel, in the order of APPS.
func (n *Notices) appsOf(ctx context.Context, tx *store.Tx, channel string) (list []config.App, err error) {
	for _, app := range n.Apps {
		id, ok, err := n.Channels.ID(ctx, tx, app)
		if err != nil {
			return nil, err
		}
		if ok && id == channel {
			list = append(list, app)
		}
	}
	return list, nil
}

// shared tells whether an app's repository has others among the apps.
func shared(apps []config.App, app config.App) bool {
	return slices.ContainsFunc(apps, func(other config.App) bool {
		return other.Name != app.Name && ledger.RepoScope(other.Repo) == ledger.RepoScope(app.Repo)
	})
}

// firstOf tells whether an app is the first of those of its repository.
func firstOf(apps []config.App, app config.App) bool {
	for _, other := range apps {
		if ledger.RepoScope(other.Repo) == ledger.RepoScope(app.Repo) {
			return other.Name == app.Name
		}
	}
	return false
}

// scene loads what an app's notices are drawn from.
func (n *Notices) scene(ctx context.Context, tx *store.Tx, app config.App) (*scene, error) {
	s := &scene{now: time.Now(), app: app, writes: !n.Mode.Reads(app.Name), mention: mark}
	s.plan, s.save = func(base, head string) { n.Plan(app.Repo, base, head) }, func() { n.Save(app) }
	var since, turn int64
	err := tx.QueryRow(ctx, "select since, turn from news where app = $1", app.Name).Scan(&since, &turn)
	if err != nil {
		return nil, fmt.Errorf("read since when %s is told of: %w", app.Name, err)
	}
	s.since = time.UnixMilli(since)
	if err := s.posted(ctx, tx); err != nil {
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

// posted reads which notices there are of an app and of channels as a whole, and which of them are not at their end.
func (s *scene) posted(ctx context.Context, tx *store.Tx) error {
	rows, err := tx.Query(ctx, "select key, open from notices where app in ($1, '')", s.app.Name)
	if err != nil {
		return fmt.Errorf("read the notices of %s: %w", s.app.Name, err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	s.stand, s.standing = map[board.Key]bool{}, map[board.Key]bool{}
	for rows.Next() {
		var key string
		var open int
		if err := rows.Scan(&key, &open); err != nil {
			return err
		}
		s.stand[board.Key(key)], s.standing[board.Key(key)] = true, open == 1
	}
	return rows.Err()
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
