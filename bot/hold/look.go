package hold

import (
	"context"
	"fmt"
	"slices"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// scene is what is decided about one app from.
type scene struct {
	now     time.Time
	app     config.App
	known   *ledger.Known
	history *history
	hold    Hold
	held    bool // hold is set
	watches []watch
	touched bool // boards were
}

// mostRounds is how often GitHub is asked before others have their turn.
const mostRounds = 8

// look decides what is to be stopped and told of an app. What is not known of the lineage it asks GitHub, and decides again.
func (h *Holds) look(ctx context.Context, app config.App) (wait time.Duration, err error) {
	for range mostRounds {
		var s *scene
		err := h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			s, err = h.decide(ctx, tx, app)
			return err
		})
		if err != nil {
			return lookEvery, fmt.Errorf("look after the hold of %s: %w", app.Name, err)
		}
		if s.touched {
			h.Boards.Nudge()
		}
		if s.history == nil {
			return lookEvery, nil
		}
		learnt, err := h.ask(ctx, app, s.history)
		if err == nil && s.held {
			var seen bool
			seen, err = h.seeJobs(ctx, app, s.known)
			learnt = learnt || seen
		}
		if err != nil || !learnt {
			return s.wait(), err
		}
	}
	return awayPause, nil
}

// decide writes down what follows from what is known.
func (h *Holds) decide(ctx context.Context, tx *store.Tx, app config.App) (s *scene, err error) {
	s = &scene{now: time.Now(), app: app}
	if s.hold, s.held, err = h.Of(ctx, tx, app.Name); err != nil {
		return nil, err
	}
	if s.watches, err = watchesOf(ctx, tx, app.Name, s.now); err != nil {
		return nil, err
	}
	told, err := h.informed(ctx, tx, app)
	if err != nil || !s.held && len(s.watches) == 0 && !told {
		return s, err
	}
	if s.known, err = ledger.Load(ctx, tx, app.Name, app.Repo); err != nil {
		return nil, err
	}
	set, _, err := h.Policy.In(ctx, tx, app)
	if err != nil {
		return nil, err
	}
	s.known.Way = set.Deploy
	s.history = historyOf(s.known)
	for _, step := range []func(context.Context, *store.Tx, *scene) error{h.ends, h.stops, h.returns, h.statuses} {
		if err := step(ctx, tx, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// wait is how long nothing changes by time alone.
func (s *scene) wait() time.Duration {
	for _, w := range s.watches {
		if w.young(s.now) {
			return max(w.At.Add(firstTold).Sub(s.now), breath)
		}
	}
	if s.held && !s.hold.Until.IsZero() {
		return max(min(lookEvery, s.hold.Until.Sub(s.now)), breath)
	}
	return lookEvery
}

// ends ends a hold whose time has come: a plain one at the moment that was said, one of a rollback when the branch no longer has what
// was taken back, or when somebody went on to that all the same. While that is not known it stays.
func (h *Holds) ends(ctx context.Context, tx *store.Tx, s *scene) error {
	if !s.held || s.hold.young(s.now) {
		return nil
	}
	why := ""
	head, ok := s.known.Head()
	on, went := s.wentOn(s.hold)
	switch {
	case !s.hold.FromRollback():
		if !s.hold.Until.IsZero() && !s.now.Before(s.hold.Until) {
			why = "its time was over"
		}
	case ok && s.history.in(s.hold, head.SHA) == gone:
		why = fmt.Sprintf("%s at %s no longer has what the rollback took back", say.ForeignCode(s.known.Branch(), phrase.NameLimit),
			phrase.Commit(head.SHA, head.URL))
	case went:
		why = fmt.Sprintf("v%d went on to what the rollback took back", on.Version)
	}
	if why == "" {
		return nil
	}
	s.held, s.touched = false, true
	if err := finish(ctx, tx, s.hold, "", why, s.now); err != nil {
		return err
	}
	s.hold.ended = s.now
	return tell(ctx, tx, s.hold)
}

// stops writes down the runs that are to be stopped.
func (h *Holds) stops(ctx context.Context, tx *store.Tx, s *scene) error {
	if !s.held || s.hold.young(s.now) {
		return nil
	}
	paths := shipping(s.known)
	if err := h.blinded(ctx, tx, s, len(paths) == 0); err != nil {
		return err
	}
	for _, run := range append(s.known.Going(s.now).Runs, s.unseen()...) {
		if !slices.Contains(paths, run.Path) || s.hold.passes(s.known, run) {
			continue
		}
		if s.hold.FromRollback() {
			if v := s.history.in(s.hold, run.SHA); v == gone || v == unclear && h.askable(s.history) {
				continue
			}
		}
		if err := h.stop(ctx, tx, s, run); err != nil {
			return err
		}
	}
	return nil
}

// skew is how far GitHub's clock and ours may be apart.
const skew = 5 * time.Second

// unseen are the runs that began and went well while the app was held and slipway was away: what they have shipped is told.
func (s *scene) unseen() (list []github.Run) {
	for _, run := range s.known.BranchRuns() {
		if run.Status == completed && run.Conclusion == "success" && run.StartedAt.After(s.hold.At.Add(skew)) {
			list = append(list, run)
		}
	}
	return list
}

// blinded notes whether any workflow is known that deploys.
func (h *Holds) blinded(ctx context.Context, tx *store.Tx, s *scene, blind bool) error {
	if s.hold.blind == blind {
		return nil
	}
	s.touched = true
	if _, err := tx.Exec(ctx, "update holds set blind = 1 - blind where id = $1", s.hold.id); err != nil {
		return err
	}
	return h.touch(ctx, tx, s.hold, mainKey(s.hold.id), "")
}

// stop writes down one of them.
func (h *Holds) stop(ctx context.Context, tx *store.Tx, s *scene, run github.Run) error {
	n, err := tx.Exec(ctx, `insert into hold_runs (hold, run, attempt, sha, name, url, state, wake) values ($1, $2, $3, $4, $5, $6, 'wanted', $7)
		on conflict (hold, run, attempt) do nothing`,
		s.hold.id, run.ID, run.Attempt, run.SHA, phrase.Run(run), run.URL, s.now.UnixMilli())
	if err != nil || n == 0 {
		return err
	}
	s.touched = true
	return h.touch(ctx, tx, s.hold, mainKey(s.hold.id), "")
}
