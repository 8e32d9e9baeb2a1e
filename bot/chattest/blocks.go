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
	Label     *text     `json:"label"`
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

type element struct {
	Type        string    `json:"type"`
	ActionID    string    `json:"action_id"`
	Text        *text     `json:"text"`
	Name        string    `json:"name"`
	UserID      string    `json:"user_id"`
	ChannelID   string    `json:"channel_id"`
	URL         string    `json:"url"`
	AltText     string    `json:"alt_text"`
	Placeholder *text     `json:"placeholder"`
	Options     []option  `json:"options"`
	Elements    []element `json:"elements"`
}

type option struct {
	Text  text   `json:"text"`
	Value string `json:"value"`
}

// lines draws blocks as lines. State holds what was filled in, for a view.
func (r reader) lines(raw json.RawMessage, state map[string]map[string]json.RawMessage) []string {
	var blocks []block
	if json.Unmarshal(raw, &blocks) != nil {
		return []string{"(blocks that cannot be read)"}
	}
	var lines []string
	for _, b := range blocks {
		lines = append(lines, split(r.block(b, state))...)
	}
	return lines
}

func split(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

func (r reader) block(b block, state map[string]map[string]json.RawMessage) string {
	switch b.Type {
	case "section":
		return r.section(b, state)
	case "header", "markdown":
		return r.text(b.Text)
	case "context":
		return strings.Join(r.each(b.Elements), " ")
	case "actions":
		return r.controls(b, state)
	case "input":
		return fmt.Sprintf("%s: %s", b.BlockID, r.control(b.BlockID, *b.Element, state))
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

func (r reader) section(b block, state map[string]map[string]json.RawMessage) string {
	parts := []string{}
	if b.Text != nil {
		parts = append(parts, r.text(b.Text))
	}
	for i := range b.Fields {
		parts = append(parts, r.text(&b.Fields[i]))
	}
	if b.Accessory != nil {
		parts = append(parts, r.control(b.BlockID, *b.Accessory, state))
	}
	return strings.Join(parts, "\n")
}

func (r reader) text(t *text) string {
	switch {
	case t == nil:
		return ""
	case t.Type == "plain_text":
		return r.emoji(t.Text)
	default:
		return r.mrkdwn(t.Text)
	}
}

func (r reader) emoji(text string) string {
	return shortcode.ReplaceAllStringFunc(text, func(code string) string {
		if picture, ok := pictures[code]; ok {
			return picture
		}
		return code
	})
}

func (r reader) each(elements []element) []string {
	var list []string
	for _, e := range elements {
		list = append(list, r.inline(e))
	}
	return list
}

// inline draws an element of a context block or of rich text.
func (r reader) inline(e element) string {
	switch e.Type {
	case "mrkdwn", "plain_text":
		if e.Text == nil {
			return ""
		}
		return r.text(&text{e.Type, e.Text.Text})
	case "text":
		return e.Text.Text
	case "user":
		return r.angled("@" + e.UserID)
	case "channel":
		return r.angled("#" + e.ChannelID)
	case "emoji":
		return r.emoji(":" + e.Name + ":")
	case "link":
		if e.Text == nil {
			return e.URL
		}
		return r.angled(e.URL + "|" + e.Text.Text)
	case "image":
		return "(picture: " + e.AltText + ")"
	default:
		return strings.Join(r.each(e.Elements), "")
	}
}

func (r reader) controls(b block, state map[string]map[string]json.RawMessage) string {
	var list []string
	for _, e := range b.Elements {
		list = append(list, r.control(b.BlockID, e, state))
	}
	return strings.Join(list, " ")
}

// control draws something to press or to fill in: "[Label]", or the value and the choices.
func (r reader) control(blockID string, e element, state map[string]map[string]json.RawMessage) string {
	if e.Type == "button" {
		label := "[" + r.text(e.Text) + "]"
		if e.URL != "" {
			label += " ‹" + e.URL + "›"
		}
		return label
	}
	value := r.filled(state[blockID][e.ActionID])
	if len(e.Options) == 0 {
		return value
	}
	var choices []string
	for _, o := range e.Options {
		choices = append(choices, r.text(&o.Text))
	}
	return strings.TrimSpace(value + " (" + strings.Join(choices, " | ") + ")")
}

// filled reads a value of state.values.
func (r reader) filled(raw json.RawMessage) string {
	var v struct {
		Value   *string  `json:"value"`
		Option  *option  `json:"selected_option"`
		Options []option `json:"selected_options"`
		User    string   `json:"selected_user"`
		Date    string   `json:"selected_date"`
	}
	if raw == nil || json.Unmarshal(raw, &v) != nil {
		return ""
	}
	switch {
	case v.Value != nil:
		return *v.Value
	case v.Option != nil:
		return r.text(&v.Option.Text)
	case v.User != "":
		return r.angled("@" + v.User)
	case v.Date != "":
		return v.Date
	}
	var chosen []string
	for _, o := range v.Options {
		chosen = append(chosen, r.text(&o.Text))
	}
	return strings.Join(chosen, ", ")
}
