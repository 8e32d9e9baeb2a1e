package slacksim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Channel is a channel with its members. The bot is one of them only if BotIn says so.
type Channel struct {
	ID, Name  string // Name without #
	Private   bool
	Archived  bool
	ExtShared bool // shared with another workspace
	Members   []string
	BotIn     bool
}

// channel is a channel or direct message with what was written in it.
type channel struct {
	Channel
	im       string     // a direct message with the bot: the person
	created  int64      // unix time
	messages []*Message // by timestamp, ephemeral ones included
}

// AddChannel adds a channel, or changes the one with that id; what was written in it stays.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	if old := s.channels[c.ID]; old != nil {
		old.Channel = c
		return
	}
	s.channels[c.ID] = &channel{Channel: c, created: time.Now().Unix()}
}

// Channels gives the channels, by id, without the direct messages.
func (s *Server) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Channel
	for _, id := range sortedKeys(s.channels) {
		if c := s.channels[id]; c.im == "" {
			out = append(out, c.Channel)
		}
	}
	return out
}

// DM gives the id of the direct message between a person and the bot.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[user]
	if u == nil {
		return ""
	}
	return s.im(u).ID
}

func (s *Server) im(u *User) *channel {
	id := "D" + strings.TrimLeft(u.ID, "UW")
	if s.channels[id] == nil {
		s.channels[id] = &channel{
			Channel: Channel{ID: id, Members: []string{u.ID}, BotIn: true}, im: u.ID, created: time.Now().Unix(),
		}
	}
	return s.channels[id]
}

// sees tells whether a person is in the channel.
func (c *channel) sees(u *User) bool { return slices.Contains(c.Members, u.ID) }

// shown is how people call it.
func (c *channel) shown() string {
	if c.im != "" {
		return "the direct message"
	}
	return "#" + c.Name
}

func (c *channel) find(ts string) *Message {
	i, ok := slices.BinarySearchFunc(c.messages, ts, func(m *Message, ts string) int { return cmp.Compare(m.TS, ts) })
	if !ok {
		return nil
	}
	return c.messages[i]
}

// thread gives a parent and its replies, oldest first, without ephemeral messages.
func (c *channel) thread(ts string) []*Message {
	var out []*Message
	for _, m := range c.messages {
		if m.To == "" && (m.TS == ts || m.ThreadTS == ts) {
			out = append(out, m)
		}
	}
	return out
}

// put adds a message. Timestamps only grow, so it is the newest.
func (s *Server) put(c *channel, m *Message) {
	m.Channel = c.ID
	c.messages = append(c.messages, m)
	if parent := c.find(m.ThreadTS); m.To == "" && parent != nil && parent != m && parent.ThreadTS == "" {
		parent.ThreadTS = parent.TS
	}
}

// remove takes a message away, for everybody. kind is how people see that.
func (s *Server) remove(c *channel, m *Message, kind Kind) {
	before := *m
	if len(c.thread(m.TS)) > 1 && !s.opts.Unverified.NoTombstones {
		m.bury()
	} else {
		c.messages = slices.DeleteFunc(c.messages, func(x *Message) bool { return x == m })
	}
	if m.To != "" {
		s.noteMessage(EphemeralDeleted, &before)
		return
	}
	s.noteMessage(kind, &before)
	if c.im != "" && s.granted("im:history") {
		s.emit("message_deleted in a direct message", s.deletedEvent(c, &before))
	}
}

// bury leaves of a message with replies what keeps its thread together.
func (m *Message) bury() {
	*m = Message{Channel: m.Channel, TS: m.TS, ThreadTS: m.TS, User: slackbotID, Text: "This message was deleted.", Tombstone: true}
}

// seenBy gives the messages that a person sees, the newest first.
func (s *Server) seenBy(u *User) []*Message {
	var out []*Message
	for _, c := range s.channels {
		if !c.sees(u) {
			continue
		}
		for _, m := range c.messages {
			if m.To == "" || m.To == u.ID {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, func(a, b *Message) int { return cmp.Compare(b.TS, a.TS) })
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
