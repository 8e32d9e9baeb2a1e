package slacksim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// encode writes JSON without escaping <, > and &, so that stored text reads as it is. Objects have sorted keys.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("slacksim: %v", err)) // only maps, strings and numbers are encoded
	}
	return bytes.TrimSpace(b.Bytes())
}

func decode(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil
	}
	return v
}

// parseObject gives a JSON object, or nil if it is none.
func parseObject(raw json.RawMessage) map[string]any {
	obj, _ := decode(raw).(map[string]any)
	return obj
}

// parseBlocks gives the blocks of a stored message or view.
func parseBlocks(raw json.RawMessage) []map[string]any {
	list, _ := decode(raw).([]any)
	return objects(list)
}

// objects gives the objects of a list.
func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, x := range list {
		if obj, ok := x.(map[string]any); ok {
			out = append(out, obj)
		}
	}
	return out
}

// attachmentBlocks gives the blocks of each attachment that has some.
func attachmentBlocks(raw json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	for _, a := range parseBlocks(raw) {
		if b, ok := a["blocks"]; ok {
			out = append(out, encode(b))
		}
	}
	return out
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

// plain gives the text of a text object.
func plain(v any) string {
	obj, _ := v.(map[string]any)
	return str(obj["text"])
}

func blockByID(blocks []map[string]any, id string) map[string]any {
	for _, b := range blocks {
		if str(b["block_id"]) == id {
			return b
		}
	}
	return nil
}

// element is an interactive element where it stands.
type element struct {
	typ, action, block string
	obj                map[string]any
	input              bool // in an input block
	dispatch, optional bool // of the input block
	attachment         int  // counted from 1; 0: not in an attachment
}

// elements gives the interactive elements of blocks, in order.
func elements(blocks []map[string]any) []element {
	var out []element
	for _, b := range blocks {
		add := func(v any) {
			obj, ok := v.(map[string]any)
			if !ok || str(obj["action_id"]) == "" {
				return
			}
			out = append(out, element{
				typ: str(obj["type"]), action: str(obj["action_id"]), block: str(b["block_id"]), obj: obj,
				input: str(b["type"]) == "input", dispatch: b["dispatch_action"] == true, optional: b["optional"] == true,
			})
		}
		add(b["accessory"])
		add(b["element"])
		for _, e := range objects(b["elements"]) {
			add(e)
		}
	}
	return out
}

// element finds what a person means; an empty block id means the only block that has the action.
func (sc *scene) element(blockID, actionID string) (element, error) {
	var found []element
	for _, e := range sc.elements() {
		if e.action == actionID && (blockID == "" || e.block == blockID) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return element{}, fmt.Errorf("there is no %s/%s here; there are: %s", blockID, actionID, sc.names())
	}
	return element{}, fmt.Errorf("several blocks have the action %s; name the block", actionID)
}

func (sc *scene) elements() []element {
	if sc.view != nil {
		return elements(parseBlocks(sc.view.Blocks))
	}
	out := elements(parseBlocks(sc.message.Blocks))
	for i, a := range parseBlocks(sc.message.Attachments) {
		for _, e := range elements(objects(a["blocks"])) {
			e.attachment = i + 1
			out = append(out, e)
		}
	}
	return out
}

func (sc *scene) names() string {
	var names []string
	for _, e := range sc.elements() {
		names = append(names, e.block+"/"+e.action)
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// finish gives blocks what Slack adds to them: ids where the app left them out, emoji and verbatim flags.
func (s *Server) finish(blocks []any) []any {
	if blocks == nil {
		return []any{}
	}
	for _, b := range objects(blocks) {
		if str(b["block_id"]) == "" {
			b["block_id"] = s.ids.short("b")
		}
		s.finishIn(b, str(b["type"]) == "rich_text")
	}
	return blocks
}

func (s *Server) finishIn(v any, rich bool) {
	switch x := v.(type) {
	case []any:
		for _, y := range x {
			s.finishIn(y, rich)
		}
	case map[string]any:
		switch typ := str(x["type"]); {
		case rich:
		case typ == "plain_text":
			setDefault(x, "emoji", true)
		case typ == "mrkdwn":
			setDefault(x, "verbatim", false)
		case interactiveTypes[typ] && str(x["action_id"]) == "":
			x["action_id"] = s.ids.short("a")
		}
		for _, name := range sortedKeys(x) {
			s.finishIn(x[name], rich)
		}
	}
}

func setDefault(obj map[string]any, name string, value any) {
	if _, ok := obj[name]; !ok {
		obj[name] = value
	}
}
