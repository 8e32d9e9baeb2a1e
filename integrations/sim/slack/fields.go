package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
)

// SetField fills in a field, in a view or in a message, as a person does: the text of a text input, the value of
// an option, the id of a person or channel, a date; several are separated by commas, and "" clears. It is kept in
// state.values. The delivery is that of the block_actions that it sets off, or nil when there is none: outside
// input blocks always, inside them with dispatch_action.
func (s *Server) SetField(user string, at Place, blockID, actionID, value string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc, err := s.scene(user, at)
	if err != nil {
		return nil, err
	}
	e, err := sc.element(blockID, actionID)
	if err != nil {
		return nil, err
	}
	fill, err := s.fill(sc, e, value)
	if err != nil {
		return nil, err
	}
	sc.keep(s, e, fill)
	if e.input && !e.dispatch {
		return nil, nil
	}
	return s.act(sc, e, fill), nil
}

// Suggest types into a menu whose options come from the app (external_select): a block_suggestion, whose ack
// holds the options. SetField can then choose one of them.
func (s *Server) Suggest(user string, at Place, blockID, actionID, typed string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc, err := s.scene(user, at)
	if err != nil {
		return nil, err
	}
	e, err := sc.element(blockID, actionID)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(e.typ, "external_select") {
		return nil, fmt.Errorf("%s is a %s: its options do not come from the app", actionID, e.typ)
	}
	d := s.newDelivery("interactive", fmt.Sprintf("suggestion for %s of %s", e.action, sc.user.Name))
	s.deliver(d, header{typ: "interactive", accepts: true}, s.suggestionPayload(sc, e, typed), reach{
		acked:  func(reply []byte) { s.suggested(sc, e, reply) },
		failed: s.failedFor(sc.user, sc.channelID(), "the menu"),
	})
	return d, nil
}

// suggested takes the options out of the ack of a block_suggestion.
func (s *Server) suggested(sc *scene, e element, reply []byte) {
	var body struct {
		Options      []map[string]any `json:"options"`
		OptionGroups []struct {
			Options []map[string]any `json:"options"`
		} `json:"option_groups"`
	}
	if err := json.Unmarshal(reply, &body); err != nil {
		s.fault("the ack of a block_suggestion has no options: %.80s", reply)
		return
	}
	for _, g := range body.OptionGroups {
		body.Options = append(body.Options, g.Options...)
	}
	l := linter{opts: s.opts.Unverified}
	for i, o := range body.Options {
		l.option(o, e.typ, pointer("/options", i))
	}
	if len(body.Options) > 100 {
		l.add("no more than 100 items allowed", "/options")
	}
	if len(l.messages) > 0 {
		s.fault("bad options for %s: %s", e.action, strings.Join(l.messages, "; "))
		s.tell(sc.user.ID, sc.channelID(), "invalid_options", "No result")
		return
	}
	s.offered[offerKey{sc.user.ID, e.block, e.action}] = body.Options
}

// offerKey says for whom and where options were suggested.
type offerKey struct{ user, block, action string }
