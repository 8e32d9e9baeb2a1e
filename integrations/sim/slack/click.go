package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Place is where something to click stands: a message, ephemeral or not, or a view.
type Place struct {
	Channel, TS string // of a message
	View        string // or the id of a view: a modal, or the Home tab
}

// InMessage is a message's place.
func InMessage(channel, ts string) Place { return Place{Channel: channel, TS: ts} }

// InView is a modal's place, or a Home tab's.
func InView(id string) Place { return Place{View: id} }

// Button is something that a person can press now.
type Button struct {
	Place             Place
	BlockID, ActionID string
	Label             string
	URL               string // of a link button
	Submit            bool   // it is the submit of a modal: press it with Submit, not Click
	Close             bool   // it is the close of a modal: press it with CloseView
}

// Buttons gives all that a person can press now, the newest first: those of the modal on top, then those of the
// messages that this person sees, then those of the Home tab.
func (s *Server) Buttons(user string) []Button {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[user]
	if u == nil {
		return nil
	}
	var out []Button
	if stack := s.stacks[user]; len(stack) > 0 {
		v := stack[len(stack)-1]
		if v.Submit != "" {
			out = append(out, Button{Place: InView(v.ID), Label: v.Submit, Submit: true})
		}
		out = append(out, buttonsOf(InView(v.ID), v.Blocks)...)
		if v.Close != "" {
			out = append(out, Button{Place: InView(v.ID), Label: v.Close, Close: true})
		}
	}
	for _, m := range s.seenBy(u) {
		place := InMessage(m.Channel, m.TS)
		out = append(out, buttonsOf(place, m.Blocks)...)
		for _, a := range attachmentBlocks(m.Attachments) {
			out = append(out, buttonsOf(place, a)...)
		}
	}
	if v := s.homes[user]; v != nil {
		out = append(out, buttonsOf(InView(v.ID), v.Blocks)...)
	}
	return out
}

func buttonsOf(place Place, blocks json.RawMessage) []Button {
	var out []Button
	for _, e := range elements(parseBlocks(blocks)) {
		if e.typ == "button" {
			out = append(out, Button{
				Place: place, BlockID: e.block, ActionID: e.action,
				Label: plain(e.obj["text"]), URL: str(e.obj["url"]),
			})
		}
	}
	return out
}

// Click presses a button. An empty blockID means the only block that has the action.
func (s *Server) Click(user string, at Place, blockID, actionID string) (*Delivery, error) {
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
	if e.typ != "button" {
		return nil, fmt.Errorf("%s is a %s, not a button", actionID, e.typ)
	}
	if str(e.obj["url"]) != "" && s.opts.Unverified.SilentLinks {
		d := s.newDelivery("interactive", "link")
		d.end("")
		return d, nil
	}
	action := map[string]any{"text": e.obj["text"]}
	for _, field := range []string{"value", "style", "url"} {
		if v, ok := e.obj[field]; ok {
			action[field] = v
		}
	}
	return s.act(sc, e, action), nil
}

// act sends block_actions for an element.
func (s *Server) act(sc *scene, e element, action map[string]any) *Delivery {
	action["type"], action["action_id"], action["block_id"], action["action_ts"] = e.typ, e.action, e.block, s.ids.ts()
	d := s.newDelivery("interactive", fmt.Sprintf("%s %s of %s", e.typ, e.action, sc.user.Name))
	s.deliver(d, header{typ: "interactive"}, s.actionPayload(sc, e, action), reach{
		acked:  func([]byte) {},
		failed: s.failedFor(sc.user, sc.channelID(), "the "+e.typ),
	})
	return d
}

// Labelled gives the callback id of the message shortcut that a label stands for. The error names those that there are.
func (s *Server) Labelled(label string) (callbackID string, err error) {
	var labels []string
	for _, known := range s.opts.Shortcuts {
		if known.Label == label {
			return known.CallbackID, nil
		}
		labels = append(labels, "{"+known.Label+"}")
	}
	if len(labels) == 0 {
		return "", fmt.Errorf("the app has no message shortcut {%s}, nor any other", label)
	}
	return "", fmt.Errorf("the app has no message shortcut {%s}; there are %s", label, strings.Join(labels, " "))
}

// Shortcut chooses a message shortcut, which must be registered, or, with channel and ts empty, a global one.
func (s *Server) Shortcut(user, callbackID, channel, ts string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.person(user)
	if err != nil {
		return nil, err
	}
	if !s.granted("commands") {
		return nil, fmt.Errorf("the app has no shortcuts without the scope commands")
	}
	var payload map[string]any
	if channel == "" {
		payload = s.globalShortcut(u, callbackID)
	} else {
		registered := func(known Shortcut) bool { return known.CallbackID == callbackID }
		if s.opts.Shortcuts != nil && !slices.ContainsFunc(s.opts.Shortcuts, registered) {
			return nil, fmt.Errorf("the app has no message shortcut with the callback id %q", callbackID)
		}
		sc, err := s.scene(user, InMessage(channel, ts))
		if err != nil {
			return nil, err
		}
		payload = s.messageShortcut(sc, callbackID)
	}
	d := s.newDelivery("interactive", fmt.Sprintf("shortcut %s of %s", callbackID, u.Name))
	s.deliver(d, header{typ: "interactive"}, payload, reach{
		acked: func([]byte) {}, failed: s.failedFor(u, channel, "the shortcut"),
	})
	return d, nil
}

// scene is a person in front of a message or a view.
type scene struct {
	user    *User
	channel *channel // nil in a view
	message *Message // nil in a view
	view    *view    // nil in a message
}

func (sc *scene) channelID() string {
	if sc.channel == nil {
		return ""
	}
	return sc.channel.ID
}

// scene checks that a person sees a place.
func (s *Server) scene(user string, at Place) (*scene, error) {
	u, err := s.person(user)
	if err != nil {
		return nil, err
	}
	if at.View != "" {
		v := s.views[at.View]
		if v == nil || v.User != user {
			return nil, fmt.Errorf("%s has no view %s open", u.Name, at.View)
		}
		if stack := s.stacks[user]; v.Type == "modal" && (len(stack) == 0 || stack[len(stack)-1] != v) {
			return nil, fmt.Errorf("the view %s is not on top for %s", at.View, u.Name)
		}
		return &scene{user: u, view: v}, nil
	}
	c := s.channels[at.Channel]
	if c == nil {
		return nil, fmt.Errorf("there is no channel %s", at.Channel)
	}
	if !c.sees(u) {
		return nil, fmt.Errorf("%s is not in %s", u.Name, c.shown())
	}
	m := c.find(at.TS)
	if m == nil || m.To != "" && m.To != user {
		return nil, fmt.Errorf("%s sees no message %s in %s", u.Name, at.TS, c.shown())
	}
	return &scene{user: u, channel: c, message: m}, nil
}
