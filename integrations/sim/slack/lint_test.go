package slacksim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	slacksim "slipway/integrations/sim/slack"
)

// n gives a text of n characters, two bytes each: Slack counts characters.
func n(count int) string { return strings.Repeat("ü", count) }

// many gives a list of count values, made by f.
func many(count int, f func(i int) any) []any {
	out := make([]any, count)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

func option(i int) any {
	return map[string]any{"text": plainText(fmt.Sprint("o", i)), "value": fmt.Sprint(i)}
}

func actions(elements ...any) map[string]any {
	return map[string]any{"type": "actions", "elements": elements}
}

func input(element map[string]any) map[string]any {
	return map[string]any{"type": "input", "block_id": "in", "label": plainText("l"), "element": element}
}

// with gives a copy of an object with one property more.
func with(obj map[string]any, name string, value any) map[string]any {
	out := map[string]any{name: value}
	for k, v := range obj {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// lintCase is one limit: just right, and one too many.
type lintCase struct {
	fact  string
	right any // a block, or a list of blocks
	wrong any
	says  string // what Slack says of the wrong one
}

var (
	okButton   = map[string]any{"type": "button", "action_id": "a", "text": plainText("t")}
	okSelect   = map[string]any{"type": "static_select", "action_id": "a", "options": []any{option(1)}}
	okConfirm  = map[string]any{"title": plainText("t"), "text": plainText("t"), "confirm": plainText("y"), "deny": plainText("n")}
	okImage    = map[string]any{"type": "image", "image_url": "https://x.example/i.png", "alt_text": "alt"}
	okCheckbox = map[string]any{"type": "checkboxes", "action_id": "a", "options": []any{option(1)}}
)

func lintCases() []lintCase {
	const sizes = "| section / header | text 3000 [thread GitLab release-tools!1786], fields 10 x 2000 / 150 (over: HTTP 400 [thread mlrun/mlrun#5489]), no mrkdwn, no links |"
	const three = "| context / actions / image | 10 elements / 25 elements / alt and title 2000 |"
	const buttons = "| button | text 75, value 2000, url 3000, action_id 255, accessibility label 75 |"
	const selects = "| static_select / option | 100 options or 100 groups / text 75, value 75, description 75, url (overflow only) 3000"
	const boxes = "| checkboxes, radio / overflow / plain_text_input | 10 options / 2-5 options [unverified] / 3000 |"
	const confirm = "| confirm | title 100, text 300, buttons 30 |"
	const tables = "| table / markdown block | 100 rows x 20 columns, one per message [unverified] / 12,000 characters summed over the message |"
	less := func(most int, at string) string {
		return fmt.Sprintf("[ERROR] must be less than %d characters [json-pointer:%s]", most+1, at)
	}
	items := func(most int, at string) string {
		return fmt.Sprintf("[ERROR] no more than %d items allowed [json-pointer:%s]", most, at)
	}
	field := func(i int) any { return map[string]any{"type": "mrkdwn", "text": fmt.Sprint(i)} }
	header := func(text map[string]any) any { return map[string]any{"type": "header", "text": text} }
	btn := func(name string, v any) any { return actions(with(okButton, name, v)) }
	sel := func(name string, v any) any { return actions(with(okSelect, name, v)) }
	opt := func(name string, v any) any {
		return actions(with(okSelect, "options", []any{with(option(1).(map[string]any), name, v)}))
	}
	conf := func(name string, size int) any {
		return actions(with(okButton, "confirm", with(okConfirm, name, plainText(n(size)))))
	}
	table := func(rows, columns int) any {
		cell := map[string]any{"type": "raw_text", "text": "c"}
		return map[string]any{"type": "table", "rows": many(rows, func(int) any { return many(columns, func(int) any { return cell }) })}
	}
	markdown := func(size int) any { return map[string]any{"type": "markdown", "text": strings.Repeat("m", size)} }
	return []lintCase{
		{"| blocks per message / view | 50 / 100 [docs] |", many(50, func(int) any { return section("s") }), many(51, func(int) any { return section("s") }), items(50, "/blocks")},
		{sizes, section(n(3000)), section(n(3001)), less(3000, "/blocks/0/text/text")},
		{sizes, section("s"), section(""), "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{sizes, map[string]any{"type": "section", "fields": many(10, field)}, map[string]any{"type": "section", "fields": many(11, field)}, items(10, "/blocks/0/fields")},
		{
			sizes,
			map[string]any{"type": "section", "fields": []any{map[string]any{"type": "mrkdwn", "text": n(2000)}}},
			map[string]any{"type": "section", "fields": []any{map[string]any{"type": "mrkdwn", "text": n(2001)}}},
			less(2000, "/blocks/0/fields/0/text"),
		},
		{sizes, header(plainText(n(150))), header(plainText(n(151))), less(150, "/blocks/0/text/text")},
		{sizes, header(plainText("h")), header(map[string]any{"type": "mrkdwn", "text": "h"}), "[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		{three, map[string]any{"type": "context", "elements": many(10, field)}, map[string]any{"type": "context", "elements": many(11, field)}, items(10, "/blocks/0/elements")},
		{
			three, actions(many(25, func(i int) any { return with(okButton, "action_id", fmt.Sprint(i)) })...),
			actions(many(26, func(i int) any { return with(okButton, "action_id", fmt.Sprint(i)) })...), items(25, "/blocks/0/elements"),
		},
		{three, with(okImage, "alt_text", n(2000)), with(okImage, "alt_text", n(2001)), less(2000, "/blocks/0/alt_text")},
		{three, with(okImage, "title", plainText(n(2000))), with(okImage, "title", plainText(n(2001))), less(2000, "/blocks/0/title/text")},
		{"| block_id | 255; unique in a message", with(section("s"), "block_id", n(255)), with(section("s"), "block_id", n(256)), less(255, "/blocks/0/block_id")},
		{
			"| block_id | 255; unique in a message",
			[]any{with(section("s"), "block_id", "a"), with(section("s"), "block_id", "b")},
			[]any{with(section("s"), "block_id", "a"), with(section("s"), "block_id", "a")},
			"[ERROR] `block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]",
		},
		{tables, table(100, 20), table(101, 20), items(100, "/blocks/0/rows")},
		{tables, table(100, 20), table(1, 21), items(20, "/blocks/0/rows/0")},
		{tables, []any{markdown(6000), markdown(6000)}, []any{markdown(6000), markdown(6001)}, "[ERROR] must be less than 12001 characters over all markdown blocks [json-pointer:/blocks]"},
		{buttons, btn("text", plainText(n(75))), btn("text", plainText(n(76))), less(75, "/blocks/0/elements/0/text/text")},
		{buttons, btn("value", n(2000)), btn("value", n(2001)), less(2000, "/blocks/0/elements/0/value")},
		{buttons, btn("url", n(3000)), btn("url", n(3001)), less(3000, "/blocks/0/elements/0/url")},
		{buttons, btn("action_id", n(255)), btn("action_id", n(256)), less(255, "/blocks/0/elements/0/action_id")},
		{buttons, btn("accessibility_label", n(75)), btn("accessibility_label", n(76)), less(75, "/blocks/0/elements/0/accessibility_label")},
		{selects, sel("options", many(100, option)), sel("options", many(101, option)), items(100, "/blocks/0/elements/0/options")},
		{selects, opt("text", plainText(n(75))), opt("text", plainText(n(76))), less(75, "/blocks/0/elements/0/options/0/text/text")},
		{selects, opt("value", n(75)), opt("value", n(76)), less(75, "/blocks/0/elements/0/options/0/value")},
		{selects, opt("description", plainText(n(75))), opt("description", plainText(n(76))), less(75, "/blocks/0/elements/0/options/0/description/text")},
		{selects, okActions(), opt("url", "https://x.example"), "[ERROR] invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]"},
		{boxes, actions(with(okCheckbox, "options", many(10, option))), actions(with(okCheckbox, "options", many(11, option))), items(10, "/blocks/0/elements/0/options")},
		{
			boxes, input(map[string]any{"type": "plain_text_input", "action_id": "a", "max_length": 3000}),
			input(map[string]any{"type": "plain_text_input", "action_id": "a", "max_length": 3001}), "[ERROR] must be between 1 and 3000 [json-pointer:/blocks/0/element/max_length]",
		},
		{confirm, conf("title", 100), conf("title", 101), less(100, "/blocks/0/elements/0/confirm/title/text")},
		{confirm, conf("text", 300), conf("text", 301), less(300, "/blocks/0/elements/0/confirm/text/text")},
		{confirm, conf("confirm", 30), conf("confirm", 31), less(30, "/blocks/0/elements/0/confirm/confirm/text")},
		{confirm, conf("deny", 30), conf("deny", 31), less(30, "/blocks/0/elements/0/confirm/deny/text")},
		{"Unknown event types, unknown blocks, wrong-shaped blocks, extra fields", section("s"), map[string]any{"type": "sectoin"}, "[ERROR] unsupported type: sectoin [json-pointer:/blocks/0/type]"},
		{"Unknown event types, unknown blocks, wrong-shaped blocks, extra fields", section("s"), with(section("s"), "extra", 1), "[ERROR] invalid additional property: extra [json-pointer:/blocks/0]"},
		{"Unknown event types, unknown blocks, wrong-shaped blocks, extra fields", section("s"), map[string]any{"type": "section", "text": "s"}, "[ERROR] must be an object [json-pointer:/blocks/0/text]"},
		{"`alert` only in modals (error in messages)", section("s"), map[string]any{"type": "alert", "text": plainText("a")}, "[ERROR] unsupported type: alert [json-pointer:/blocks/0/type]"},
		{
			`"status is ` + "`complete`, `completed` is rejected\"",
			map[string]any{"type": "task_card", "task_id": "1", "title": "t", "status": "complete"},
			map[string]any{"type": "task_card", "task_id": "1", "title": "t", "status": "completed"},
			"[ERROR] must be a valid enum value: completed [json-pointer:/blocks/0/status]",
		},
		{
			`"plan and task_card are mutually exclusive"`,
			map[string]any{"type": "plan", "title": "p"},
			[]any{map[string]any{"type": "plan", "title": "p"}, map[string]any{"type": "task_card", "task_id": "1", "title": "t"}},
			"[ERROR] plan and task_card are mutually exclusive [json-pointer:/blocks]",
		},
	}
}

func okActions() any { return actions(okSelect) }

func TestBlockKitLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range lintCases() {
		claims(t, tt.fact)
	}
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		for _, tt := range lintCases() {
			if got := r.postBlocks(tt.right); got.str("error") != "" {
				t.Errorf("%s: the right one is refused: %v", tt.fact, got.map_)
			}
			got := r.postBlocks(tt.wrong)
			if got.str("error") != "invalid_blocks" || at(got.map_, "response_metadata", "messages", 0) != tt.says && at(got.map_, "response_metadata", "messages", 1) != tt.says {
				t.Errorf("%s: %v, want %s", tt.fact, got.map_, tt.says)
			}
		}
	})
}

// postBlocks posts one block or a list of blocks.
func (r *rig) postBlocks(blocks any) answer {
	if _, list := blocks.([]any); !list {
		blocks = []any{blocks}
	}
	return r.call("chat.postMessage", map[string]any{"channel": deploys, "text": "t", "blocks": blocks})
}

func TestAllBlocksTogetherHaveALimit(t *testing.T) {
	t.Parallel()
	claims(t, "`msg_blocks_too_long` near 13.2k characters")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		part := func(int) any { return section(strings.Repeat("x", 2640)) }
		if got := r.postBlocks(many(5, part)).str("error"); got != "" {
			t.Errorf("13,200 characters: %q", got)
		}
		if got := r.postBlocks(append(many(5, part), section("x"))).str("error"); got != "msg_blocks_too_long" {
			t.Errorf("13,201 characters: %q", got)
		}
	})
}

