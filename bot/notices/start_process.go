package notices

import (
	"context"
	"slices"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

// catchUpWithin is for how long after the start of a process what reading finds counts as missed while none was alive.
const catchUpWithin = 2 * time.Minute

// noteStart writes down for how long no process was alive.
func (n *Notices) noteStart(ctx context.Context, tx *store.Tx) error {
	var channels []string
	for _, app := range n.Apps {
		id, ok, err := n.Channels.ID(ctx, tx, app)
		if err != nil {
			return err
		}
		if ok && !slices.Contains(channels, id) {
			channels = append(channels, id)
		}
	}
	before, err := lastAlive(ctx, tx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	n.before = before
	n.mu.Unlock()
	return noteAway(ctx, tx, n.started, channels)
}

// beat writes down that this process is alive.
func (n *Notices) beat(ctx context.Context, now time.Time) error {
	return n.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return beat(ctx, tx, now) })
}

// lastBeat is that of a process that is stopped in order: it was alive until now, and what it told was not missed.
func (n *Notices) lastBeat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastBeatWithin)
	defer cancel()
	_ = n.beat(ctx, time.Now()) // without it the gap begins a few seconds early
}

// lastBeatWithin is how long a process that is stopped may wait for the database.
const lastBeatWithin = time.Second

// Missed is told what a catch-up found that webhooks had not told of a repository or app. Soon after a start it was missed
// because nobody was there, and the channels are told.
func (n *Notices) Missed(ctx context.Context, scope string, what []string) {
	n.mu.Lock()
	from, to := n.before, n.started
	n.mu.Unlock()
	if from.IsZero() || to.Sub(from) <= beatEvery || time.Since(to) > catchUpWithin {
		return // another process was there
	}
	err := n.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		told := map[string]bool{}
		for _, app := range n.Apps {
			if scope != ledger.RepoScope(app.Repo) && scope != ledger.AppScope(app.Name) {
				continue
			}
			channel, ok, err := n.Channels.ID(ctx, tx, app)
			if err != nil {
				return err
			}
			if !ok || told[channel] {
				continue
			}
			told[channel] = true
			if err := noteMissed(ctx, tx, channel, from, to, len(what)); err != nil {
				return err
			}
			if err := markNews(ctx, tx, app, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		n.Log.Error("what was missed is not told", "scope", scope, "error", err)
		return
	}
	n.Nudge()
}
