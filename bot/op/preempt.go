package op

import (
	"context"
	"errors"
	"fmt"

	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/say"
	"slipway/bot/store"
)

// occupy gives an app to a plan that is confirmed. Where another operation has the app it refuses, unless the plan may take its place and
// that one has changed nothing yet: then it says whose place was taken.
func (e *Engine) occupy(ctx context.Context, tx *store.Tx, now int64, by access.Who, f offer) (replaced string, err error) {
	n, err := tx.Exec(ctx, "insert into operation_apps (app, operation) values ($1, $2) on conflict (app) do nothing", f.Plan.App, f.ID)
	if err != nil || n == 1 {
		return "", err
	}
	if !f.Plan.Preempts {
		return "", occupied(ctx, tx, by, f.Plan.App)
	}
	if replaced, err = e.preempt(ctx, tx, now, by, f.Plan); err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, "insert into operation_apps (app, operation) values ($1, $2)", f.Plan.App, f.ID)
	return replaced, err
}

// preempt stops the operation that has an app, if it has changed nothing yet. Its row is taken first, under a new epoch: whoever is at
// work on it either has written down that an effect begins, which is then seen here, or cannot write that down any more.
func (e *Engine) preempt(ctx context.Context, tx *store.Tx, now int64, by access.Who, p Plan) (replaced string, err error) {
	var id string
	err = tx.QueryRow(ctx, "select operation from operation_apps where app = $1", p.App).Scan(&id)
	if errors.Is(err, store.ErrNone) {
		return "", justEnded(p.App)
	}
	if err != nil {
		return "", err
	}
	why := fmt.Sprintf("<@%s> confirmed “%s”, which takes its place.", by.User, p.Title)
	n, err := tx.Exec(ctx, `update operations set state = $1, ended = $2, why = $3, moot = 1, lease = 0, epoch = epoch + 1
		where id = $4 and state = 'open'`, string(stopped), now, why, id)
	if err != nil {
		return "", err
	}
	r, steps, err := readAll(ctx, tx, id)
	if err != nil {
		return "", err
	}
	if n == 0 || begunAny(steps) {
		return "", errStands
	}
	if err := e.giveWay(ctx, tx, now, &r, steps); err != nil {
		return "", err
	}
	return fmt.Sprintf(":octagonal_sign: It took the place of “%s”, confirmed by <@%s> at %s, which had changed nothing yet.",
		r.Plan.Title, r.by.User, say.Date(moment(r.confirmed))), nil
}

// errStands says that the operation that has an app gives no way. Its transaction has to end before it is told, since it says that the
// operation was stopped.
var errStands = errors.New("the operation that has the app gives no way")

// giveWay writes down the end of an operation whose place is taken.
func (e *Engine) giveWay(ctx context.Context, tx *store.Tx, now int64, r *row, steps []*step) error {
	for _, s := range steps {
		if s.over() {
			continue
		}
		if s.state = stepStopped; s.acted > 0 {
			s.state = stepUnknown // harmless
		}
		s.ended = now
		if err := s.save(ctx, tx, r.ID); err != nil {
			return err
		}
	}
	if err := release(ctx, tx, r.ID); err != nil {
		return err
	}
	if err := e.Touch(ctx, tx, r.board()); err != nil {
		return err
	}
	if err := e.ended(ctx, tx, r, End{}); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{
		At: moment(now), App: r.Plan.App, Operation: r.ID, What: audit.Ended, Text: endedWords(stopped, r.why),
	})
}
