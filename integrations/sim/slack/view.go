package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// view is a modal or Home tab.
type view struct {
	View
	title, submit, close map[string]any
}

func (v *view) snapshot() View {
	out := v.View
	out.Errors = maps.Clone(v.Errors)
	out.State = map[string]map[string]json.RawMessage{}
	for block, actions := range v.State {
		out.State[block] = maps.Clone(actions)
	}
	return out
}

// json is the view as the Web API and payloads show it.
func (v *view) json() map[string]any {
	state := v.State
	if state == nil {
		state = map[string]map[string]json.RawMessage{}
	}
	out := map[string]any{
		"id": v.ID, "team_id": teamID, "type": v.Type, "title": v.title, "submit": v.submit, "close": v.close,
		"blocks": v.Blocks, "private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID,
		"external_id": v.ExternalID, "state": map[string]any{"values": state}, "hash": v.Hash,
		"clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose, "submit_disabled": v.SubmitDisabled,
		"root_view_id": v.RootID, "previous_view_id": nil, "app_id": appID, "app_installed_team_id": teamID, "bot_id": botID,
	}
	if v.PreviousID != "" {
		out["previous_view_id"] = v.PreviousID
	}
	for name, part := range map[string]map[string]any{"title": v.title, "submit": v.submit, "close": v.close} {
		if part == nil {
			out[name] = nil
		}
	}
	return out
}

// readView checks a view that an app sends.
func (s *Server) readView(raw json.RawMessage, wantType string) (*view, error) {
	if len(raw) > viewBytes {
		return nil, failure("view_too_large")
	}
	obj := parseObject(raw)
	if obj == nil {
		return nil, failure("invalid_arguments", "[ERROR] must be a valid view object [json-pointer:/view]")
	}
	l := linter{opts: s.opts.Unverified, inView: true}
	l.view(obj, wantType)
	if len(l.messages) > 0 {
		return nil, failure("invalid_arguments", l.messages...)
	}
	blocks, _ := obj["blocks"].([]any)
	v := &view{View: View{
		Type: wantType, Title: plain(obj["title"]), Submit: plain(obj["submit"]), Close: plain(obj["close"]),
		CallbackID: str(obj["callback_id"]), ExternalID: str(obj["external_id"]),
		PrivateMetadata: str(obj["private_metadata"]), NotifyOnClose: obj["notify_on_close"] == true,
		ClearOnClose: obj["clear_on_close"] == true, SubmitDisabled: obj["submit_disabled"] == true,
		Blocks: encode(s.finish(blocks)),
	}}
	v.title, _ = obj["title"].(map[string]any)
	v.submit, _ = obj["submit"].(map[string]any)
	v.close, _ = obj["close"].(map[string]any)
	return v, nil
}

// admit gives a new view its id and hash and makes it known.
func (s *Server) admit(user string, v *view) {
	v.ID, v.User = s.ids.named("V"), user
	if v.RootID == "" {
		v.RootID = v.ID
	}
	v.Hash = s.hash()
	v.keepState(nil)
	s.views[v.ID] = v
}

// hash changes with every change of a view.
func (s *Server) hash() string {
	return fmt.Sprintf("%d.%s", time.Now().Unix(), s.ids.short("h"))
}

// open shows a modal on its own.
func (s *Server) open(user string, v *view) {
	for _, old := range slices.Clone(s.stacks[user]) {
		s.drop(old)
	}
	s.admit(user, v)
	s.stacks[user] = []*view{v}
	s.noteView(ViewOpened, v)
}

// push lays a modal on those that are open.
func (s *Server) push(user string, v *view) {
	stack := s.stacks[user]
	top := stack[len(stack)-1]
	v.RootID, v.PreviousID = top.RootID, top.ID
	s.admit(user, v)
	s.stacks[user] = append(stack, v)
	s.noteView(ViewPushed, v)
}

// replace gives a view new content; it keeps its id and place, and the state of the fields that are still there.
func (s *Server) replace(v, in *view) {
	old := v.State
	in.ID, in.User, in.RootID, in.PreviousID = v.ID, v.User, v.RootID, v.PreviousID
	*v = *in
	v.Hash = s.hash()
	v.keepState(old)
	kind := ViewUpdated
	if v.Type == "home" {
		kind = Home
	}
	s.noteView(kind, v)
}

// drop takes a modal away.
func (s *Server) drop(v *view) {
	delete(s.views, v.ID)
	s.stacks[v.User] = slices.DeleteFunc(s.stacks[v.User], func(x *view) bool { return x == v })
	if len(s.stacks[v.User]) == 0 {
		delete(s.stacks, v.User)
	}
}

// keepState gives each field its value: the one that it had under the same block_id and action_id, else its
// initial one.
func (v *view) keepState(old map[string]map[string]json.RawMessage) {
	v.State = map[string]map[string]json.RawMessage{}
	for _, e := range elements(parseBlocks(v.Blocks)) {
		if !stateful(e.typ) {
			continue
		}
		value, kept := old[e.block][e.action]
		if !kept {
			value = encode(initialValue(e))
		}
		if v.State[e.block] == nil {
			v.State[e.block] = map[string]json.RawMessage{}
		}
		v.State[e.block][e.action] = value
	}
}

// missing gives the input blocks that must be filled in and are empty, with what Slack says beside them.
func (v *view) missing() map[string]string {
	out := map[string]string{}
	for _, e := range elements(parseBlocks(v.Blocks)) {
		if e.input && !e.optional && emptyValue(v.State[e.block][e.action]) {
			out[e.block] = "Please complete this required field."
		}
	}
	return out
}

// emptyValue tells whether a field of state.values holds nothing.
func emptyValue(raw json.RawMessage) bool {
	obj := parseObject(raw)
	for name, value := range obj {
		if name == "type" {
			continue
		}
		switch x := value.(type) {
		case string:
			if strings.TrimSpace(x) != "" {
				return false
			}
		case []any:
			if len(x) > 0 {
				return false
			}
		case nil:
		default:
			return false
		}
	}
	return true
}
