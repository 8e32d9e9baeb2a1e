package op

import (
	"context"
	"errors"

	"slipway/bot/store"
)

// The verbs of steps, and how a step stands. They are stored for ever.
const (
	doing   = "do"
	waiting = "wait"

	asking      = "asking"  // nobody could tell yet whether it may begin
	begun       = "begun"   // its effect was begun, or it is watched for
	looking     = "looking" // its effect was begun, and may have been made
	done        = "done"
	stepFailed  = "failed"
	stepStopped = "stopped" // it was not begun
	stepUnknown = "unknown"
)

// step is one as the store keeps it. The columns' meaning stands in the migration.
type step struct {
	nth                 int64
	name, verb, state   string
	began, acted, ended int64
	result              string
	fails, troubled     int64
	trouble             string
}

// over tells whether nothing more will come of the step.
func (s *step) over() bool {
	switch s.state {
	case done, stepFailed, stepStopped, stepUnknown:
		return true
	}
	return false
}

// well forgets that nobody could tell.
func (s *step) well() { s.fails, s.troubled, s.trouble = 0, 0, "" }

func readSteps(ctx context.Context, tx *store.Tx, operation string) (list []*step, err error) {
	rows, err := tx.Query(ctx, `select nth, name, verb, state, began, acted, ended, result, fails, troubled, trouble
		from operation_steps where operation = $1 order by nth`, operation)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		s := &step{}
		err := rows.Scan(&s.nth, &s.name, &s.verb, &s.state, &s.began, &s.acted, &s.ended, &s.result, &s.fails, &s.troubled, &s.trouble)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// save writes a step as it is now.
func (s *step) save(ctx context.Context, tx *store.Tx, operation string) error {
	_, err := tx.Exec(ctx, `insert into operation_steps (operation, nth, name, verb, state, began, acted, ended, result, fails, troubled, trouble)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (operation, nth) do update set state = excluded.state, began = excluded.began, acted = excluded.acted,
			ended = excluded.ended, result = excluded.result, fails = excluded.fails, troubled = excluded.troubled, trouble = excluded.trouble`,
		operation, s.nth, s.name, s.verb, s.state, s.began, s.acted, s.ended, s.result, s.fails, s.troubled, s.trouble)
	return err
}
