package op

import (
	"context"
	"errors"
	"fmt"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/access"
	"slipway/bot/board"
	"slipway/bot/config/settings"
	"slipway/bot/say"
	"slipway/bot/store"
)

// Standing is the operation that has an app: it is open, or it ended as unknown and nobody has said yet what they found.
type Standing struct {
	ID, App   string
	Verb      settings.Verb
	Title     string // mrkdwn
	State     string // in words, such as "under way"
	Unknown   bool   // it has ended, and nobody knows whether it was done
	Yields    bool   // it is open and has changed nothing yet: what preempts may take its place
	By        string // who confirmed it; Slack's id
	Confirmed time.Time
	Ended     time.Time // zero while it is open
	Channel   string    // where it is shown; Slack's id
	TS        string    // of its message there; "" while none is posted

	buttons slackgo.Block
}

// Standing are the operations that have an app, by its name.
func (e *Engine) Standing(ctx context.Context) (list []Standing, err error) {
	err = e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		list = nil
		ids, err := holders(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			s, err := readStanding(ctx, tx, id)
			if err != nil {
				return err
			}
			list = append(list, s)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read which operations have an app: %w", err)
	}
	return list, nil
}

// holders are the operations that have an app, in the order of the apps.
func holders(ctx context.Context, tx *store.Tx) (ids []string, err error) {
	rows, err := tx.Query(ctx, "select operation from operation_apps order by app")
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func readStanding(ctx context.Context, tx *store.Tx, id string) (Standing, error) {
	r, steps, err := readAll(ctx, tx, id)
	if err != nil {
		return Standing{}, err
	}
	ts, err := board.MessageOf(ctx, tx, KeyOf(id))
	if err != nil {
		return Standing{}, err
	}
	_, words := r.standing(steps)
	return Standing{
		ID: id, App: r.Plan.App, Verb: r.Plan.Verb, Title: r.Plan.Title, State: words, Unknown: r.state == unknown,
		Yields: r.state == open && !begunAny(steps),
		By:     r.by.User, Confirmed: moment(r.confirmed), Ended: moment(r.ended), Channel: r.Channel, TS: ts,
		buttons: r.buttons(steps),
	}, nil
}

// Free refuses what would change an app that an operation has, in the words that a click is refused with. Of one that ended as unknown
// it also gives the operation, for who may say what became of it. For what preempts it does not refuse where the operation gives way,
// and gives that one.
func (e *Engine) Free(ctx context.Context, by access.Who, app string, preempts bool) (stands *Standing, err error) {
	err = e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		stands = nil
		var id string
		err := tx.QueryRow(ctx, "select operation from operation_apps where app = $1", app).Scan(&id)
		if errors.Is(err, store.ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		s, err := readStanding(ctx, tx, id)
		if err != nil {
			return err
		}
		if s.Unknown || preempts && s.Yields {
			stands = &s
		}
		if preempts && s.Yields {
			return nil
		}
		return occupied(ctx, tx, by, app)
	})
	if store.Away(err) {
		return nil, say.Refuse("My database does not answer, so I cannot tell whether anything else is being done to %s, and I change nothing. Try again in a moment.",
			say.Code(app))
	}
	return stands, err
}

// Asked is how somebody who may is asked, below a refusal, what became of an operation that ended as unknown. It does not need the
// operation's own message, which may be gone.
func (s Standing) Asked(refusal string) []slackgo.Block {
	return append(sections([]string{refusal, "If you have looked, you can say it here, too:"}), s.buttons)
}

// occupied names the operation that has an app.
func occupied(ctx context.Context, tx *store.Tx, by access.Who, app string) error {
	var id string
	err := tx.QueryRow(ctx, "select operation from operation_apps where app = $1", app).Scan(&id)
	if errors.Is(err, store.ErrNone) {
		return justEnded(app)
	}
	if err != nil {
		return err
	}
	r, steps, err := readAll(ctx, tx, id)
	if err != nil {
		return err
	}
	started := fmt.Sprintf("“%s” was started by %s %s and %s.", r.Plan.Title, name(r.by.User, by), when(r.confirmed), r.since())
	if r.state == unknown {
		return say.Refuse("%s Before anything else is done to %s, somebody who may has to look, and say at its message in <#%s> what they found.",
			started, say.Code(app), r.Channel)
	}
	if r.stopper != "" || !r.stoppable(steps) {
		return say.Refuse("%s There is one operation of %s at a time: wait for it. Its message is in <#%s>.", started, say.Code(app), r.Channel)
	}
	return say.Refuse("%s There is one operation of %s at a time: wait for it, or stop it at its message in <#%s>.", started, say.Code(app), r.Channel)
}

func justEnded(app string) error {
	return say.Refuse("Another operation of %s has just ended. Press again.", say.Code(app))
}

// since is what came of an operation, in half a sentence.
func (r *row) since() string {
	at := when(r.ended)
	switch r.state {
	case open:
		return "is being carried out"
	case succeeded:
		return "was done " + at
	case failed:
		return "failed " + at
	case stopped:
		return "was stopped " + at
	}
	return "ended " + at + " without anybody knowing whether it was done"
}

// today is how long ago a moment may be that is told without its day.
const today = 12 * time.Hour

// when is a stored time in the midst of a sentence: "at 14:05", or "yesterday 14:05" where it may not be today's.
func when(ms int64) string {
	if t := moment(ms); time.Since(t) > today {
		return say.Day(t)
	}
	return "at " + say.Date(moment(ms))
}
