package hold

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"slipway/bot/board"
	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// state is how far the stopping of a run is. It is stored for ever.
type state string

// The states.
const (
	wanted    state = "wanted"    // it is to be asked to end
	asked     state = "asked"     // it was, and has not ended yet
	cancelled state = "cancelled" // it ended by that
	late      state = "late"      // its push had begun
	refused   state = "refused"   // GitHub does not let us
	unwritten state = "unwritten" // slipway only reads here
	over      state = "over"      // it ended by itself, and shipped nothing
	passed    state = "passed"    // the hold ended before
)

// stopped is a run that a hold stops.
type stopped struct {
	Hold
	run     int64
	attempt int
	sha     string
	name    string // a link
	url     string
	state   state
	said    string
	told    bool
	asked   time.Time
	wake    int64
}

const (
	firstLook = 2 * time.Second  // after a run was asked to end
	lookLater = 2 * time.Second  // while it has not
	askOnce   = time.Minute      // before it is asked again
	askSoon   = 10 * time.Second // before it is, if it is not known whether it was
	tryAgain  = 5 * time.Second  // after a call that failed
	claimed   = 30 * time.Second
)

// cancel does what is due about runs, and tells how long nothing more is.
func (h *Holds) cancel(ctx context.Context) (time.Duration, error) {
	for {
		one, wait, err := h.nextRun(ctx)
		if err != nil || one == nil {
			return wait, err
		}
		again := h.step(ctx, one)
		if ctx.Err() != nil {
			return wait, ctx.Err() // its turn comes anew
		}
		if err := h.keep(ctx, one, again); err != nil {
			return wait, err
		}
	}
}

// nextRun takes the run that has waited longest. Of several processes one gets it, for half a minute.
func (h *Holds) nextRun(ctx context.Context) (one *stopped, wait time.Duration, err error) {
	err = h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		one = nil
		now := time.Now()
		list, err := readRuns(ctx, tx, "wake > 0 order by wake, run limit 1")
		if err != nil || len(list) == 0 {
			wait = lookEvery
			return err
		}
		if wait = moment(list[0].wake).Sub(now); wait > 0 {
			return nil
		}
		n, err := tx.Exec(ctx, "update hold_runs set wake = $1 where hold = $2 and run = $3 and attempt = $4 and wake = $5",
			now.Add(claimed).UnixMilli(), list[0].id, list[0].run, list[0].attempt, list[0].wake)
		if n > 0 {
			one = &list[0]
		}
		return err
	})
	return one, max(wait, breath), err
}

// step takes a run one step further, and tells when the next is; 0: there is none.
func (h *Holds) step(ctx context.Context, one *stopped) (again time.Duration) {
	app, ok := h.app(one.App)
	if !ok {
		one.state = over
		return 0
	}
	fresh, jobs, known, unread := h.readRun(ctx, app, one)
	if unread == nil {
		if next := one.seen(fresh, jobs, known); next != one.state || next != wanted && next != asked {
			one.state, one.said = next, ""
			return map[state]time.Duration{asked: lookLater}[next]
		}
	}
	switch {
	case !h.writes(one.App):
		one.state = unwritten
		return 0
	case one.state == asked && time.Since(one.asked) < askOnce:
		return lookLater
	}
	return one.answered(h.GitHubWrite.Cancel(ctx, app.Repo, one.run), unread == nil)
}

// answered notes what GitHub said to the wish that a run ends. Where it is not known whether GitHub heard it, the run is looked at
// first, if it can be.
func (one *stopped) answered(err error, readable bool) (again time.Duration) {
	e, _ := errors.AsType[*github.Error](err)
	switch {
	case err == nil:
		one.state, one.said, one.asked = asked, "", time.Now()
		return firstLook
	case e != nil && e.Status == http.StatusConflict: // it ended just now
		return firstLook
	case e == nil || e.Ambiguous && readable:
		one.state, one.said, one.asked = asked, "", time.Now().Add(askSoon-askOnce)
		return firstLook
	case slices.Contains([]github.Kind{github.Forbidden, github.Unauthorized, github.NotFound, github.Invalid}, e.Kind):
		one.state, one.said = refused, trouble(e)
		return 0
	}
	one.state, one.said = wanted, trouble(e)
	return max(tryAgain, time.Until(e.Until))
}

