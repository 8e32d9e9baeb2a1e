package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
)

// maxStack is how many modals may lie on each other.
const maxStack = 3

// Submit presses the submit of the modal on top. A modal whose required fields are empty is not submitted.
func (s *Server) Submit(user, viewID string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc, err := s.scene(user, InView(viewID))
	if err != nil {
		return nil, err
	}
	v := sc.view
	switch {
	case v.Type != "modal" || v.Submit == "":
		return nil, fmt.Errorf("the view %s has no submit", viewID)
	case v.SubmitDisabled:
		return nil, fmt.Errorf("the submit of the view %s is disabled", viewID)
	}
	if missing := v.missing(); len(missing) > 0 {
		v.Errors = missing
		s.noteView(ViewErrors, v)
		return nil, fmt.Errorf("please complete the required fields: %v", sortedKeys(missing))
	}
	v.Errors = nil
	d := s.newDelivery("interactive", fmt.Sprintf("submission of %q by %s", v.Title, sc.user.Name))
	s.deliver(d, header{typ: "interactive", accepts: true}, s.submissionPayload(sc), reach{
		acked:  func(reply []byte) { s.submitted(v, reply) },
		failed: func(code string) { s.trouble(v, code) },
	})
	return d, nil
}

// CloseView closes the modal on top without submitting it. The delivery is nil unless the modal has
// notify_on_close.
func (s *Server) CloseView(user, viewID string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc, err := s.scene(user, InView(viewID))
	if err != nil {
		return nil, err
	}
	v := sc.view
	if v.Type != "modal" {
		return nil, fmt.Errorf("the view %s is no modal", viewID)
	}
	closing := []*view{v}
	if v.ClearOnClose {
		closing = slices.Clone(s.stacks[user])
		slices.Reverse(closing)
	}
	var first *Delivery
	for i, v := range closing {
		s.drop(v)
		s.noteView(ViewClosed, v)
		if !v.NotifyOnClose {
			continue
		}
		d := s.newDelivery("interactive", fmt.Sprintf("closing of %q by %s", v.Title, sc.user.Name))
		payload := s.closedPayload(&scene{user: sc.user, view: v}, v.ClearOnClose || i > 0)
		s.deliver(d, header{typ: "interactive"}, payload, reach{acked: func([]byte) {}, failed: func(string) {}})
		if first == nil {
			first = d
		}
	}
	return first, nil
}

// submitted does what the ack of a view_submission asks for.
func (s *Server) submitted(v *view, reply []byte) {
	var body struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(reply) > 0 {
		if err := json.Unmarshal(reply, &body); err != nil {
			s.fault("the ack of a view_submission is no response action: %.80s", reply)
			s.trouble(v, "invalid_response")
			return
		}
	}
	if !slices.Contains(s.stacks[v.User], v) {
		return // it was closed meanwhile
	}
	switch body.Action {
	case "":
		s.drop(v)
		s.noteView(ViewClosed, v)
	case "clear":
		s.clear(v.User)
	case "errors":
		s.showErrors(v, body.Errors)
	case "update", "push":
		s.nextView(v, body.Action, body.View)
	default:
		s.fault("unknown response_action %q", body.Action)
		s.trouble(v, "invalid_response")
	}
}

// showErrors puts the app's words beside the fields; every key must be the block_id of an input block.
func (s *Server) showErrors(v *view, errs map[string]string) {
	for _, id := range sortedKeys(errs) {
		if b := blockByID(parseBlocks(v.Blocks), id); b == nil || str(b["type"]) != "input" {
			s.fault("response_action errors names %q, which is no input block of the view", id)
			s.trouble(v, "invalid_response")
			return
		}
	}
	if len(errs) == 0 {
		s.fault("response_action errors without errors")
		s.trouble(v, "invalid_response")
		return
	}
	v.Errors = errs
	s.noteView(ViewErrors, v)
}

// nextView replaces the submitted modal, or lays one on it.
func (s *Server) nextView(v *view, action string, raw json.RawMessage) {
	in, err := s.readView(raw, "modal")
	if err == nil && action == "push" && len(s.stacks[v.User]) >= maxStack {
		err = failure("push_limit_reached")
	}
	if err != nil {
		s.fault("response_action %s with a bad view: %v", action, err)
		s.trouble(v, "invalid_response")
		return
	}
	if action == "push" {
		s.push(v.User, in)
		return
	}
	s.replace(v, in)
}

// trouble is what Slack says in a modal whose submission failed; the modal stays.
func (s *Server) trouble(v *view, code string) {
	s.tell(v.User, "", code, "We had some trouble connecting. Try again?")
}

// clear closes all modals of a person.
func (s *Server) clear(user string) {
	stack := slices.Clone(s.stacks[user])
	slices.Reverse(stack)
	for _, v := range stack {
		s.drop(v)
		s.noteView(ViewClosed, v)
	}
}
