package hold

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
)

// Set sets a hold. One that is set already ends; of two that rollbacks set, the new one holds what either took back. After the commit
// comes Nudge. A rollback is watched from then on.
func (h *Holds) Set(ctx context.Context, tx *store.Tx, hold Hold) error {
	hold.At = time.UnixMilli(hold.At.UnixMilli())
	if err := h.shownIn(ctx, tx, &hold); err != nil {
		return err
	}
	if hold.FromRollback() {
		if err := watchOver(ctx, tx, hold); err != nil {
			return err
		}
	}
	old, ok, err := h.Of(ctx, tx, hold.App)
	if err != nil {
		return err
	}
	if ok {
		if old.FromRollback() && hold.FromRollback() {
			hold = hold.with(old)
		}
		if err := finish(ctx, tx, old, hold.By, replaced, hold.At); err != nil {
			return err
		}
		if err := tell(ctx, tx, old); err != nil {
			return err
		}
	}
	if err := insert(ctx, tx, hold); err != nil {
		return fmt.Errorf("hold %s: %w", hold.App, err)
	}
	hold.id = hold.key()
	return tell(ctx, tx, hold)
}

// shownIn gives a hold its app's channel, where it names none.
func (h *Holds) shownIn(ctx context.Context, tx *store.Tx, hold *Hold) error {
	app, ok := h.app(hold.App)
	if hold.Channel != "" || !ok {
		return nil
	}
	id, ok, err := h.Channels.ID(ctx, tx, app)
	if err == nil && !ok {
		err = fmt.Errorf("the channel of %s is not known", hold.App)
	}
	hold.Channel = id
	return err
}

// with adds what an earlier rollback took back.
func (h Hold) with(old Hold) Hold {
	if len(h.Away) == 0 {
		h.Away = []string{h.Head}
	}
	if len(old.Away) == 0 {
		old.Away = []string{old.Head}
	}
	h.Away, h.Pulls, h.Allowed = union(h.Away, old.Away), union(h.Pulls, old.Pulls), union(h.Allowed, old.Allowed)
	return h
}