func TestUnverifiedLimitsCanBeSwitched(t *testing.T) {
	t.Parallel()
	claims(t, "option value 75 or 150", "one table per message; overflow 2-5 options")
	option76 := actions(with(okSelect, "options", []any{with(option(1).(map[string]any), "value", n(150))}))
	overflow := actions(map[string]any{"type": "overflow", "action_id": "a", "options": many(6, option)})
	one := map[string]any{"type": "table", "rows": []any{[]any{map[string]any{"type": "raw_text", "text": "c"}}}}
	for _, tt := range []struct {
		name  string
		on    slacksim.Unverified
		block any
	}{
		{"OptionValue", slacksim.Unverified{OptionValue: 150}, option76},
		{"AnyOverflow", slacksim.Unverified{AnyOverflow: true}, overflow},
		{"AnyTables", slacksim.Unverified{AnyTables: true}, []any{one, one}},
	} {
		for _, on := range []bool{false, true} {
			opts := slacksim.Options{}
			want := "invalid_blocks"
			if on {
				opts.Unverified, want = tt.on, ""
			}
			in(t, opts, func(t *testing.T, r *rig) {
				if got := r.postBlocks(tt.block); got.str("error") != want {
					t.Errorf("%s %v: %v", tt.name, on, got.map_)
				}
			})
		}
	}
}

