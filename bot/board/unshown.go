package board

import (
	"context"

	"slipway/integrations/slack"
)

// unshown is the result of a call that failed.
func (b *Boards) unshown(ctx context.Context, c *claim, d Drawing, err error) result {
	v, e := judge(err)
	if v == unanswered {
		return b.doubted(ctx, c, err)
	}
	r := c.unsent()
	r.called, r.answered = true, true
	switch v {
	case limited:
		r.limited, r.limit = true, e.RetryAfter
	case unreached:
		r.answered, r.strain = false, ctx.Err() == nil
		return r.failed()
	case unwelcome:
		r.answered, r.unwelcome = false, e.Code
	case barred:
		if c.ours() {
			return b.buried(c, r, e)
		}
		r.barred = e.Code
	case vanished:
		return c.vanished(r, d)
	case unthreaded:
		r.parentGone, r.wait = true, firstPause
	case unshowable:
		return b.unshowable(c, r, d, e)
	case closed:
		return b.buried(c, r, e)
	default:
		if r = r.failed(); r.fails >= mostTries {
			return b.givenUp(c, r, d, e)
		}
	}
	return r
}

// doubted is the result of a call of which nobody knows whether it was done. An edit is repeated; a post is looked for.
func (b *Boards) doubted(ctx context.Context, c *claim, err error) result {
	r := c.result()
	r.called, r.strain = true, ctx.Err() == nil
	if c.ts != "" {
		r.laterIn = b.late() // what is edited until then may be overwritten by this call
		return r.failed()
	}
	b.log.Warn("it is not known whether a message was posted; it will be looked for", "board", c.Key, "app", c.App, "error", err)
	r.doubted, r.looks, r.wait = true, 0, b.looks[0]
	return r
}

// vanished is the result of an edit of a message that was deleted. It is posted anew, unless it would say nothing new.
func (c *claim) vanished(r result, d Drawing) result {
	hash := hashOf(d.Message)
	r.ts, r.hash, r.refused = "", "", ""
	r.tried, r.again, r.later = 0, 0, 0
	if c.hash == unsure(hash) {
		r = r.isTrue(d)
		r.hash = hash
	}
	return r
}

// unshowable sends the text alone, when it was the blocks that were refused.
func (b *Boards) unshowable(c *claim, r result, d Drawing, e *slack.Error) result {
	hash := hashOf(d.Message)
	if hash == c.refused || len(d.Message.Blocks) == 0 && len(d.Message.Text) <= plainText {
		return b.givenUp(c, r, d, e)
	}
	b.log.Error("Slack refuses a message as it is drawn; its text alone is sent", "board", c.Key, "app", c.App, "error", e)
	r.refused = hash
	return r
}

// givenUp is the result of a drawing that Slack will not have. The next drawing is tried.
func (b *Boards) givenUp(c *claim, r result, d Drawing, e *slack.Error) result {
	b.log.Error("Slack refuses a message, which is given up until it says something else", "board", c.Key, "app", c.App, "error", e)
	r = r.isTrue(d)
	r.hash = hashOf(d.Message)
	return r
}

// buried is the result of a board for which nothing more is sent.
func (b *Boards) buried(c *claim, r result, e *slack.Error) result {
	b.log.Error("a message cannot be kept true any more", "board", c.Key, "app", c.App, "error", e)
	r.dead = e.Code
	return r
}
