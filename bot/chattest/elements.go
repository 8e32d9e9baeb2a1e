package chattest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// element is as much of an element as a person sees: something to press or fill in, or a part of a text.
type element struct {
	Type         string    `json:"type"`
	ActionID     string    `json:"action_id"`
	Text         *text     `json:"text"`
	Name         string    `json:"name"` // of an emoji
	UserID       string    `json:"user_id"`
	UsergroupID  string    `json:"usergroup_id"`
	ChannelID    string    `json:"channel_id"`
	Range        string    `json:"range"` // of a mention of everybody
	Fallback     string    `json:"fallback"`
	URL          string    `json:"url"`
	AltText      string    `json:"alt_text"`
	Options      []option  `json:"options"`
	OptionGroups []group   `json:"option_groups"`
	Elements     []element `json:"elements"`
}

type group struct {
	Options []option `json:"options"`
}

type option struct {
	Text text `json:"text"`
}

// pressed tells buttons from what is filled in.
func (e element) pressed() bool { return e.Type == "button" || e.Type == "workflow_button" }

// fieldOf finds what a block has to fill in.
func fieldOf(raw json.RawMessage, blockID string) (element, bool) {
	var blocks []block
	if json.Unmarshal(raw, &blocks) != nil {
		return element{}, false
	}
	for _, b := range blocks {
		if b.BlockID != blockID {
			continue
		}
		for _, e := range slices.Concat(b.Elements, deref(b.Element), deref(b.Accessory)) {
			if e.ActionID != "" && !e.pressed() {
				return e, true
			}
		}
	}
	return element{}, false
}

func deref(e *element) []element {
	if e == nil {
		return nil
	}
	return []element{*e}
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
		if e.Text == nil {
			return ""
		}
		return e.Text.Text
	case "user":
		return r.mention(e.UserID)
	case "usergroup":
		return "@" + e.UsergroupID
	case "broadcast":
		return "@" + e.Range
	case "channel":
		return r.channel(e.ChannelID, "")
	case "emoji":
		return emoji(":" + e.Name + ":")
	case "date":
		return e.Fallback
	case "link":
		if e.Text == nil {
			return e.URL
		}
		return link(e.URL, e.Text.Text)
	case "image":
		return "(picture: " + e.AltText + ")"
	case "rich_text_list":
		return "• " + strings.Join(r.each(e.Elements), "\n• ")
	default:
		return strings.Join(r.each(e.Elements), "")
	}
}

// filled reads a value of state.values.
func (r reader) filled(raw json.RawMessage) string {
	var v struct {
		Value         string   `json:"value"`
		Option        *option  `json:"selected_option"`
		Options       []option `json:"selected_options"`
		User          string   `json:"selected_user"`
		Users         []string `json:"selected_users"`
		Channel       string   `json:"selected_channel"`
		Channels      []string `json:"selected_channels"`
		Conversation  string   `json:"selected_conversation"`
		Conversations []string `json:"selected_conversations"`
		Date          string   `json:"selected_date"`
		Time          string   `json:"selected_time"`
		DateTime      int64    `json:"selected_date_time"`
	}
	if raw == nil || json.Unmarshal(raw, &v) != nil {
		return ""
	}
	chosen := []string{v.Value, v.Date, v.Time}
	if v.Option != nil {
		v.Options = append(v.Options, *v.Option)
	}
	for _, o := range v.Options {
		chosen = append(chosen, r.text(&o.Text))
	}
	for _, id := range append(v.Users, v.User) {
		chosen = append(chosen, r.known(id))
	}
	for _, id := range slices.Concat(v.Channels, v.Conversations, []string{v.Channel, v.Conversation}) {
		chosen = append(chosen, r.known(id))
	}
	if v.DateTime != 0 {
		chosen = append(chosen, time.Unix(v.DateTime, 0).UTC().Format("2006-01-02 15:04"))
	}
	return strings.Join(slices.DeleteFunc(chosen, func(s string) bool { return s == "" }), ", ")
}

// known names a person or a channel, which a menu of conversations holds side by side.
func (r reader) known(id string) string {
	switch _, person := r.users[id]; {
	case id == "":
		return ""
	case person:
		return r.mention(id)
	default:
		return r.channel(id, "")
	}
}
