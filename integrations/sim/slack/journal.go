package slacksim

import (
	"encoding/json"
	"slices"
	"time"
)

// Kind is what happened to something that a person can see.
type Kind string

// The kinds of journal entries.
const (
	Posted           Kind = "posted"
	Updated          Kind = "updated"
	Deleted          Kind = "deleted"
	DeletedByHand    Kind = "deleted_by_hand"   // by a person, of a message of anybody's
	Ephemeral        Kind = "ephemeral"         // only Entry.User sees it
	EphemeralUpdated Kind = "ephemeral_updated" // through a response_url
	EphemeralDeleted Kind = "ephemeral_deleted"
	ViewOpened       Kind = "view_opened"
	ViewPushed       Kind = "view_pushed"
	ViewUpdated      Kind = "view_updated"
	ViewErrors       Kind = "view_errors" // the modal shows View.Errors beside its fields
	ViewClosed       Kind = "view_closed"
	Home             Kind = "home" // the Home tab was published for Entry.User
	Told             Kind = "told" // Slack itself says Entry.Text to Entry.User
)

// Entry is one change of what people see.
type Entry struct {
	At                    time.Time
	Kind                  Kind
	Channel, TS, ThreadTS string
	User                  string   // who sees it, or whose it is; for messages that everybody sees, the author
	Text                  string   // of Told: Slack's words
	Code                  string   // of Told: operation_timeout, dispatch_failed, …; empty if there is none
	Message               *Message // as it stands after the change; of a deletion, as it stood before
	View                  *View
}

// Message is one message as Slack keeps it.
type Message struct {
	Channel     string
	TS          string
	ThreadTS    string // of the thread that it is in; a parent with replies has its own
	User        string // author
	BotID       string // empty for people's messages
	Text        string // mrkdwn
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Metadata    json.RawMessage
	EditedTS    string // when it was last edited; empty: never
	Edited      bool   // "(edited)" shows
	Broadcast   bool   // a reply that is shown in the channel too
	Tombstone   bool   // it was deleted, and holds its thread together
	To          string // an ephemeral message: who sees it
	ClientMsgID string
}

// Ephemeral tells whether only one person sees the message.
func (m Message) Ephemeral() bool { return m.To != "" }

// View is a modal or a Home tab as Slack keeps it.
type View struct {
	ID, Type             string // Type is "modal" or "home"
	User                 string
	Title, Submit, Close string
	CallbackID           string
	ExternalID           string
	PrivateMetadata      string
	Hash                 string
	RootID, PreviousID   string
	NotifyOnClose        bool
	ClearOnClose         bool
	SubmitDisabled       bool
	Blocks               json.RawMessage
	State                map[string]map[string]json.RawMessage // block id, action id: the field's value as in state.values
	Errors               map[string]string                     // block id: what the modal says beside the field since the last submission
}

// Journal gives what changed for people from position from on, oldest first, and the position after it.
func (s *Server) Journal(from int) ([]Entry, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := len(s.journal)
	from = min(max(from, 0), next)
	return slices.Clone(s.journal[from:]), next
}

// Changed gives a channel that is closed at the next journal entry.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

func (s *Server) note(e Entry) {
	e.At = time.Now()
	s.journal = append(s.journal, e)
	close(s.changed)
	s.changed = make(chan struct{})
}

// noteMessage writes down a change of a message, with a copy of how it stands.
func (s *Server) noteMessage(kind Kind, m *Message) {
	now := *m
	user := m.User
	if m.To != "" {
		user = m.To
	}
	s.note(Entry{Kind: kind, Channel: m.Channel, TS: m.TS, ThreadTS: m.ThreadTS, User: user, Message: &now})
}

func (s *Server) noteView(kind Kind, v *view) {
	now := v.snapshot()
	s.note(Entry{Kind: kind, User: v.User, View: &now})
}

// tell shows a person what Slack itself has to say.
func (s *Server) tell(user, channel, code, text string) {
	s.note(Entry{Kind: Told, User: user, Channel: channel, Code: code, Text: text})
}

// Messages gives a channel's messages of now, oldest first: threads and everybody's ephemeral messages included.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil
	}
	return copies(c.messages)
}

// Thread gives a parent and its replies, oldest first.
func (s *Server) Thread(channel, ts string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil
	}
	return copies(c.thread(ts))
}

func copies(in []*Message) []Message {
	out := make([]Message, len(in))
	for i, m := range in {
		out[i] = *m
	}
	return out
}

// Views gives the modals that a person has open, the one on top last.
func (s *Server) Views(user string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []View
	for _, v := range s.stacks[user] {
		out = append(out, v.snapshot())
	}
	return out
}

// View gives the modal that a person has on top, and whether there is one.
func (s *Server) View(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stack := s.stacks[user]
	if len(stack) == 0 {
		return View{}, false
	}
	return stack[len(stack)-1].snapshot(), true
}

// Home gives the Home tab that was published for a person, and whether one was.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.homes[user]
	if v == nil {
		return View{}, false
	}
	return v.snapshot(), true
}
