package slacksim

import "encoding/json"

// messageJSON is a message as the Web API and payloads show it.
func (s *Server) messageJSON(m *Message, withMetadata bool) map[string]any {
	out := map[string]any{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": teamID}
	if u := s.users[m.User]; u != nil {
		out["team"] = u.TeamID
	}
	if m.BotID != "" {
		out["bot_id"], out["app_id"] = m.BotID, appID
		out["bot_profile"] = s.botProfile()
	}
	if m.To != "" {
		out["is_ephemeral"] = true
	}
	if m.ClientMsgID != "" {
		out["client_msg_id"] = m.ClientMsgID
	}
	for name, raw := range map[string]json.RawMessage{"blocks": m.Blocks, "attachments": m.Attachments} {
		if len(raw) > 0 {
			out[name] = raw
		}
	}
	if withMetadata && len(m.Metadata) > 0 {
		out["metadata"] = m.Metadata
	}
	if m.EditedTS != "" {
		out["edited"] = map[string]any{"user": m.User, "ts": m.EditedTS}
	}
	if m.Broadcast {
		out["subtype"] = "thread_broadcast"
	}
	if m.Tombstone {
		out["subtype"], out["hidden"] = "tombstone", true
	}
	s.setThread(out, m)
	return out
}

// setThread says of a message how it stands to its thread.
func (s *Server) setThread(out map[string]any, m *Message) {
	if m.ThreadTS == "" {
		return
	}
	out["thread_ts"] = m.ThreadTS
	c := s.channels[m.Channel]
	thread := c.thread(m.ThreadTS)
	if m.ThreadTS != m.TS {
		if parent := c.find(m.ThreadTS); parent != nil {
			out["parent_user_id"] = parent.User
		}
		return
	}
	who := []string{}
	seen := map[string]bool{}
	for _, r := range thread[1:] {
		if !seen[r.User] {
			seen[r.User] = true
			who = append(who, r.User)
		}
	}
	out["reply_count"], out["reply_users"], out["reply_users_count"] = len(thread)-1, who, len(who)
	out["is_locked"], out["subscribed"] = false, false
	if n := len(thread); n > 1 {
		out["latest_reply"] = thread[n-1].TS
	}
}

func (s *Server) botProfile() map[string]any {
	return map[string]any{
		"id": botID, "deleted": false, "name": s.opts.BotName, "updated": 1700000000, "app_id": appID, "team_id": teamID,
		"icons": map[string]any{
			"image_36": "https://a.slack-edge.com/36.png", "image_48": "https://a.slack-edge.com/48.png",
			"image_72": "https://a.slack-edge.com/72.png",
		},
	}
}

// messageEvent is the inner event of message.im.
func (s *Server) messageEvent(c *channel, m *Message) map[string]any {
	out := s.messageJSON(m, true)
	out["channel"], out["channel_type"], out["event_ts"] = c.ID, "im", m.TS
	return out
}

func (s *Server) mentionEvent(c *channel, m *Message) map[string]any {
	out := s.messageJSON(m, false)
	out["type"], out["channel"], out["event_ts"] = "app_mention", c.ID, m.TS
	delete(out, "parent_user_id") // which messages have, and mentions have not
	return out
}

func (s *Server) changedEvent(c *channel, m *Message, before map[string]any) map[string]any {
	return map[string]any{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.ID, "channel_type": "im",
		"message": s.messageJSON(m, true), "previous_message": before, "ts": s.ids.ts(), "event_ts": s.ids.ts(),
	}
}

func (s *Server) deletedEvent(c *channel, m *Message) map[string]any {
	return map[string]any{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.ID, "channel_type": "im",
		"deleted_ts": m.TS, "previous_message": s.messageJSON(m, true), "ts": s.ids.ts(), "event_ts": s.ids.ts(),
	}
}
