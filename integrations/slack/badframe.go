package slack

import (
	"encoding/json"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// object is JSON of which nothing is believed beforehand.
type object map[string]json.RawMessage

func objectOf(raw json.RawMessage) object {
	var o object
	_ = json.Unmarshal(raw, &o) // what is no object has no fields
	return o
}

func (o object) text(key string) string {
	var s string
	_ = json.Unmarshal(o[key], &s)
	return s
}

func (o object) number(key string) int {
	var n int
	_ = json.Unmarshal(o[key], &n)
	return n
}

// only keeps the fields of these names that are strings.
func (o object) only(keys ...string) object {
	kept := object{}
	for _, k := range keys {
		if s := o.text(k); s != "" {
			kept[k] = o[k]
		}
	}
	return kept
}

func (o object) raw() json.RawMessage {
	raw, _ := json.Marshal(o) // every field is valid JSON
	return raw
}

// badFrame is the little that can be told of a frame that slack-go refused: an unknown type, or one block or
// field of another shape than it expects.
type badFrame struct {
	kind, id string
	frame    object
}

func readBadFrame(message json.RawMessage) badFrame {
	f := objectOf(message)
	return badFrame{kind: f.text("type"), id: f.text("envelope_id"), frame: f}
}

// hello is the frame as a hello.
func (b badFrame) hello() *socketmode.Request {
	info := objectOf(b.frame["debug_info"])
	return &socketmode.Request{
		Type: b.kind, NumConnections: b.frame.number("num_connections"),
		DebugInfo: socketmode.DebugInfo{ApproximateConnectionTime: info.number("approximate_connection_time")},
	}
}

// envelope saves what can be saved. It is false if who did what cannot be told.
func (b badFrame) envelope() (Envelope, bool) {
	env := Envelope{ID: b.id, Salvaged: true}
	payload := objectOf(b.frame["payload"])
	switch b.kind {
	case socketmode.RequestTypeSlashCommands:
		env.Command = salvageCommand(payload)
	case socketmode.RequestTypeInteractive:
		env.Interaction = salvageInteraction(payload)
	case socketmode.RequestTypeEventsAPI:
		env.Event = salvageEvent(payload)
		if env.Event != nil {
			env.Event.Retry = b.frame.number("retry_attempt")
			env.Event.RetryReason = b.frame.text("retry_reason")
		}
	}
	return env, env.Command != nil || env.Interaction != nil || env.Event != nil
}

func salvageCommand(p object) *slackgo.SlashCommand {
	c := &slackgo.SlashCommand{
		TeamID: p.text("team_id"), TeamDomain: p.text("team_domain"),
		EnterpriseID: p.text("enterprise_id"), EnterpriseName: p.text("enterprise_name"),
		ChannelID: p.text("channel_id"), ChannelName: p.text("channel_name"),
		UserID: p.text("user_id"), UserName: p.text("user_name"),
		Command: p.text("command"), Text: p.text("text"),
		ResponseURL: p.text("response_url"), TriggerID: p.text("trigger_id"), APIAppID: p.text("api_app_id"),
	}
	if c.Command == "" || c.UserID == "" || c.ChannelID == "" {
		return nil
	}
	// A text of the wrong shape is not an empty text: "/rollback" and "/rollback v12" are different wishes.
	if _, there := p["text"]; there && c.Text == "" && string(p["text"]) != `""` {
		return nil
	}
	return c
}

func salvageEvent(p object) *Event {
	inner := objectOf(p["event"])
	e := &Event{ID: p.text("event_id"), TeamID: p.text("team_id"), Type: inner.text("type"), Raw: p["event"]}
	if e.Type == "" {
		e.Type, e.Raw = p.text("type"), p.raw()
	}
	if e.Type == "" {
		return nil
	}
	return e
}
