package op

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"slipway/bot/access"
	"slipway/bot/board"
	"slipway/bot/store"
)

// State is how an operation stands. It is stored for ever.
type State string

// The states.
const (
	open      State = "open"
	succeeded State = "succeeded"
	failed    State = "failed"
	stopped   State = "stopped" // before an effect, by a person or because what it rests on is gone
	unknown   State = "unknown" // an effect was begun, and nobody can tell whether it was made
)

// row is an operation as the store keeps it. The columns' meaning stands in the migration.
type row struct {
	offer
	by                 access.Who
	confirmed          int64
	state              State
	ended              int64
	why, stopper       string
	moot               bool
	word, wordBy       string
	wordAt, taken      int64
	wake, lease, epoch int64
	replaced           string // the operation whose place it took, in words for people
	choices            []Choice
}

// errNoOperation says that there is no such operation.
var errNoOperation = errors.New("no such operation")

// readRow reads an operation and its plan.
func readRow(ctx context.Context, tx *store.Tx, id string) (row, error) {
	var r row
	var body, choices string
	var moot int64
	err := tx.QueryRow(ctx, `select p.body, o.who, o.team, o.confirmed, o.state, o.ended, o.why, o.moot, o.stopper, o.word, o.word_by, o.word_at,
			o.taken, o.wake, o.lease, o.epoch, o.replaced, o.choices
		from operations o join plans p on p.id = o.id where o.id = $1`, id).
		Scan(&body, &r.by.User, &r.by.Team, &r.confirmed, &r.state, &r.ended, &r.why, &moot, &r.stopper, &r.word, &r.wordBy, &r.wordAt,
			&r.taken, &r.wake, &r.lease, &r.epoch, &r.replaced, &choices)
	if errors.Is(err, store.ErrNone) {
		return row{}, errNoOperation
	}
	if err != nil {
		return row{}, err
	}
	r.moot = moot > 0
	if choices != "" {
		if err := json.Unmarshal([]byte(choices), &r.choices); err != nil {
			return row{}, fmt.Errorf("the choices of operation %s: %w", id, err)
		}
	}
	r.offer, err = thaw(body)
	return r, err
}

// readAll reads an operation and the steps that were reached.
func readAll(ctx context.Context, tx *store.Tx, id string) (r row, steps []*step, err error) {
	if r, err = readRow(ctx, tx, id); err != nil {
		return row{}, nil, err
	}
	steps, err = readSteps(ctx, tx, id)
	return r, steps, err
}

// board is where an operation is shown.
func (r *row) board() board.Board {
	return board.Board{Key: KeyOf(r.ID), App: r.Plan.App, Channel: r.Channel}
}