func TestAttachmentsWithBlocks(t *testing.T) {
	t.Parallel()
	claims(t, "hex only (good/danger fail with blocks", "no legacy `text`/`callback_id` beside `blocks` (`invalid_attachments`",
		"| attachments / contact cards | 100 (`too_many_attachments`)")
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		for _, tt := range []struct {
			a    []any
			want string
		}{
			{[]any{map[string]any{"color": "#d93025", "blocks": []any{section("s")}}}, ""},
			{[]any{map[string]any{"color": "danger", "blocks": []any{section("s")}}}, "invalid_attachments"},
			{[]any{map[string]any{"text": "t", "blocks": []any{section("s")}}}, "invalid_attachments"},
			{[]any{map[string]any{"blocks": []any{section("")}}}, "invalid_blocks"},
			{many(100, func(int) any { return map[string]any{"text": "t"} }), ""},
			{many(101, func(int) any { return map[string]any{"text": "t"} }), "too_many_attachments"},
		} {
			a := r.call("chat.postMessage", map[string]any{"channel": deploys, "attachments": tt.a})
			if got := a.str("error"); got != tt.want {
				t.Errorf("%.80v: %q, want %q", tt.a, got, tt.want)
			}
		}
	})
}

func TestStoredBlocksHaveIDs(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		r.post(deploys, map[string]any{"text": "t", "blocks": []any{
			section("s"), actions(map[string]any{"type": "button", "text": plainText("t")}),
		}})
		var blocks []map[string]any
		if err := json.Unmarshal(r.Messages(deploys)[0].Blocks, &blocks); err != nil {
			t.Fatal(err)
		}
		want := []map[string]any{
			{"type": "section", "block_id": "b1", "text": map[string]any{"type": "mrkdwn", "text": "s", "verbatim": false}},
			{"type": "actions", "block_id": "b2", "elements": []any{map[string]any{
				"type": "button", "action_id": "a1", "text": map[string]any{"type": "plain_text", "text": "t", "emoji": true},
			}}},
		}
		if diff := cmp.Diff(want, blocks); diff != "" {
			t.Error(diff)
		}
	})
}