// readRun reads how a run is now, and its jobs.
func (h *Holds) readRun(ctx context.Context, app config.App, one *stopped) (run github.Run, jobs []github.Job, k *ledger.Known, err error) {
	if run, err = h.GitHub.Run(ctx, app.Repo, one.run); err != nil {
		return run, nil, nil, err
	}
	if jobs, err = h.GitHub.Jobs(ctx, app.Repo, one.run, one.attempt); err != nil {
		return run, nil, nil, err
	}
	k = ledger.New(app.Name, app.Repo)
	err = h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		set, _, err := h.Policy.In(ctx, tx, app)
		k.Way = set.Deploy
		return err
	})
	return run, jobs, k, err
}

// seen is the state that follows from how a run is now.
func (one *stopped) seen(run github.Run, jobs []github.Job, k *ledger.Known) state {
	switch {
	case pushing(k, run, jobs), run.Status == completed && shipped(k, run, jobs):
		return late
	case run.Attempt > one.attempt: // the newer one is looked after by itself
		return over
	case run.Status == completed && run.Conclusion == "cancelled":
		return cancelled
	case run.Status == completed:
		return over
	}
	return one.state
}

// keep writes down how far a run is. What a person must know at once gets a message of its own.
func (h *Holds) keep(ctx context.Context, one *stopped, again time.Duration) error {
	one.told = one.told || one.said != "" || slices.Contains([]state{late, refused, unwritten}, one.state)
	err := h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		var wake int64
		if again > 0 {
			wake = time.Now().Add(again).UnixMilli()
		}
		n, err := tx.Exec(ctx, `update hold_runs set state = $1, said = $2, told = $3, asked = $4, wake = $5
			where hold = $6 and run = $7 and attempt = $8 and state <> 'passed'`,
			string(one.state), one.said, flag(one.told), millis(one.asked), wake, one.id, one.run, one.attempt)
		if err != nil || n == 0 {
			return err
		}
		list := []board.Board{{Key: mainKey(one.id), App: one.App, Channel: one.Channel}}
		if !one.ended.IsZero() {
			list = append(list, board.Board{Key: endKey(one.id), App: one.App, Channel: one.Channel, Parent: mainKey(one.id)})
		}
		if one.told {
			list = append(list, board.Board{Key: runKey(one.id, one.run, one.attempt), App: one.App, Channel: one.Channel})
		}
		return h.Boards.Touch(ctx, tx, list...)
	})
	if err != nil {
		return fmt.Errorf("keep what became of run %d: %w", one.run, err)
	}
	h.Boards.Nudge()
	return nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// readRuns gives the runs that a condition chooses.
func readRuns(ctx context.Context, tx *store.Tx, where string, args ...any) (list []stopped, err error) {
	rows, err := tx.Query(ctx, `select h.id, h.app, h.channel, h.who, h.back, h.ended, r.run, r.attempt, r.sha, r.name, r.url, r.state, r.said, r.told, r.asked, r.wake
		from hold_runs r join holds h on h.id = r.hold where `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read which runs are held: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	for rows.Next() {
		var r stopped
		var attempt, told, asked, ended int64
		var st string
		err := rows.Scan(&r.id, &r.App, &r.Channel, &r.By, &r.Back, &ended, &r.run, &attempt, &r.sha, &r.name, &r.url, &st, &r.said, &told, &asked, &r.wake)
		if err != nil {
			return nil, fmt.Errorf("read which runs are held: %w", err)
		}
		r.attempt, r.state, r.told, r.asked, r.ended = int(attempt), state(st), told == 1, moment(asked), moment(ended)
		list = append(list, r)
	}
	return list, rows.Err()
}
