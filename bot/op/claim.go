package op

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/audit"
	"slipway/bot/store"
)

// idle is how long there is nothing to do, and how many operations are due soon.
type idle struct {
	wait time.Duration // 0: look again
	soon int64
}

var errTaken = errors.New("another process took the operation")

// claim takes the next operation that is due, under a lease and a new epoch; nil if there is none.
func (e *Engine) claim(ctx context.Context) (o *Operation, i idle, err error) {
	asked := time.Now()
	err = e.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		o, i = nil, idle{}
		var id string
		err := tx.QueryRow(ctx, `select id from operations where state = 'open' and wake <= $1 and lease <= $1
			order by wake, id limit 1`, now).Scan(&id)
		if errors.Is(err, store.ErrNone) {
			i, err = e.idle(ctx, tx, now)
			return err
		}
		if err != nil {
			return err
		}
		o, err = e.take(ctx, tx, id, asked, now)
		return err
	})
	if errors.Is(err, errTaken) {
		return nil, idle{}, nil
	}
	if err != nil {
		return nil, idle{}, fmt.Errorf("look for operations: %w", err)
	}
	if o != nil && o.inherited() {
		e.Nudge()
	}
	return o, i, nil
}

// idle tells how long there is nothing to do.
func (e *Engine) idle(ctx context.Context, tx *store.Tx, now int64) (idle, error) {
	i := idle{wait: e.patience()}
	var next int64
	err := tx.QueryRow(ctx, `select coalesce(min(case when wake > lease then wake else lease end), 0),
			coalesce(sum(case when wake <= $1 and lease <= $1 then 1 else 0 end), 0)
		from operations where state = 'open'`, in(now, soon)).Scan(&next, &i.soon)
	if next > 0 {
		i.wait = min(i.wait, max(time.Duration(next-now)*time.Millisecond, time.Millisecond))
	}
	return i, err
}

// take begins an attempt. A lease that was not given back is that of a dead process: then its board says that this one goes on.
func (e *Engine) take(ctx context.Context, tx *store.Tx, id string, asked time.Time, now int64) (*Operation, error) {
	r, err := readRow(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	o := &Operation{engine: e, row: r, claimed: time.Now(), claimedAt: now}
	if o.inherited() {
		o.taken = now
	}
	n, err := tx.Exec(ctx, `update operations set epoch = epoch + 1, lease = $1, taken = $2
		where id = $3 and epoch = $4 and lease <= $5 and state = 'open'`, in(now, lease), o.taken, id, r.epoch, now)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errTaken
	}
	o.epoch++
	o.held(asked.Add(lease))
	if o.steps, err = readSteps(ctx, tx, id); err != nil || !o.inherited() {
		return o, err
	}
	for _, s := range o.steps {
		if s.verb == doing && s.state == begun {
			s.state = looking
			if err := s.save(ctx, tx, id); err != nil {
				return nil, err
			}
		}
	}
	if err := e.Touch(ctx, tx, o.board()); err != nil {
		return nil, err
	}
	return o, o.tell(ctx, tx, now, audit.Entry{What: audit.TakenOver})
}
