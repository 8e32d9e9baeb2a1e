package slacksim

import (
	"fmt"
	"slices"
)

// User is a person, or a bot.
type User struct {
	ID       string
	Name     string // as in mentions: alice
	RealName string
	Email    string
	TeamID   string // empty: this workspace
	Guest    bool
	Deleted  bool
	Bot      bool
	Stranger bool   // of another workspace, met in a shared channel; TeamID says which
	TZ       string // empty: Etc/UTC
}

// Group is a user group, as <!subteam^ID> names it.
type Group struct {
	ID, Handle, Name string
	Members          []string
}

// AddUser adds a person, or changes the one with that id.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.TeamID == "" {
		u.TeamID = teamID
	}
	if u.RealName == "" {
		u.RealName = u.Name
	}
	if u.TZ == "" {
		u.TZ = "Etc/UTC"
	}
	s.users[u.ID] = &u
}

// AddGroup adds a user group, or changes the one with that id.
func (s *Server) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups[g.ID] = &g
}

// Groups gives the user groups, by id.
func (s *Server) Groups() []Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Group
	for _, id := range sortedKeys(s.groups) {
		out = append(out, *s.groups[id])
	}
	return out
}

// Users gives everybody, by id.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]User, 0, len(s.users))
	for _, id := range sortedKeys(s.users) {
		out = append(out, *s.users[id])
	}
	return out
}

// Command is a slash command typed by a person, who must be in the channel.
func (s *Server) Command(user, channel, command, text string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, c, err := s.standing(user, channel)
	if err != nil {
		return nil, err
	}
	d := s.newDelivery("slash_commands", fmt.Sprintf("%s of %s", command, u.Name))
	if s.opts.Commands != nil && !slices.Contains(s.opts.Commands, command) || !s.granted("commands") {
		s.tell(user, channel, "invalid_command", command+" is not a valid command")
		d.end("invalid_command")
		return d, nil
	}
	h := s.newHook("commands", u, c, nil)
	payload := s.commandPayload(u, c, command, s.typed(text, !s.opts.Unescaped), h)
	s.deliver(d, header{typ: "slash_commands", accepts: true}, payload, reach{
		acked: func(reply []byte) { s.commandReply(h, reply) },
		failed: func(code string) {
			s.tell(user, channel, code, fmt.Sprintf("%s failed with the error %q", command, code))
		},
	})
	return d, nil
}

// Say is a message typed by a person; threadTS is empty, or the parent's. "@name" and "#name" become mentions. If
// it names the bot, or stands in a direct message with it, the app gets an event; else the delivery is nil.
func (s *Server) Say(user, channel, text, threadTS string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, c, err := s.standing(user, channel)
	if err != nil {
		return nil, err
	}
	if threadTS != "" && c.find(threadTS) == nil {
		return nil, fmt.Errorf("there is no message %s in %s", threadTS, c.shown())
	}
	text = s.typed(text, true)
	m := &Message{
		Channel: c.ID, TS: s.ids.ts(), ThreadTS: threadTS, User: u.ID, Text: text,
		Blocks: encode(s.richText(text)), ClientMsgID: s.ids.uuid("c11e"),
	}
	s.put(c, m)
	s.noteMessage(Posted, m)
	return s.said(u, c, m), nil
}

// said tells the app of a person's message, if it may know.
func (s *Server) said(u *User, c *channel, m *Message) *Delivery {
	switch {
	case c.im != "" && s.granted("im:history"):
		return s.emit("message.im by "+u.Name, s.messageEvent(c, m))
	case c.im == "" && c.BotIn && mentions(m.Text, botUserID) && s.granted("app_mentions:read"):
		return s.emit("app_mention by "+u.Name, s.mentionEvent(c, m))
	}
	return nil
}

// OpenHome is a person who opens the app's Home tab.
func (s *Server) OpenHome(user string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.person(user)
	if err != nil {
		return nil, err
	}
	c := s.im(u)
	inner := map[string]any{"type": "app_home_opened", "user": u.ID, "channel": c.ID, "tab": "home", "event_ts": s.ids.ts()}
	if v := s.homes[u.ID]; v != nil {
		inner["view"] = v.json()
	}
	return s.emit("app_home_opened by "+u.Name, inner), nil
}

// Remove is a person who deletes a message by hand, as an admin may with anybody's.
func (s *Server) Remove(channel, ts string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return fmt.Errorf("there is no channel %s", channel)
	}
	m := c.find(ts)
	if m == nil || m.Tombstone {
		return fmt.Errorf("there is no message %s in %s any more", ts, c.shown())
	}
	s.remove(c, m, DeletedByHand)
	return nil
}

// person gives a person who can act.
func (s *Server) person(id string) (*User, error) {
	u := s.users[id]
	switch {
	case u == nil || u.Bot:
		return nil, fmt.Errorf("there is no person %s", id)
	case u.Deleted:
		return nil, fmt.Errorf("%s is deactivated", u.Name)
	}
	return u, nil
}

// standing gives a person and a channel in which that person can type.
func (s *Server) standing(user, channel string) (*User, *channel, error) {
	u, err := s.person(user)
	if err != nil {
		return nil, nil, err
	}
	c := s.channels[channel]
	switch {
	case c == nil:
		return nil, nil, fmt.Errorf("there is no channel %s", channel)
	case !c.sees(u):
		return nil, nil, fmt.Errorf("%s is not in %s", u.Name, c.shown())
	case c.Archived:
		return nil, nil, fmt.Errorf("%s is archived", c.shown())
	}
	return u, c, nil
}
