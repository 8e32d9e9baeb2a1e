package notices

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
)

// Draw is for board.Options: the latest truth about a board, at the moment of sending. What is not told any more gives an
// empty drawing, and the message stays as it stands.
func (n *Notices) Draw(ctx context.Context, key board.Key) (board.Drawing, error) {
	var p *place
	var touched time.Time
	err := n.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		p, touched, err = n.placeOf(ctx, tx, key)
		return err
	})
	if err != nil || p == nil {
		return board.Drawing{}, err
	}
	if p.view == drawingOwn {
		p.standing[key], p.standing[callOf(key)] = true, true // its end may have been touched just now
		n.own(p)                                              // others need the database meanwhile
	}
	var one notice
	for _, s := range p.notices {
		if s.key == key {
			one = s.notice
		}
	}
	page, sure := n.called(ctx, p, one.page)
	if !sure && time.Since(touched) < callWithin {
		return board.Drawing{}, errUnsure // a mention that an edit brings calls nobody
	}
	return board.Drawing{Message: page.message(), Urgent: one.urgent}, nil
}

// callOf is the message in whose thread a call stands; what is no call is its own.
func callOf(key board.Key) board.Key { return board.Key(strings.TrimSuffix(string(key), " failed")) }

// placeOf loads what a notice is drawn from, and tells when it was last touched; nil: it is of nothing that slipway looks after
// now.
func (n *Notices) placeOf(ctx context.Context, tx *store.Tx, key board.Key) (p *place, touched time.Time, err error) {
	var name, channel string
	var at int64
	err = tx.QueryRow(ctx, "select app, channel, at from notices where key = $1", string(key)).Scan(&name, &channel, &at)
	if errors.Is(err, store.ErrNone) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	for _, app := range n.Apps {
		id, _, err := n.Channels.ID(ctx, tx, app)
		switch {
		case err != nil:
			return nil, time.Time{}, err
		case name == app.Name:
			p, err = n.place(ctx, tx, app, id, drawingOwn)
			return p, time.UnixMilli(at), err
		case name == "" && id == channel:
			p, err = n.place(ctx, tx, app, id, drawingWide)
			return p, time.UnixMilli(at), err
		}
	}
	return nil, time.Time{}, nil
}

// called puts people in place of their marks; not sure: Slack does not say yet who one of them is.
func (n *Notices) called(ctx context.Context, p *place, of page) (page, bool) {
	asked := map[[2]string]string{} // the sentence and the blocks call the same person
	sure := true
	out := of.called(func(login, email string) string {
		who := [2]string{login, email}
		if asked[who] == "" {
			mark, known := n.People.Mention(ctx, p.settings.People, login, email)
			asked[who], sure = mark, sure && known
		}
		return asked[who]
	})
	return out, sure
}

// callWithin is for how long a message waits for Slack to say who is to be called; then the name must do.
const callWithin = 3 * time.Minute

var errUnsure = errors.New("it is not known yet who is to be called")

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
	out := page{sentence: put(p.sentence), title: put(p.title), buttons: p.buttons}
	for _, l := range p.lines {
		out.lines = append(out.lines, put(l))
	}
	for _, l := range p.small {
		out.small = append(out.small, put(l))
	}
	return out
}
