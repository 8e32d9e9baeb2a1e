package board

import (
	"context"
	"strings"
	"time"

	"slipway/integrations/slack"
)

// lookAfter gives when a post whose outcome is not known is looked for, from the end of the call on: soon, because mostly it was done or
// not by then, and at last when Slack no longer applies it late. Only after that it is posted again, since a second notification cannot be
// taken back; what arrives even later is deleted.
//
// Slack documents no bound for lateness. Requests have been applied up to 20 s after their connection was gone; the rest is for clocks.
func lookAfter() []time.Duration {
	return []time.Duration{2 * time.Second, 8 * time.Second, 25 * time.Second}
}

// late is how long after a call's end Slack may still apply it, as far as we count on it.
func (b *Boards) late() time.Duration { return b.looks[len(b.looks)-1] }

// Calls and clocks: the first copy was posted after tried, by our clock, and copies come until long after doubt.
const (
	clockSlack  = time.Minute
	copiesSlack = 10 * time.Minute
)

// lastLook is when it is looked for a second copy for the last time, after the first time.
const lastLook = 5 * time.Minute

// search looks for a post whose outcome is not known.
func (b *Boards) search(ctx context.Context, c *claim) result {
	copies, err := b.copies(ctx, c)
	r := c.result()
	r.called, r.answered = true, true
	if err != nil {
		_, e := judge(err)
		if !b.unheardOf(c, e) {
			return b.unsearched(ctx, c, err)
		}
		r.doubt, r.looks, r.again, r.tried = 0, 0, 0, 0 // should it arrive, we shall not see it
		return r
	}
	if len(copies) > 0 {
		b.log.Info("a message of unknown fate was posted after all", "board", c.Key, "app", c.App)
		b.deleteYounger(ctx, c, copies)
		r.ts, r.hash, r.Channel = copies[0].TS, "", copies[0].Channel
		r.posted(b.late())
		return r
	}
	r.fails = 0
	if r.looks++; r.looks < int64(len(b.looks)) {
		r.notBefore = in(c.doubt, b.looks[r.looks])
		return r
	}
	r.doubt, r.looks, r.again = 0, 0, 1
	return r
}

// check sees to what may have arrived late: a second copy, which is deleted, or an old edit, which is overwritten.
func (b *Boards) check(ctx context.Context, c *claim) result {
	r := c.result()
	r.later = 0
	if c.again != 0 {
		copies, err := b.copies(ctx, c)
		if err != nil {
			_, e := judge(err)
			if !b.unheardOf(c, e) {
				r = b.unsearched(ctx, c, err)
				r.laterIn, r.wait = r.wait, 0
				return r
			}
		}
		r.called, r.answered = true, true
		b.deleteYounger(ctx, c, copies)
		if len(copies) > 0 {
			r.ts = copies[0].TS
		}
		r.lookAgain()
	}
	r.hash, r.forced = unsure(c.hash), true
	return r
}

// lookAgain has the next check come after a longer while, and none after that one.
func (r *result) lookAgain() {
	if r.again == 1 {
		r.again, r.laterIn = 2, lastLook
		return
	}
	r.again, r.tried = 0, 0
}

// copies finds the board's messages, oldest first. There is more than one only after a post arrived late.
func (b *Boards) copies(ctx context.Context, c *claim) ([]slack.Posted, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	bot, err := b.botID(ctx)
	if err != nil {
		return nil, err
	}
	channel := c.Channel
	if person(channel) {
		if channel, err = b.slack.Direct(ctx, channel); err != nil {
			return nil, err
		}
	}
	return b.slack.Find(ctx, slack.Search{
		Channel: channel, ThreadTS: c.parentTS, Bot: bot, Key: string(c.Key),
		Since: time.UnixMilli(c.tried).Add(-clockSlack), Until: time.UnixMilli(max(c.doubt, c.later, c.tried)).Add(copiesSlack),
	})
}

// deleteYounger leaves the oldest. One that cannot be deleted stays: it is worse to try for ever.
func (b *Boards) deleteYounger(ctx context.Context, c *claim, copies []slack.Posted) {
	for _, p := range copies[min(1, len(copies)):] {
		ctx, cancel := context.WithTimeout(ctx, callWithin)
		err := b.slack.Delete(ctx, p)
		cancel()
		if v, e := judge(err); err != nil && v != vanished {
			b.log.Warn("a second copy of a message stays", "board", c.Key, "app", c.App, "error", e)
		}
	}
}

// unsearched is the result of a search that failed.
func (b *Boards) unsearched(ctx context.Context, c *claim, err error) result {
	r := c.result()
	r.called, r.answered = true, true
	switch v, e := judge(err); v {
	case limited:
		r.limited, r.limit = true, e.RetryAfter
		return r
	case unwelcome:
		r.answered, r.unwelcome = false, e.Code
		return r
	case unanswered, unreached:
		r.answered, r.strain = false, ctx.Err() == nil
	}
	return r.failed()
}

// unheardOf tells that a channel's history cannot be read, so that a rare duplicate has to be accepted. It says so once.
func (b *Boards) unheardOf(c *claim, e *slack.Error) bool {
	if e.Code == "thread_not_found" {
		return true
	}
	known, _ := judge(e)
	if !blind(e) && (known != refused || c.fails+1 < mostTries) {
		return false
	}
	b.unheard.Do(func() {
		b.log.Warn("messages cannot be looked for after a failure, so one may be posted twice: the bot needs the scopes channels:history and "+
			"groups:history, and to be in the channel", "channel", c.Channel, "error", e)
	})
	return true
}

// person tells the id of a person from that of a channel.
func person(id string) bool { return strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") }
