package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// postMessage is chat.postMessage.
func postMessage(s *Server, c *call) (map[string]any, error) {
	ch, err := s.postTarget(c.str("channel"))
	if err != nil {
		return nil, err
	}
	m, err := s.draft(c, true)
	if err != nil {
		return nil, err
	}
	m.ThreadTS = c.str("thread_ts")
	if m.ThreadTS != "" {
		parent := ch.find(m.ThreadTS)
		if parent == nil || parent.To != "" {
			return nil, failure("thread_not_found")
		}
		if parent.ThreadTS != "" {
			m.ThreadTS = parent.ThreadTS
		}
		m.Broadcast = c.yes("reply_broadcast")
	}
	if m.Metadata, err = s.metadata(c); err != nil {
		return nil, err
	}
	m.ClientMsgID = c.str("client_msg_id")
	if twin := ch.byClientMsg(m.ClientMsgID); twin != nil && s.opts.Unverified.DedupeClientMsg {
		return map[string]any{"channel": ch.ID, "ts": twin.TS, "message": s.messageJSON(twin, true), "is_duplicate": true}, nil
	}
	s.post(ch, m)
	return map[string]any{"channel": ch.ID, "ts": m.TS, "message": s.messageJSON(m, true)}, nil
}

// post stores a message of the bot and shows it.
func (s *Server) post(ch *channel, m *Message) {
	m.User, m.BotID, m.TS = botUserID, botID, s.ids.ts()
	s.put(ch, m)
	s.noteMessage(Posted, m)
	if ch.im != "" && s.granted("im:history") {
		s.emit("message.im by the bot", s.messageEvent(ch, m))
	}
}

func (c *channel) byClientMsg(id string) *Message {
	for _, m := range c.messages {
		if id != "" && m.ClientMsgID == id && m.BotID != "" {
			return m
		}
	}
	return nil
}

// postTarget finds the channel of chat.postMessage: an id, a name, or a person's id for a direct message.
func (s *Server) postTarget(name string) (*channel, error) {
	if name == "" {
		return nil, failure("channel_not_found")
	}
	if u := s.users[name]; u != nil && !u.Bot && !u.Deleted {
		return s.im(u), nil
	}
	c := s.channels[name]
	for _, id := range sortedKeys(s.channels) {
		if c == nil && s.channels[id].im == "" && s.channels[id].Name == strings.TrimPrefix(name, "#") {
			c = s.channels[id]
		}
	}
	return s.writable(c)
}

// writable tells whether the bot may post in a channel.
func (s *Server) writable(c *channel) (*channel, error) {
	switch {
	case c == nil, c.Private && !c.BotIn:
		return nil, failure("channel_not_found")
	case c.Archived:
		return nil, failure("is_archived")
	case !c.BotIn && !s.granted("chat:write.public"):
		return nil, failure("not_in_channel")
	}
	return c, nil
}

// own finds a message of the bot's that a method may change.
func (s *Server) own(c *call, inactive, notOwn string) (*channel, *Message, error) {
	ch := s.channels[c.str("channel")]
	if ch == nil || ch.Private && !ch.BotIn {
		return nil, nil, failure("channel_not_found")
	}
	if ch.Archived {
		return nil, nil, failure(inactive)
	}
	m := ch.find(c.str("ts"))
	if m == nil || m.To != "" || m.Tombstone {
		return nil, nil, failure("message_not_found")
	}
	if m.BotID != botID {
		return nil, nil, failure(notOwn)
	}
	return ch, m, nil
}

// updateMessage is chat.update.
func updateMessage(s *Server, c *call) (map[string]any, error) {
	ch, m, err := s.own(c, "is_inactive", "cant_update_message")
	if err != nil {
		return nil, err
	}
	if posted, _ := parseTS(m.TS); s.opts.EditWindow > 0 && time.Since(time.UnixMicro(posted)) > s.opts.EditWindow {
		return nil, failure("edit_window_closed")
	}
	in, err := s.draft(c, false)
	if err != nil {
		return nil, err
	}
	if hasRichText(m.Blocks) && len(in.Blocks) > 0 && !hasRichText(in.Blocks) {
		return nil, failure("block_mismatch")
	}
	metadata, err := s.metadata(c)
	if err != nil {
		return nil, err
	}
	before := s.messageJSON(m, true)
	if metadata != nil {
		m.Metadata = metadata
	}
	s.rewrite(m, in, c.has("attachments"))
	if ch.im != "" && s.granted("im:history") {
		s.emit("message_changed in a direct message", s.changedEvent(ch, m, before))
	}
	return map[string]any{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": s.messageJSON(m, true)}, nil
}

// rewrite gives a message new content. Blocks that are left out go; attachments that are left out stay.
func (s *Server) rewrite(m, in *Message, attachments bool) {
	m.Text, m.Blocks = in.Text, in.Blocks
	if attachments {
		m.Attachments = in.Attachments
	}
	m.EditedTS = s.ids.ts()
	m.Edited = len(m.Blocks) == 0 || s.opts.Unverified.EditedOnBlocks
	kind := Updated
	if m.To != "" {
		kind = EphemeralUpdated
	}
	s.noteMessage(kind, m)
}

func hasRichText(raw json.RawMessage) bool {
	for _, b := range parseBlocks(raw) {
		if str(b["type"]) == "rich_text" {
			return true
		}
	}
	return false
}

// deleteMessage is chat.delete.
func deleteMessage(s *Server, c *call) (map[string]any, error) {
	ch, m, err := s.own(c, "is_inactive", "cant_delete_message")
	if err != nil {
		return nil, err
	}
	s.remove(ch, m, Deleted)
	return map[string]any{"channel": ch.ID, "ts": m.TS}, nil
}

// postEphemeral is chat.postEphemeral.
func postEphemeral(s *Server, c *call) (map[string]any, error) {
	ch, err := s.writable(s.channels[c.str("channel")])
	if err != nil {
		return nil, err
	}
	u := s.users[c.str("user")]
	if u == nil || !ch.sees(u) {
		return nil, failure("user_not_in_channel")
	}
	m, err := s.draft(c, true)
	if err != nil {
		return nil, err
	}
	m.ThreadTS = c.str("thread_ts")
	s.whisper(ch, u.ID, m)
	return map[string]any{"message_ts": m.TS}, nil
}

// whisper shows a message of the bot to one person.
func (s *Server) whisper(ch *channel, user string, m *Message) {
	m.User, m.BotID, m.TS, m.To = botUserID, botID, s.ids.ts(), user
	s.put(ch, m)
	s.noteMessage(Ephemeral, m)
}

// getPermalink is chat.getPermalink.
func getPermalink(s *Server, c *call) (map[string]any, error) {
	ch := s.channels[c.str("channel")]
	if ch == nil {
		return nil, failure("channel_not_found")
	}
	m := ch.find(c.str("message_ts"))
	if m == nil || m.To != "" {
		return nil, failure("message_not_found")
	}
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", teamDomain, ch.ID, strings.Replace(m.TS, ".", "", 1))
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += fmt.Sprintf("?thread_ts=%s&cid=%s", m.ThreadTS, ch.ID)
	}
	return map[string]any{"channel": ch.ID, "permalink": link}, nil
}
