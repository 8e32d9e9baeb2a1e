package slacksim

import (
	"encoding/json"
	"slices"
)

// Content is what the app sent to be shown, as Slack received it and found it fit.
type Content struct {
	View bool            // a modal or a Home tab, else a message: its text, blocks and attachments
	JSON json.RawMessage // with sorted keys
}

// Contents gives all that the app sent to be shown so far, oldest first.
func (s *Server) Contents() []Content {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.contents)
}

// Misfits gives what the app sent to be shown and Slack refused, or had to cut, with Slack's words, oldest first. A refusal that
// is the channel's, or comes of the hour, is none.
func (s *Server) Misfits() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.misfits)
}

// content gives the parts of a message that are shown, before Slack adds anything to them.
func (c *call) content() json.RawMessage {
	out := map[string]any{"text": c.str("text")}
	for _, name := range []string{"blocks", "attachments"} {
		if raw, given := c.raw(name); given {
			out[name] = decode(raw)
		}
	}
	return encode(out)
}
