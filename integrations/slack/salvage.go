package slack

import (
	"encoding/json"
	"maps"

	slackgo "github.com/slack-go/slack"
)

// salvageInteraction tries with less and less of the payload. What goes first is what people only look at: the
// blocks of the message or view. Who pressed what, and what a form holds, is never guessed.
func salvageInteraction(p object) *slackgo.InteractionCallback {
	for _, less := range []func(object) object{withoutLooks, withoutMessages, bareInteraction} {
		var c slackgo.InteractionCallback
		if err := json.Unmarshal(less(p).raw(), &c); err != nil || c.Type == "" || c.User.ID == "" {
			continue
		}
		if c.Type == slackgo.InteractionTypeViewSubmission && c.View.State == nil {
			return nil // a form without what was filled in is no form
		}
		if c.Type == slackgo.InteractionTypeBlockActions && len(c.ActionCallback.BlockActions) == 0 {
			return nil
		}
		if c.Message.Timestamp == "" {
			c.Message.Timestamp = c.Container.MessageTs
		}
		return &c
	}
	return nil
}

func withoutLooks(p object) object {
	p = maps.Clone(p)
	for _, k := range []string{"message", "original_message", "view"} {
		if part := objectOf(p[k]); part != nil {
			for _, look := range []string{"blocks", "attachments", "title", "submit", "close"} {
				delete(part, look)
			}
			p[k] = part.raw()
		}
	}
	return p
}

func withoutMessages(p object) object {
	p = withoutLooks(p)
	delete(p, "message")
	delete(p, "original_message")
	return p
}

func bareInteraction(p object) object {
	bare := p.only("type", "trigger_id", "response_url", "callback_id", "api_app_id", "action_ts")
	bare["user"] = objectOf(p["user"]).only("id", "name", "username", "team_id").raw()
	bare["team"] = objectOf(p["team"]).only("id", "domain").raw()
	bare["channel"] = objectOf(p["channel"]).only("id", "name").raw()
	bare["container"] = objectOf(p["container"]).only("type", "message_ts", "channel_id", "view_id", "thread_ts").raw()
	if view := objectOf(p["view"]); view != nil {
		v := view.only("id", "type", "callback_id", "private_metadata", "hash", "root_view_id", "previous_view_id", "team_id")
		if state, there := view["state"]; there {
			v["state"] = state
		}
		bare["view"] = v.raw()
	}
	var actions []json.RawMessage
	_ = json.Unmarshal(p["actions"], &actions)
	if len(actions) > 0 {
		bare["actions"] = bareActions(actions)
	}
	return bare
}

func bareActions(actions []json.RawMessage) json.RawMessage {
	kept := make([]object, len(actions))
	for i, raw := range actions {
		a := objectOf(raw)
		kept[i] = a.only("type", "action_id", "block_id", "value", "action_ts", "selected_date", "selected_user")
		if o := objectOf(a["selected_option"]).only("value"); len(o) > 0 {
			kept[i]["selected_option"] = o.raw()
		}
	}
	raw, _ := json.Marshal(kept)
	return raw
}
