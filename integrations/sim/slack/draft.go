package slacksim

import (
	"encoding/json"
	"fmt"
)

const (
	textKept   = 40_000 // characters; longer text is cut
	textUpdate = 4_000  // characters in chat.update
)

// draft reads a message's content and checks it. What Slack refuses or cuts is a misfit, and what it takes is kept.
func (s *Server) draft(c *call, posting bool) (*Message, error) {
	sent := c.content()
	m, err := s.fitting(c, posting)
	switch {
	case err == nil:
		s.contents = append(s.contents, Content{JSON: sent})
	case c.method != "ack": // which is told of with the command
		err = s.unfit(c, err)
	}
	return m, err
}

func (s *Server) fitting(c *call, posting bool) (*Message, error) {
	m := &Message{Text: c.str("text")}
	blocks, hasBlocks, err := s.blocksArg(c)
	if err != nil {
		return nil, err
	}
	attachments, hasAttachments, err := s.attachmentsArg(c)
	if err != nil {
		return nil, err
	}
	if m.Text == "" && !hasBlocks && !hasAttachments {
		return nil, failure("no_text")
	}
	length := len([]rune(m.Text))
	if !posting && length > textUpdate {
		return nil, failure("msg_too_long")
	}
	if length > textKept {
		m.Text = string([]rune(m.Text)[:textKept])
		c.warnings = append(c.warnings, "message_truncated")
		_ = s.unfit(c, fmt.Errorf("a text of %d characters was cut", length))
	}
	m.Blocks, m.Attachments = blocks, attachments
	return m, nil
}

// blocksArg reads, checks and finishes the blocks; hasBlocks is false for none and for an empty list.
func (s *Server) blocksArg(c *call) (out json.RawMessage, hasBlocks bool, err error) {
	raw, given := c.raw("blocks")
	if !given {
		return nil, false, nil
	}
	list, ok := decode(raw).([]any)
	if !ok {
		return nil, false, failure("invalid_blocks_format")
	}
	l := linter{opts: s.opts.Unverified}
	l.blocks(list, "/blocks")
	if len(l.messages) > 0 {
		return nil, false, failure("invalid_blocks", l.messages...)
	}
	if l.characters > blocksChars {
		return nil, false, failure("msg_blocks_too_long")
	}
	if len(list) == 0 {
		return nil, false, nil
	}
	return encode(s.finish(list)), true, nil
}

func (s *Server) attachmentsArg(c *call) (out json.RawMessage, has bool, err error) {
	raw, given := c.raw("attachments")
	if !given {
		return nil, false, nil
	}
	list, ok := decode(raw).([]any)
	if !ok {
		return nil, false, failure("invalid_attachments")
	}
	if len(list) > maxAttachments {
		return nil, false, failure("too_many_attachments")
	}
	l := linter{opts: s.opts.Unverified}
	for i, a := range objects(list) {
		if err := l.attachment(a, pointer("/attachments", i)); err != nil {
			return nil, false, err
		}
		a["id"] = i + 1
		if b, ok := a["blocks"].([]any); ok {
			a["blocks"] = s.finish(b)
		}
		setDefault(a, "fallback", "[no preview available]")
	}
	if len(l.messages) > 0 {
		return nil, false, failure("invalid_blocks", l.messages...)
	}
	if len(list) == 0 {
		return nil, false, nil
	}
	return encode(list), true, nil
}

func (s *Server) metadata(c *call) (json.RawMessage, error) {
	raw, given := c.raw("metadata")
	if !given {
		return nil, nil
	}
	obj := parseObject(raw)
	_, payload := obj["event_payload"].(map[string]any)
	switch {
	case str(obj["event_type"]) == "", !payload:
		return nil, s.unfit(c, failure("invalid_metadata_format"))
	case len(raw) > s.opts.Unverified.MetadataBytes:
		return nil, s.unfit(c, failure("metadata_too_large"))
	}
	return encode(obj), nil
}

// unfit writes down that the app sent what Slack refuses to show.
func (s *Server) unfit(c *call, why error) error {
	s.misfits = append(s.misfits, fmt.Sprintf("%s: %v", c.method, why))
	return why
}
