package bot

import (
	"context"
	"errors"
	"time"

	"slipway/bot/say"
	"slipway/integrations/slack"
)

// replyWithin bounds the saying of an answer, its second try included.
const replyWithin = 40 * time.Second

// reply says the answer where the request came from. An answer that only its asker sees is said a second time when it
// is not known whether the first try arrived: twice is better than not at all. One that the channel sees is not.
//
// It has a time of its own: what was read at the last moment is still worth saying.
func (b *Bot) reply(req Request, a Answer) {
	ctx, cancel := context.WithTimeout(b.pool.saying, replyWithin)
	defer cancel()
	err := b.deliver(ctx, req, a)
	var far *slack.Error
	if errors.As(err, &far) && again(far, req) {
		wait := max(far.RetryAfter, time.Second)
		select {
		case <-time.After(wait):
			err = b.deliver(ctx, req, a)
		case <-ctx.Done():
		}
	}
	if errors.As(err, &far) && refusedAsItIs(far) {
		b.log.Error("Slack refuses an answer as it is", "request", req.ID, "error", err)
		err = b.deliver(ctx, req, Answer{Text: say.Cut(a.Text, refusedText) + "\nThere is more, but Slack does not take it as I wrote it; the log has the details."})
	}
	if err != nil {
		b.metrics.lostAnswer()
		b.log.Error("answer not delivered", "request", req.ID, "user", req.User, "error", err)
	}
}

// refusedText is how much of its text is said of an answer that Slack refused.
const refusedText = 1000

// again tells whether a second try is right after this error: nothing was sent, it was too soon, or, for what only its
// asker sees, nobody can tell.
func again(far *slack.Error, req Request) bool {
	if far.Ambiguous {
		return !req.inChannel && req.Way != Written
	}
	return far.Status == 0 || far.RateLimited()
}

// refusedAsItIs tells whether Slack took the request and refused what it says, so that other words may pass.
func refusedAsItIs(far *slack.Error) bool {
	return far.Code != "" && !far.Ambiguous && !far.RateLimited()
}

func (b *Bot) deliver(ctx context.Context, req Request, a Answer) error {
	if req.window.open() {
		return b.show(ctx, req, a)
	}
	m := slack.Message{Text: say.Scrub(a.Text), Blocks: a.Blocks, ThreadTS: req.thread}
	if req.Way == Typed && req.responseURL != "" {
		err := b.clients.Slack.Respond(ctx, req.responseURL, m, seenBy(req, a))
		if !errors.Is(err, slack.ErrElsewhere) || req.Channel == "" {
			return err
		}
		b.log.Warn("a request came with an address to answer at that is not Slack's", "request", req.ID, "user", req.User)
	}
	switch {
	case req.Way == Written || req.inChannel:
		_, err := b.clients.Slack.Post(ctx, req.Channel, m)
		return err
	default:
		return b.clients.Slack.Ephemeral(ctx, req.Channel, req.User, m)
	}
}

// seenBy is who sees what is answered at a response URL.
func seenBy(req Request, a Answer) slack.Visibility {
	switch {
	case a.replaces:
		return slack.Replace
	case req.inChannel:
		return slack.InChannel
	}
	return slack.OnlyYou
}
