package board

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"slipway/bot/say"
	"slipway/integrations/slack"
)

const (
	editPause  = 1500 * time.Millisecond // between two edits of a message
	drawWithin = 10 * time.Second
	callWithin = 15 * time.Second // a net below the HTTP client's own timeout

	firstPause   = time.Second // after a failure; it doubles
	longestPause = time.Minute
	mostTries    = 5 // with the same drawing, against a refusal that is not known

	plainText = 3000 // characters of a message whose blocks were refused
)

// show draws a board and posts it, or edits its message. A drawing that is shown already costs no call.
func (b *Boards) show(ctx context.Context, c *claim) result {
	d, err := b.drawing(ctx, c)
	if err != nil {
		return b.undrawn(c, err)
	}
	m, hash := d.Message, hashOf(d.Message)
	if m.Text == "" || c.shownAlready(hash) {
		return c.unsent().isTrue(d)
	}
	if hash == c.refused {
		m = slack.Message{Text: say.Cut(m.Text, plainText)}
	}
	m.Key, m.ThreadTS = string(c.Key), ""
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	at := slack.Posted{Channel: c.Channel, TS: c.ts}
	if c.ts == "" {
		m.ThreadTS = c.parentTS
		at, err = b.slack.Post(ctx, c.Channel, m)
	} else {
		err = b.slack.Update(ctx, at, m)
	}
	if err != nil {
		return b.unshown(ctx, c, d, err)
	}
	return b.shows(c, d, hash, at)
}

// shownAlready also tells of a drawing that was given up, and of one that was shown when its message was deleted.
func (c *claim) shownAlready(hash string) bool { return hash != "" && hash == c.hash }

// shows is the result of a call that succeeded.
func (b *Boards) shows(c *claim, d Drawing, hash string, at slack.Posted) result {
	r := c.result().isTrue(d)
	r.called, r.answered, r.wait = true, true, editPause
	if r.ts == "" {
		r.posted(b.late())
	}
	r.ts, r.hash = at.TS, hash
	if at.Channel != "" {
		r.Channel = at.Channel // of a direct message, which was addressed to a person
	}
	return r
}

// drawing asks for what a board shows.
func (b *Boards) drawing(ctx context.Context, c *claim) (d Drawing, err error) {
	ctx, cancel := context.WithTimeout(ctx, drawWithin)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("a panic: %v", v)
		}
	}()
	if c.ours() {
		return b.drawRefusal(ctx, c)
	}
	return b.draw(ctx, c.Key)
}

func (b *Boards) undrawn(c *claim, err error) result {
	if c.fails == 0 {
		b.log.Error("a board cannot be drawn", "board", c.Key, "app", c.App, "error", err)
	}
	return c.unsent().failed()
}

// hashOf tells drawings apart.
func hashOf(m slack.Message) string {
	text, err := json.Marshal([]any{m.Text, m.Blocks})
	if err != nil {
		return "" // it cannot be sent either, which will be told then
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
