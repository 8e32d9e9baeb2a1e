package chattest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// block is as much of Block Kit as a person sees.
type block struct {
	Type      string    `json:"type"`
	BlockID   string    `json:"block_id"`
	Text      *text     `json:"text"`
	Fields    []text    `json:"fields"`
	Elements  []element `json:"elements"`
	Element   *element  `json:"element"`
	Accessory *element  `json:"accessory"`
	AltText   string    `json:"alt_text"`
}

type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// UnmarshalJSON takes the string that stands for a text in some elements, too.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &t.Text)
	}
	type plain text
	return json.Unmarshal(b, (*plain)(t))
}

// values are what was filled in: by block id and action id, as in state.values.
type values map[string]map[string]json.RawMessage

// unreadable is what stands for blocks that are no blocks.
const unreadable = "(blocks that cannot be read)"

// lines draws blocks as lines.
func (r reader) lines(raw json.RawMessage, filled values) []string {
	var blocks []block
	if json.Unmarshal(raw, &blocks) != nil {
		return []string{unreadable}
	}
	var lines []string
	for _, b := range blocks {
		lines = append(lines, split(r.block(b, filled))...)
	}
	return lines
}

// attachments draws what hangs below a message.
func (r reader) attachments(raw json.RawMessage) []string {
	var list []struct {
		Pretext, Title, Text string
		Blocks               json.RawMessage
	}
	if len(raw) > 0 && json.Unmarshal(raw, &list) != nil {
		return []string{unreadable}
	}
	var lines []string
	for _, a := range list {
		for _, text := range []string{a.Pretext, a.Title, a.Text} {
			lines = append(lines, split(r.mrkdwn(text))...)
		}
		if len(a.Blocks) > 0 {
			lines = append(lines, r.lines(a.Blocks, nil)...)
		}
	}
	return lines
}

// split gives the lines of a text, but for empty ones.
func split(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

func (r reader) block(b block, filled values) string {
	switch b.Type {
	case "section":
		return r.section(b, filled)
	case "header", "markdown":
		return r.text(b.Text)
	case "context":
		return strings.Join(r.each(b.Elements), " ")
	case "actions":
		return r.controls(b, filled)
	case "input":
		if b.Element == nil {
			return b.BlockID + ":"
		}
		return r.control(b.BlockID, *b.Element, filled)
	case "rich_text":
		return strings.Join(r.each(b.Elements), "\n")
	case "divider":
		return ""
	case "image":
		return "(picture: " + b.AltText + ")"
	default:
		return "(a block of type " + b.Type + ")"
	}
}

func (r reader) section(b block, filled values) string {
	var parts []string
	if b.Text != nil {
		parts = append(parts, r.text(b.Text))
	}
	for i := range b.Fields {
		parts = append(parts, r.text(&b.Fields[i]))
	}
	if b.Accessory != nil {
		parts = append(parts, r.control(b.BlockID, *b.Accessory, filled))
	}
	return strings.Join(parts, "\n")
}

func (r reader) text(t *text) string {
	switch {
	case t == nil:
		return ""
	case t.Type == "plain_text":
		return emoji(t.Text)
	default:
		return r.mrkdwn(t.Text)
	}
}

func (r reader) controls(b block, filled values) string {
	var list []string
	for _, e := range b.Elements {
		list = append(list, r.control(b.BlockID, e, filled))
	}
	return strings.Join(list, " ")
}

// control draws something to press, "[Label]", or to fill in: "name: value (choice | choice)". The name is the block's id,
// which lines set it by.
func (r reader) control(blockID string, e element, filled values) string {
	switch {
	case e.Type == "image":
		return "(picture: " + e.AltText + ")"
	case e.pressed() && e.URL != "":
		return fmt.Sprintf("[%s] ‹%s›", r.text(e.Text), e.URL)
	case e.pressed():
		return "[" + r.text(e.Text) + "]"
	}
	parts := []string{blockID + ":"}
	if value := r.filled(filled[blockID][e.ActionID]); value != "" {
		parts = append(parts, value)
	}
	if choices := r.choices(e); len(choices) > 0 {
		parts = append(parts, "("+strings.Join(choices, " | ")+")")
	}
	return strings.Join(parts, " ")
}

func (r reader) choices(e element) []string {
	var choices []string
	for _, o := range e.Options {
		choices = append(choices, r.text(&o.Text))
	}
	for _, group := range e.OptionGroups {
		for _, o := range group.Options {
			choices = append(choices, r.text(&o.Text))
		}
	}
	return choices
}
