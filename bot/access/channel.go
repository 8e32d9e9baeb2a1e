package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// isInChannel refuses whoever is not in the app's channel. Where they ask from does not matter.
func (q *inquiry) isInChannel(context.Context) *Refused {
	members, err := q.members()
	var no *Refused
	switch {
	case errors.As(err, &no):
		return no
	case err != nil:
		return q.unseen(err)
	case !members.has(q.who.User):
		id, _ := q.channel() // which is known, as they are
		return q.refuse(RuleChannel, func(v voice) string {
			return fmt.Sprintf("%s not in <#%s>, the channel of *%s*%s, so %s.%s", v.are(), id, q.app.Name, v.pick("", ", any more"), q.nothing(),
				v.pick(" Join it, or have somebody invite you, and ask again.", ""))
		})
	}
	return nil
}

// unseen is the refusal when Slack does not say who is in the channel.
func (q *inquiry) unseen(err error) *Refused {
	how := again(err)
	if e, ok := errors.AsType[*slack.Error](err); ok && e.Unseen() {
		how = "If it is private, somebody in it must invite me. Then ask again."
	}
	return refuse(RuleChannelUnknown, fmt.Sprintf("Slack does not tell me who is in the channel of *%s*, so %s. %s", q.app.Name, q.nothing(), how)).because(err)
}

// findMembers asks who is in the app's channel.
func (q *inquiry) findMembers(ctx context.Context) (set, error) {
	id, err := q.channel()
	if err != nil {
		return nil, err
	}
	return q.rooms.ask(id, q.since, func() (set, error) {
		list, err := q.Slack.Members(ctx, id)
		return setOf(list), err
	})
}

// lookWithin is how long whoever asks right after our start waits for our first look, at Slack's channels or at the settings.
const lookWithin = 5 * time.Second

// findChannel gives the id of the app's channel; the error is a *Refused.
func (q *inquiry) findChannel(ctx context.Context) (string, error) {
	id, ok := q.Channels.Known(q.app)
	if ok {
		return id, nil
	}
	id, ok, err := q.rememberedChannel(ctx)
	if err == nil && !ok && firstLook(ctx, q.Channels.Looked()) {
		id, ok, err = q.rememberedChannel(ctx)
	}
	switch {
	case err != nil:
		return "", q.forgetful(RuleChannelUnknown, "which channel is its own", err)
	case !ok:
		return "", refuse(RuleChannelUnknown, fmt.Sprintf(
			"I have not found %s yet, the channel of *%s*, so %s. If it is private, somebody in it must invite me; if its name is wrong, it is set right in `APPS`. Then ask again.",
			say.Escape("#"+q.app.Channel), q.app.Name, q.nothing()))
	}
	return id, nil
}

// firstLook waits for a first look to end; false: it takes too long.
func firstLook(ctx context.Context, looked <-chan struct{}) bool {
	select {
	case <-looked:
		return true
	default:
	}
	timer := time.NewTimer(lookWithin)
	defer timer.Stop()
	select {
	case <-looked:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (q *inquiry) rememberedChannel(ctx context.Context) (id string, ok bool, err error) {
	err = q.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		id, ok, err = q.Channels.ID(ctx, tx, q.app)
		return err
	})
	return id, ok, err
}

// forgetful is the refusal when the database does not say.
func (q *inquiry) forgetful(rule, what string, err error) *Refused {
	return refuse(rule, fmt.Sprintf("My database does not answer, so I cannot tell %s for *%s*, and %s. Try again in a moment.", what, q.app.Name, q.nothing())).because(err)
}
