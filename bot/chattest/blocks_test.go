package chattest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBlocksAreDrawnAsLines(t *testing.T) {
	t.Parallel()
	filled := values{"b": {"a": json.RawMessage(`{"type":"static_select","selected_option":{"text":{"type":"plain_text","text":"One"},"value":"1"}}`)}}
	for name, tc := range map[string]struct{ blocks, want string }{
		"section":            {`{"type":"section","text":{"type":"mrkdwn","text":"*a*"},"fields":[{"type":"mrkdwn","text":"b"},{"type":"plain_text","text":"*c*"}]}`, "a\nb\n*c*"},
		"empty lines go":     {`{"type":"section","text":{"type":"mrkdwn","text":"a\n\n b\n"}}`, "a\n b"},
		"header":             {`{"type":"header","text":{"type":"plain_text","text":":x: a"}}`, "❌ a"},
		"markdown":           {`{"type":"markdown","text":"a **b**"}`, "a b"},
		"context":            {`{"type":"context","elements":[{"type":"mrkdwn","text":"_a_"},{"type":"image","alt_text":"b"},{"type":"plain_text","text":"c"}]}`, "a (picture: b) c"},
		"divider":            {`{"type":"divider"}`, ""},
		"image":              {`{"type":"image","alt_text":"a graph"}`, "(picture: a graph)"},
		"buttons":            {`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}},{"type":"button","text":{"type":"plain_text","text":"See"},"url":"https://e.com"}]}`, "[Go] [See] ‹https://e.com›"},
		"accessory button":   {`{"type":"section","text":{"type":"mrkdwn","text":"a"},"accessory":{"type":"button","text":{"type":"plain_text","text":"Go"}}}`, "a\n[Go]"},
		"accessory picture":  {`{"type":"section","text":{"type":"mrkdwn","text":"a"},"accessory":{"type":"image","alt_text":"b"}}`, "a\n(picture: b)"},
		"filled menu":        {`{"type":"input","block_id":"b","element":{"type":"static_select","action_id":"a","options":[{"text":{"type":"plain_text","text":"One"}},{"text":{"type":"plain_text","text":"Two"}}]}}`, "b: One (One | Two)"},
		"menu in groups":     {`{"type":"input","block_id":"x","element":{"type":"static_select","action_id":"a","option_groups":[{"options":[{"text":{"type":"plain_text","text":"One"}}]},{"options":[{"text":{"type":"plain_text","text":"Two"}}]}]}}`, "x: (One | Two)"},
		"menu outside input": {`{"type":"section","block_id":"b","text":{"type":"mrkdwn","text":"t"},"accessory":{"type":"static_select","action_id":"a"}}`, "t\nb: One"},
		"empty input":        {`{"type":"input","block_id":"why","element":{"type":"plain_text_input","action_id":"a"}}`, "why:"},
		"rich text":          {`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a ","style":{"bold":true}},{"type":"user","user_id":"U1"},{"type":"channel","channel_id":"C1"},{"type":"broadcast","range":"here"},{"type":"usergroup","usergroup_id":"S1"},{"type":"emoji","name":"x"},{"type":"date","timestamp":1,"fallback":"once"}]}]}`, "a @alice#deploys@here@S1❌once"},
		"rich links":         {`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://e.com"},{"type":"link","url":"https://e.com/a|b","text":"c"}]}]}`, "https://e.comc ‹https://e.com/a|b›"},
		"rich list":          {`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"b"}]}]}]}`, "• a\n• b"},
		"unknown":            {`{"type":"table"}`, "(a block of type table)"},

		// What Slack would refuse, and a client could still be sent.
		"input without element":   {`{"type":"input","block_id":"b"}`, "b:"},
		"text without text":       {`{"type":"rich_text","elements":[{"type":"text"},{"type":"mrkdwn"}]}`, ""},
		"section without text":    {`{"type":"section"}`, ""},
		"nulls":                   {`{"type":"section","text":null,"fields":[null],"accessory":null}`, ""},
		"actions with a null":     {`{"type":"actions","block_id":"b","elements":[null]}`, "b:"},
		"a text that is a number": {`{"type":"section","text":{"text":5}}`, unreadable},
	} {
		got := strings.Join(known.lines(json.RawMessage("["+tc.blocks+"]"), filled), "\n")
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestValuesAreRead(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"value":"a"}`: "a", `{"value":null}`: "",
		`{"selected_option":{"text":{"type":"plain_text","text":"A"}}}`:                                              "A",
		`{"selected_options":[{"text":{"type":"plain_text","text":"A"}},{"text":{"type":"plain_text","text":"B"}}]}`: "A, B",
		`{"selected_user":"U1"}`:                 "@alice",
		`{"selected_users":["U1","U2"]}`:         "@alice, #U2",
		`{"selected_channel":"C1"}`:              "#deploys",
		`{"selected_channels":["C1"]}`:           "#deploys",
		`{"selected_conversation":"U1"}`:         "@alice",
		`{"selected_conversations":["C1","U1"]}`: "#deploys, @alice",
		`{"selected_date":"2026-01-05"}`:         "2026-01-05",
		`{"selected_time":"14:00"}`:              "14:00",
		`{"selected_date_time":1767621600}`:      "2026-01-05 14:00",
		`{}`:                                     "", `[]`: "", ``: "",
	} {
		if got := known.filled(json.RawMessage(raw)); got != want {
			t.Errorf("%s reads %q, want %q", raw, got, want)
		}
	}
}

func TestAttachmentsAreDrawnBelow(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		``: "", `null`: "", `5`: unreadable,
		`[{"pretext":"a","title":"b","text":"*c*","color":"#fff"}]`:                                   "a\nb\nc",
		`[{"blocks":[{"type":"divider"},{"type":"header","text":{"type":"plain_text","text":"x"}}]}]`: "x",
	} {
		if got := strings.Join(known.attachments(json.RawMessage(raw)), "\n"); got != want {
			t.Errorf("%s reads %q, want %q", raw, got, want)
		}
	}
}

func TestAFieldIsFoundByItsBlock(t *testing.T) {
	t.Parallel()
	blocks := json.RawMessage(`[{"type":"section","block_id":"text"},
		{"type":"input","block_id":"in","element":{"type":"plain_text_input","action_id":"a"}},
		{"type":"section","block_id":"beside","accessory":{"type":"static_select","action_id":"b"}},
		{"type":"actions","block_id":"among","elements":[{"type":"button","action_id":"x"},{"type":"datepicker","action_id":"c"}]},
		{"type":"actions","block_id":"buttons","elements":[{"type":"button","action_id":"x"}]}]`)
	for block, want := range map[string]string{"in": "a", "beside": "b", "among": "c", "buttons": "", "text": "", "none": ""} {
		if e, ok := fieldOf(blocks, block); e.ActionID != want || ok != (want != "") {
			t.Errorf("%s has %q, %v", block, e.ActionID, ok)
		}
	}
}

// Foreign JSON is drawn somehow: a transcript never ends a play.
func FuzzBlocks(f *testing.F) {
	for _, seed := range []string{
		`[{"type":"input"}]`, `[{"type":"section","text":"a","accessory":{"type":"button"}}]`, `[null]`, `{}`, `[{"type":"actions","elements":[{}]}]`,
		`[{"type":"rich_text","elements":[{"type":"text"},{"type":"link","url":"u","text":"t"},{"elements":[null]}]}]`,
	} {
		f.Add(seed, `{"selected_options":[{}]}`)
	}
	f.Fuzz(func(t *testing.T, blocks, value string) {
		raw := json.RawMessage(blocks)
		for _, l := range append(known.lines(raw, values{"": {"": json.RawMessage(value)}}), known.attachments(raw)...) {
			if strings.Contains(l, "\n") || strings.TrimSpace(l) == "" {
				t.Errorf("%s gives the line %q", blocks, l)
			}
		}
		fieldOf(raw, "")
	})
}
