package notices

import (
	"context"
	"errors"
	"regexp"
	"time"

	"slipway/bot/board"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/store"
)

// draw is for board.Options: the latest truth about a board, at the moment of sending. What is not told any more gives an
// empty drawing, and the message stays as it stands.
func (n *Notices) draw(ctx context.Context, key board.Key) (board.Drawing, error) {
	var one notice
	var people settings.People
	var touched time.Time
	err := n.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		var at int64
		err := tx.QueryRow(ctx, "select at from notices where key = $1", string(key)).Scan(&at)
		if errors.Is(err, store.ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		touched = time.UnixMilli(at)
		app, channel, wide, err := n.where(ctx, tx, key)
		if err != nil || app.Name == "" {
			return err
		}
		v := drawingOwn
		if wide {
			v = drawingWide
		}
		p, err := n.place(ctx, tx, app, channel, v)
		if err != nil {
			return err
		}
		people = p.settings.People
		for _, s := range p.notices {
			if s.key == key {
				one = s.notice
			}
		}
		return nil
	})
	if err != nil {
		return board.Drawing{}, err
	}
	asked := map[[2]string]string{} // the sentence and the blocks call the same person
	unsure := false
	page := one.page.called(func(login, email string) string {
		who := [2]string{login, email}
		if asked[who] == "" {
			var sure bool
			asked[who], sure = n.People.Mention(ctx, people, login, email)
			unsure = unsure || !sure
		}
		return asked[who]
	})
	if unsure && time.Since(touched) < callWithin {
		return board.Drawing{}, errUnsure // a mention that an edit brings calls nobody
	}
	return board.Drawing{Message: page.message(), Urgent: one.urgent}, nil
}

// callWithin is for how long a message waits for Slack to say who is to be called; then the name must do.
const callWithin = 3 * time.Minute

var errUnsure = errors.New("Slack does not say yet who is to be called")

// where tells which app a notice is drawn with, and whether it is of the channel as a whole; none: it is of no app that slipway
// looks after now.
func (n *Notices) where(ctx context.Context, tx *store.Tx, key board.Key) (app config.App, channel string, wide bool, err error) {
	var name string
	err = tx.QueryRow(ctx, "select app, channel from notices where key = $1", string(key)).Scan(&name, &channel)
	if errors.Is(err, store.ErrNone) {
		return config.App{}, "", false, nil
	}
	if err != nil {
		return config.App{}, "", false, err
	}
	for _, app := range n.Apps {
		id, _, err := n.Channels.ID(ctx, tx, app)
		if err != nil {
			return config.App{}, "", false, err
		}
		if name == app.Name || name == "" && id == channel {
			return app, id, name == "", nil
		}
	}
	return config.App{}, "", false, nil
}

// mark stands for a person in a drawing until it is sent: who is called is looked up only then, and only once.
func mark(login, email string) string { return "\x00" + login + "\x00" + email + "\x00" }

var marks = regexp.MustCompile("\x00([^\x00]*)\x00([^\x00]*)\x00")

// called puts people in place of their marks.
func (p page) called(mention func(login, email string) string) page {
	put := func(s string) string {
		return marks.ReplaceAllStringFunc(s, func(m string) string {
			who := marks.FindStringSubmatch(m)
			return mention(who[1], who[2])
		})
	}
	out := page{sentence: put(p.sentence), title: put(p.title)}
	for _, l := range p.lines {
		out.lines = append(out.lines, put(l))
	}
	for _, l := range p.small {
		out.small = append(out.small, put(l))
	}
	return out
}