func union[T comparable](list, more []T) []T {
	seen := map[T]bool{}
	var out []T
	for _, x := range append(append([]T{}, list...), more...) {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

func insert(ctx context.Context, tx *store.Tx, hold Hold) error {
	_, err := tx.Exec(ctx, `insert into holds (id, app, channel, who, reason, began, until, back, ran, head, away, pulls, allowed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		hold.key(), hold.App, hold.Channel, hold.By, hold.Reason, millis(hold.At), millis(hold.Until), hold.Back, hold.Ran, hold.Head,
		text(hold.Away), text(hold.Pulls), text(hold.Allowed))
	return err
}

// Of gives the hold that is set on an app.
func (h *Holds) Of(ctx context.Context, tx *store.Tx, app string) (Hold, bool, error) {
	list, err := read(ctx, tx, "app = $1 and ended = 0", app)
	if err != nil || len(list) == 0 {
		return Hold{}, false, err
	}
	return list[0], true, nil
}

// End ends the hold of an app, and tells whether there was one. By is Slack's id of who did, why is half a sentence. After the commit
// comes Nudge.
func (h *Holds) End(ctx context.Context, tx *store.Tx, app, by, why string) (bool, error) {
	hold, ok, err := h.Of(ctx, tx, app)
	if err != nil || !ok {
		return false, err
	}
	if err := finish(ctx, tx, hold, by, why, time.Now()); err != nil {
		return false, err
	}
	hold.ended = time.Now()
	return true, tell(ctx, tx, hold)
}

// Allow lets pull requests deploy though the app is held, and tells whether it is. After the commit comes Nudge.
func (h *Holds) Allow(ctx context.Context, tx *store.Tx, app string, pulls ...int) (bool, error) {
	hold, ok, err := h.Of(ctx, tx, app)
	if err != nil || !ok {
		return false, err
	}
	if _, err := tx.Exec(ctx, "update holds set allowed = $1 where id = $2", text(union(hold.Allowed, pulls)), hold.id); err != nil {
		return false, fmt.Errorf("allow pull requests of %s: %w", app, err)
	}
	return true, h.touch(ctx, tx, hold, mainKey(hold.id), "")
}

// Over is for when the operation of a rollback has ended: one that did not begin takes its hold and its watch with it, and the hold in
// whose place it was set is set again; any other is watched for 20 minutes from now. After the commit comes Nudge.
func (h *Holds) Over(ctx context.Context, tx *store.Tx, operation string, begun bool) error {
	if begun {
		_, err := tx.Exec(ctx, "update hold_watches set until = $1 where id = $2", time.Now().Add(watched).UnixMilli(), operation)
		return err
	}
	if _, err := tx.Exec(ctx, "delete from hold_watches where id = $1", operation); err != nil {
		return err
	}
	list, err := read(ctx, tx, "id = $1 and ended = 0", operation)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := finish(ctx, tx, list[0], "", "the rollback was not begun", time.Now()); err != nil {
		return err
	}
	if err := tell(ctx, tx, list[0]); err != nil {
		return err
	}
	return h.restore(ctx, tx, list[0])
}

// restore sets the hold again that another had taken the place of.
func (h *Holds) restore(ctx context.Context, tx *store.Tx, other Hold) error {
	list, err := read(ctx, tx, "app = $1 and why = $2 and ended = $3 order by began desc limit 1", other.App, replaced, millis(other.At))
	if err != nil || len(list) == 0 {
		return err
	}
	old := list[0]
	if _, err := tx.Exec(ctx, "update holds set ended = 0, ended_by = '', why = '' where id = $1", old.id); err != nil {
		return fmt.Errorf("set the hold of %s again: %w", old.App, err)
	}
	return tell(ctx, tx, old)
}

// finish ends a hold. What it has not stopped yet goes on.
func finish(ctx context.Context, tx *store.Tx, hold Hold, by, why string, at time.Time) error {
	_, err := tx.Exec(ctx, "update holds set ended = $1, ended_by = $2, why = $3 where id = $4", at.UnixMilli(), by, why, hold.id)
	if err == nil {
		_, err = tx.Exec(ctx, "update hold_runs set state = 'passed', wake = 0 where hold = $1 and state = 'wanted'", hold.id)
	}
	if err != nil {
		return fmt.Errorf("end the hold of %s: %w", hold.App, err)
	}
	return nil
}

// touch marks a message of a hold stale.
func (h *Holds) touch(ctx context.Context, tx *store.Tx, hold Hold, key, parent board.Key) error {
	return h.Boards.Touch(ctx, tx, board.Board{Key: key, App: hold.App, Channel: hold.Channel, Parent: parent})
}

const columns = "id, app, channel, who, reason, began, until, back, ran, head, away, pulls, allowed, ended, ended_by, why, blind, tell"

// read gives the holds that a condition chooses.
func read(ctx context.Context, tx *store.Tx, where string, args ...any) (list []Hold, err error) {
	rows, err := tx.Query(ctx, "select "+columns+" from holds where "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read holds: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	for rows.Next() {
		var r Hold
		var began, until, ended, blind, tell int64
		var away, pulls, allowed string
		err := rows.Scan(&r.id, &r.App, &r.Channel, &r.By, &r.Reason, &began, &until, &r.Back, &r.Ran, &r.Head, &away, &pulls, &allowed,
			&ended, &r.endBy, &r.why, &blind, &tell)
		if err == nil {
			err = errors.Join(json.Unmarshal([]byte(away), &r.Away), json.Unmarshal([]byte(pulls), &r.Pulls), json.Unmarshal([]byte(allowed), &r.Allowed))
		}
		if err != nil {
			return nil, fmt.Errorf("read holds: %w", err)
		}
		r.Operation, r.At, r.Until, r.ended, r.blind = r.id, moment(began), moment(until), moment(ended), blind == 1
		r.tellAt = moment(tell)
		list = append(list, r)
	}
	return list, rows.Err()
}

// text is a list as it is stored.
func text[T any](list []T) string {
	b, err := json.Marshal(append([]T{}, list...))
	if err != nil {
		panic(err) // strings and numbers always can be
	}
	return string(b)
}

// millis is a time as it is stored; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is the reverse.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
