package slack

import (
	"context"
	"errors"

	slackgo "github.com/slack-go/slack"
)

// MetadataType is the event_type of the metadata that carries a message's key.
const MetadataType = "slipway_board"

// Message is what is written to a channel.
type Message struct {
	Text     string // mrkdwn, escaped by the caller; with blocks, the notification. Keep it under 4,000 characters
	Blocks   []slackgo.Block
	ThreadTS string // the message it answers to; empty: none
	// Key is put into the metadata, by which the message can be found again; empty: none. Every member can read it.
	Key string
}

// Posted is where a message stands.
type Posted struct{ Channel, TS string }

// Post writes to a channel, or to a person by user id (chat.postMessage; chat:write).
// An *Error with Ambiguous means: look for the Key before posting again.
func (c *Client) Post(ctx context.Context, channel string, m Message) (Posted, error) {
	const method = "chat.postMessage"
	ctx, a := watch(ctx)
	ch, ts, err := c.api.PostMessageContext(ctx, channel, append(m.options(),
		slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())...)
	if err == nil && ts == "" {
		err = errNoTS
	}
	return Posted{Channel: ch, TS: ts}, failure(method, writes, err, a)
}

// errNoTS is an answer that says neither ok nor why not.
var errNoTS = errors.New("the answer names no message")

// Update replaces a message of ours, blocks included: a message without blocks loses those it had (chat.update;
// chat:write). It may be repeated after any failure.
func (c *Client) Update(ctx context.Context, p Posted, m Message) error {
	const method = "chat.update"
	ctx, a := watch(ctx)
	options := m.options()
	if len(m.Blocks) == 0 {
		options = append(options, slackgo.MsgOptionBlocks()) // says "none" aloud
	}
	_, ts, _, err := c.api.UpdateMessageContext(ctx, p.Channel, p.TS, options...)
	if err == nil && ts == "" {
		err = errNoTS
	}
	return failure(method, writes, err, a)
}

// Delete takes a message of ours away (chat.delete; chat:write). That it was gone is the code message_not_found.
func (c *Client) Delete(ctx context.Context, p Posted) error {
	const method = "chat.delete"
	ctx, a := watch(ctx)
	_, ts, err := c.api.DeleteMessageContext(ctx, p.Channel, p.TS)
	if err == nil && ts == "" {
		err = errNoTS
	}
	return failure(method, writes, err, a)
}

// Link gives the address of a message (chat.getPermalink; no scope). That it is gone is the code message_not_found.
func (c *Client) Link(ctx context.Context, p Posted) (string, error) {
	const method = "chat.getPermalink"
	ctx, a := watch(ctx)
	link, err := c.api.GetPermalinkContext(ctx, &slackgo.PermalinkParameters{Channel: p.Channel, Ts: p.TS})
	return link, failure(method, reads, err, a)
}

// Ephemeral writes what only one member of a channel sees, until they reload (chat.postEphemeral; chat:write).
func (c *Client) Ephemeral(ctx context.Context, channel, user string, m Message) error {
	const method = "chat.postEphemeral"
	ctx, a := watch(ctx)
	ts, err := c.api.PostEphemeralContext(ctx, channel, user, m.options()...)
	if err == nil && ts == "" {
		err = errNoTS
	}
	return failure(method, writes, err, a)
}

func (m Message) options() []slackgo.MsgOption {
	o := []slackgo.MsgOption{slackgo.MsgOptionText(m.Text, false)}
	if len(m.Blocks) > 0 {
		o = append(o, slackgo.MsgOptionBlocks(verbatim(m.Blocks)...))
	}
	if m.ThreadTS != "" {
		o = append(o, slackgo.MsgOptionTS(m.ThreadTS))
	}
	if m.Key != "" {
		o = append(o, slackgo.MsgOptionMetadata(slackgo.SlackMetadata{
			EventType: MetadataType, EventPayload: map[string]any{"key": m.Key, "v": 1},
		}))
	}
	return o
}
