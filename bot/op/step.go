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

	asking      = "asking"  // nobody could tell yet whether it may begin, or its effect could not be made yet
	begun       = "begun"   // its effect was begun, or it is watched for
	looking     = "looking" // its effect was begun, and may have been made
	missing     = "missing" // the same, and it was not there at the last look
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
	tries               int64
	said                string
	detail              string
	harmless            bool
}

// over tells whether nothing more will come of the step.
func (s *step) over() bool {
	switch s.state {
	case done, stepFailed, stepStopped, stepUnknown:
		return true
	}
	return false
}

// toCome tells whether the step's effect may still be begun, for the first time or once more.
func (s *step) toCome() bool {
	switch s.state {
	case asking, looking, missing:
		return s.verb == doing
	case begun:
		return s.verb == doing && s.tries > 1
	}
	return false
}

// sent tells whether the step's effect was begun and may be made yet.
func (s *step) sent() bool {
	return s.verb == doing && (s.state == begun || s.state == looking || s.state == missing)
}

// changes tells whether the step may have changed the app: its effect was begun, and it is not known that it came to nothing.
func (s *step) changes() bool {
	if s.verb != doing || s.harmless {
		return false
	}
	switch s.state {
	case begun, looking, missing, done, stepUnknown:
		return true
	}
	return false
}

// well forgets that nobody could tell.
func (s *step) well() { s.fails, s.troubled, s.trouble = 0, 0, "" }

func readSteps(ctx context.Context, tx *store.Tx, operation string) (list []*step, err error) {
	rows, err := tx.Query(ctx, `select nth, name, verb, state, began, acted, ended, result, fails, troubled, trouble,
			tries, said, detail, harmless
		from operation_steps where operation = $1 order by nth`, operation)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		s := &step{}
		var harmless int64
		err := rows.Scan(&s.nth, &s.name, &s.verb, &s.state, &s.began, &s.acted, &s.ended, &s.result, &s.fails, &s.troubled, &s.trouble,
			&s.tries, &s.said, &s.detail, &harmless)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		s.harmless = harmless > 0
		list = append(list, s)
	}
	return list, rows.Err()
}

// save writes a step as it is now.
func (s *step) save(ctx context.Context, tx *store.Tx, operation string) error {
	_, err := tx.Exec(ctx, `insert into operation_steps (operation, nth, name, verb, state, began, acted, ended, result, fails, troubled,
			trouble, tries, said, detail, harmless)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		on conflict (operation, nth) do update set state = excluded.state, began = excluded.began, acted = excluded.acted,
			ended = excluded.ended, result = excluded.result, fails = excluded.fails, troubled = excluded.troubled, trouble = excluded.trouble,
			tries = excluded.tries, said = excluded.said, detail = excluded.detail`,
		operation, s.nth, s.name, s.verb, s.state, s.began, s.acted, s.ended, s.result, s.fails, s.troubled, s.trouble,
		s.tries, s.said, s.detail, number(s.harmless))
	return err
}
