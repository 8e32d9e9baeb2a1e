package op

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/audit"
	"slipway/bot/store"
)

const (
	tidyEvery = time.Minute
	planKept  = 30 * 24 * time.Hour // of plans that nobody confirmed
)

// tidy writes down which plans expired, and takes old ones away, each minute. Of all processes one does it.
func (e *Engine) tidy(ctx context.Context) error {
	if !e.tidied.IsZero() && time.Since(e.tidied) < tidyEvery {
		return nil
	}
	e.tidied = time.Now()
	mine, err := e.Store.Turn(ctx, "plans", tidyEvery)
	if err != nil || !mine {
		return err
	}
	err = e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		_, err := tx.Exec(ctx, "delete from plans where fate in ($1, $2) and expires < $3", cancelled, expired, in(now, -planKept))
		if err != nil {
			return err
		}
		gone, err := expire(ctx, tx, now)
		if err != nil {
			return err
		}
		for _, p := range gone {
			if err := audit.Write(ctx, tx, audit.Entry{At: moment(now), App: p.app, Operation: p.id, What: audit.Expired}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("tidy plans: %w", err)
	}
	return nil
}

// past is a plan that has expired. What it said is not read any more, so that one which cannot be read expires like any other.
type past struct{ id, app string }

// expire gives the plans that have expired since.
func expire(ctx context.Context, tx *store.Tx, now int64) (gone []past, err error) {
	rows, err := tx.Query(ctx, "update plans set fate = $1, at = $2 where fate = '' and expires <= $2 returning id, app", expired, now)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var p past
		if err := rows.Scan(&p.id, &p.app); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		gone = append(gone, p)
	}
	return gone, rows.Err()
}
