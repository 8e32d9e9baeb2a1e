package notices

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/config"
	"slipway/bot/store"
)

// begin makes each app's row, from which on its news are told.
func (n *Notices) begin(ctx context.Context) error {
	return n.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, app := range n.Apps {
			if err := markNews(ctx, tx, app, n.started); err != nil {
				return err
			}
		}
		return n.noteStart(ctx, tx)
	})
}

// look tells what is due, and says how long to wait for more.
func (n *Notices) look(ctx context.Context) (wait time.Duration, err error) {
	rung, wait, touched := n.bell.Rung(), lookEvery, false
	for _, app := range n.Apps {
		t, failed := n.tell(ctx, app)
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("tell of %s: %w", app.Name, failed))
		}
		if store.Away(failed) {
			return wait, err // for the others, too
		}
		if !t.due.IsZero() {
			wait = min(wait, time.Until(t.due))
		}
		if t.doubt {
			n.Ask(app)
		}
		touched = touched || t.touched
	}
	if touched {
		n.Boards.Nudge()
	}
	if err == nil {
		n.bell.Settle(rung)
	}
	return wait, errors.Join(err, n.tidy(ctx))
}

// turn is one app's.
type turn struct {
	touched bool      // boards were
	doubt   bool      // that news did not come is not sure: they should be read
	due     time.Time // when to look again; zero: when there is news
}

// tell touches the boards of an app that say something else than when they were last touched, if there is news of it or time
// has come. An app without a channel waits until it has one.
func (n *Notices) tell(ctx context.Context, app config.App) (t turn, err error) {
	err = n.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		t = turn{}
		channel, ok, err := n.Channels.ID(ctx, tx, app)
		if err != nil || !ok {
			return err
		}
		since, ours, err := claim(ctx, tx, app)
		if err != nil || !ours {
			t.due = since
			return err
		}
		// Two processes that tell of two apps of one channel come one after the other, or each would begin its own message
		// about the same outage.
		_, err = tx.Exec(ctx, `insert into notices (key, app, channel, hash, open, at) values ($1, '', $2, '', 0, $3)
			on conflict (key) do update set at = excluded.at`, "channel "+channel, channel, time.Now().UnixMilli())
		if err != nil {
			return err
		}
		return guard(func() error {
			p, err := n.place(ctx, tx, app, channel, telling)
			if err != nil {
				return err
			}
			t.doubt = p.doubt
			if t.touched, err = n.touch(ctx, tx, p); err != nil {
				return err
			}
			t.due = p.due
			_, err = tx.Exec(ctx, "update news set due = $1 where app = $2", millis(t.due), app.Name)
			return err
		})
	})
	return t, err
}

// claim takes an app's news to be told. Of several processes one gets them. Without news the time is when to look again.
func claim(ctx context.Context, tx *store.Tx, app config.App) (due time.Time, ours bool, err error) {
	var at int64
	err = tx.QueryRow(ctx, `update news set told = turn, due = 0 where app = $1 and (told < turn or due > 0 and due <= $2)
		returning since`, app.Name, time.Now().UnixMilli()).Scan(&at)
	if !errors.Is(err, store.ErrNone) {
		return time.Time{}, err == nil, err
	}
	if err = tx.QueryRow(ctx, "select due from news where app = $1", app.Name).Scan(&at); at > 0 {
		due = time.UnixMilli(at)
	}
	return due, false, err
}

// touch touches the boards of all notices of a place that differ from when they were last touched.
func (n *Notices) touch(ctx context.Context, tx *store.Tx, p *place) (touched bool, err error) {
	var boards []board.Board
	for _, one := range p.notices {
		app := p.app.Name
		if one.wide {
			app = ""
		}
		hash, err := hashOf(one.notice)
		if err != nil {
			return false, err
		}
		changed, err := tx.Exec(ctx, `insert into notices (key, app, channel, hash, open, at) values ($1, $2, $3, $4, $5, $6)
			on conflict (key) do update set hash = excluded.hash, open = excluded.open, at = excluded.at where notices.hash <> excluded.hash`,
			string(one.key), app, p.channel, hash, one.page.open(), p.now.UnixMilli())
		if err != nil {
			return false, err
		}
		if changed > 0 {
			boards = append(boards, board.Board{Key: one.key, App: p.app.Name, Channel: p.channel, Parent: one.parent})
		}
	}
	if len(boards) == 0 {
		return false, nil
	}
	return true, n.Boards.Touch(ctx, tx, boards...)
}

// hashOf tells what is said apart.
func hashOf(one notice) (string, error) {
	m := one.page.message()
	text, err := json.Marshal([]any{m.Text, m.Blocks, one.urgent})
	if err != nil {
		return "", fmt.Errorf("notice %q: %w", one.key, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

// guard makes a panic in a drawing an error: the other apps' news are told all the same.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("a panic: %v", v)
		}
	}()
	return f()
}

// millis is a time as it is stored; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
