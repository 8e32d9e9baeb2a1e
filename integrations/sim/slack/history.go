package slacksim

import "slices"

const (
	historyPage = 100
	historyMost = 999
)

// span is the part of a history that a call asks for.
type span struct {
	oldest, latest int64 // microseconds; 0: open
	inclusive      bool
	limit          int
}

func (c *call) span() (span, error) {
	out := span{inclusive: c.yes("inclusive")}
	var err error
	if out.limit, err = c.num("limit", historyPage); err != nil {
		return out, err
	}
	if out.limit < 1 || out.limit > historyMost {
		return out, failure("invalid_limit")
	}
	for name, at := range map[string]*int64{"oldest": &out.oldest, "latest": &out.latest} {
		v := c.str(name)
		if v == "" || v == "0" || v == "now" {
			continue
		}
		us, ok := parseTS(v)
		if !ok {
			return out, failure("invalid_ts_" + name)
		}
		*at = us
	}
	return out, nil
}

func (p span) has(m *Message) bool {
	us, _ := parseTS(m.TS)
	switch {
	case p.oldest != 0 && us < p.oldest, p.latest != 0 && us > p.latest:
		return false
	case !p.inclusive && (us == p.oldest || us == p.latest):
		return false
	}
	return true
}

// heardChannel gives a channel whose history the bot may read: one that it is in.
func (s *Server) heardChannel(c *call) (*channel, error) {
	ch, err := s.readable(c, "history")
	if err != nil {
		return nil, err
	}
	if !ch.BotIn {
		return nil, failure("not_in_channel")
	}
	return ch, nil
}

// conversationsHistory is conversations.history: the channel without its threads, newest first.
func conversationsHistory(s *Server, c *call) (map[string]any, error) {
	ch, err := s.heardChannel(c)
	if err != nil {
		return nil, err
	}
	p, err := c.span()
	if err != nil {
		return nil, err
	}
	var found []*Message
	for _, m := range ch.messages {
		inThread := m.ThreadTS != "" && m.ThreadTS != m.TS && !m.Broadcast
		if m.To == "" && !inThread && p.has(m) {
			found = append(found, m)
		}
	}
	slices.Reverse(found)
	return s.historyPage(c, found, p)
}

// conversationsReplies is conversations.replies: a thread with its parent, oldest first.
func conversationsReplies(s *Server, c *call) (map[string]any, error) {
	ch, err := s.heardChannel(c)
	if err != nil {
		return nil, err
	}
	p, err := c.span()
	if err != nil {
		return nil, err
	}
	ts := c.str("ts")
	parent := ch.find(ts)
	if parent == nil || parent.To != "" {
		return nil, failure("thread_not_found")
	}
	var found []*Message
	for _, m := range ch.thread(ts) {
		if m == parent || p.has(m) {
			found = append(found, m)
		}
	}
	return s.historyPage(c, found, p)
}

func (s *Server) historyPage(c *call, found []*Message, p span) (map[string]any, error) {
	page, next, err := paged(found, c.str("cursor"), p.limit)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, m := range page {
		list = append(list, s.messageJSON(m, c.yes("include_all_metadata")))
	}
	out := map[string]any{"messages": list, "has_more": next != "", "pin_count": 0}
	if next != "" {
		out["response_metadata"] = map[string]any{"next_cursor": next}
	}
	return out, nil
}
