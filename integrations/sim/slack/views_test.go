package slacksim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	slacksim "slipway/integrations/sim/slack"
)

// modal is a modal with one text input, which must be filled in.
func modal(title string) map[string]any {
	return map[string]any{
		"type": "modal", "title": plainText(title), "submit": plainText("Send"), "close": plainText("Cancel"), "callback_id": "cb",
		"blocks": []any{input(map[string]any{"type": "plain_text_input", "action_id": "t", "max_length": 10})},
	}
}

// opened gives a socket and the id of a modal that alice has open.
func (r *rig) opened(view map[string]any) (*socket, string) {
	r.t.Helper()
	k := r.socket()
	return k, r.open(k, view)
}

func (r *rig) open(k *socket, view map[string]any) string {
	r.t.Helper()
	a := r.call("views.open", map[string]any{"trigger_id": r.trigger(k), "view": view})
	id, _ := at(a.map_, "view", "id").(string)
	if id == "" {
		r.t.Fatalf("views.open: %v", a.map_)
	}
	return id
}

// trigger gives a fresh trigger_id of alice's.
func (r *rig) trigger(k *socket) string {
	r.t.Helper()
	r.command("")
	f := k.next()
	k.ack(f, nil)
	return at(f, "payload", "trigger_id").(string)
}

func TestATriggerOpensOneModalWithin3Seconds(t *testing.T) {
	t.Parallel()
	claims(t, "trigger_id: 3 s, one use.", "Errors `expired_trigger_id`, `exchanged_trigger_id`, `invalid_trigger_id` (format \"132456.7890123.abcdef\")")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		open := func(trigger string) string {
			return r.call("views.open", map[string]any{"trigger_id": trigger, "view": modal("M")}).str("error")
		}
		first, second, third := r.trigger(k), r.trigger(k), r.trigger(k)
		time.Sleep(3 * time.Second)
		if got := open(first); got != "" {
			t.Errorf("after 3 s: %q", got)
		}
		if got := open(first); got != "exchanged_trigger_id" {
			t.Errorf("second use: %q", got)
		}
		time.Sleep(time.Millisecond)
		if got := open(second); got != "expired_trigger_id" {
			t.Errorf("after 3.001 s: %q", got)
		}
		_ = third
		for _, bad := range []string{"", "abc", "1.2.XYZ", "1.2.abc"} {
			if got := open(bad); got != "invalid_trigger_id" {
				t.Errorf("trigger %q: %q", bad, got)
			}
		}
		if n := len(r.Faults()); n != 2 {
			t.Errorf("faults: %q", r.Faults())
		}
	})
}

func TestAModalFromOpeningToItsEnd(t *testing.T) {
	t.Parallel()
	claims(t, "Open the modal *first* with a \"loading\" view, then views.update by view_id (needs no trigger).",
		"`payload.view{id,callback_id,private_metadata,state.values.<block>.<action>,hash,root_view_id,previous_view_id}`, `accepts_response_payload:true`",
		`{"response_action":"errors","errors":{"block_id":"msg"}}`, "An empty ack closes this view.")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k, id := r.opened(map[string]any{"type": "modal", "title": plainText("Loading"), "blocks": []any{section("one moment")}})
		if _, err := r.Submit(alice, id); err == nil {
			t.Error("a modal without submit was submitted")
		}
		if a := r.call("views.update", map[string]any{"view_id": id, "view": modal("Full")}); a.map_["ok"] != true {
			t.Fatal(a.map_)
		}
		want := []slacksim.Button{
			{Place: slacksim.InView(id), Label: "Send", Submit: true},
			{Place: slacksim.InView(id), Label: "Cancel", Close: true},
		}
		if diff := cmp.Diff(want, r.Buttons(alice)); diff != "" {
			t.Error(diff)
		}
		if _, err := r.Submit(alice, id); !strings.Contains(errText(err), "required fields: [in]") {
			t.Errorf("an empty modal: %v", err)
		}
		if _, err := r.SetField(alice, slacksim.InView(id), "in", "t", "hello world"); !strings.Contains(errText(err), "at most 10") {
			t.Errorf("a text that is too long: %v", err)
		}
		if d, err := r.SetField(alice, slacksim.InView(id), "in", "t", "hello"); err != nil || d != nil {
			t.Errorf("an input without dispatch_action: %v %v", d, err)
		}
		d, err := r.Submit(alice, id)
		if err != nil {
			t.Fatal(err)
		}
		f := k.next()
		view := at(f, "payload", "view")
		if f["accepts_response_payload"] != true || at(f, "payload", "type") != "view_submission" || at(view, "callback_id") != "cb" ||
			at(view, "state", "values", "in", "t", "value") != "hello" || at(view, "root_view_id") != id || at(view, "hash") == nil {
			t.Errorf("submission: %v", f)
		}
		k.ack(f, map[string]any{"response_action": "errors", "errors": map[string]any{"in": "no good"}})
		<-d.Done()
		if v, _ := r.View(alice); v.Errors["in"] != "no good" {
			t.Errorf("errors: %v", v.Errors)
		}
		if _, err := r.Submit(alice, id); err != nil {
			t.Fatal(err)
		}
		k.ack(k.next(), nil)
		if _, open := r.View(alice); open {
			t.Error("an empty ack left the modal open")
		}
		seen := []string{"view_opened:Loading", "view_updated:Full", "view_errors:Full", "view_errors:Full", "view_closed:Full"}
		if diff := cmp.Diff(seen, r.kinds(0)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheAckOfASubmission(t *testing.T) {
	t.Parallel()
	claims(t, `{"response_action":"update"|"push","view":{...}}`, `{"response_action":"clear"}`)
	next, bad := modal("Next"), map[string]any{"type": "modal"}
	for _, tt := range []struct {
		name  string
		reply any
		stack []string // titles, the top last
		last  string   // of the journal
	}{
		{"update", map[string]any{"response_action": "update", "view": next}, []string{"Next"}, "view_updated:Next"},
		{"push", map[string]any{"response_action": "push", "view": next}, []string{"M", "Next"}, "view_pushed:Next"},
		{"clear", map[string]any{"response_action": "clear"}, nil, "view_closed:M"},
		{"nothing", nil, nil, "view_closed:M"},
		{"update with a bad view", map[string]any{"response_action": "update", "view": bad}, []string{"M"}, "told:We had some trouble connecting. Try again?"},
		{"errors for no input block", map[string]any{"response_action": "errors", "errors": map[string]any{"x": "y"}}, []string{"M"}, "told:We had some trouble connecting. Try again?"},
		{"errors without errors", map[string]any{"response_action": "errors"}, []string{"M"}, "told:We had some trouble connecting. Try again?"},
		{"nonsense", map[string]any{"response_action": "explode"}, []string{"M"}, "told:We had some trouble connecting. Try again?"},
	} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			k, id := r.opened(modal("M"))
			r.fill(id)
			if _, err := r.Submit(alice, id); err != nil {
				t.Fatal(err)
			}
			k.ack(k.next(), tt.reply)
			var stack []string
			for _, v := range r.Views(alice) {
				stack = append(stack, v.Title)
			}
			if diff := cmp.Diff(tt.stack, stack); diff != "" {
				t.Errorf("%s: %s", tt.name, diff)
			}
			got := r.kinds(0)
			if got[len(got)-1] != tt.last {
				t.Errorf("%s: %q, want %q", tt.name, got[len(got)-1], tt.last)
			}
			if (len(r.Faults()) > 0) != strings.HasPrefix(tt.last, "told") {
				t.Errorf("%s: faults %q", tt.name, r.Faults())
			}
		})
	}
}

func (r *rig) fill(id string) {
	r.t.Helper()
	if _, err := r.SetField(alice, slacksim.InView(id), "in", "t", "x"); err != nil {
		r.t.Fatal(err)
	}
}

func TestASubmissionWithoutAnAckStaysOpen(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k, id := r.opened(modal("M"))
		r.fill(id)
		d, err := r.Submit(alice, id)
		if err != nil {
			t.Fatal(err)
		}
		k.next()
		<-d.Done()
		entries, _ := r.Journal(0)
		last := entries[len(entries)-1]
		if d.Outcome().Failed != "operation_timeout" || last.Kind != slacksim.Told || last.Code != "operation_timeout" || last.User != alice {
			t.Errorf("%+v, %+v", d.Outcome(), last)
		}
		if _, open := r.View(alice); !open {
			t.Error("the modal is gone")
		}
	})
}

func TestUpdatesByHash(t *testing.T) {
	t.Parallel()
	claims(t, "views.update errors: `hash_conflict`, `not_found`")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		_, id := r.opened(with(modal("M"), "external_id", "ext"))
		v, _ := r.View(alice)
		update := func(body map[string]any) string {
			body["view"] = modal("N")
			return r.call("views.update", body).str("error")
		}
		if got := update(map[string]any{"view_id": id, "hash": v.Hash}); got != "" {
			t.Errorf("the right hash: %q", got)
		}
		if got := update(map[string]any{"view_id": id, "hash": v.Hash}); got != "hash_conflict" {
			t.Errorf("an old hash: %q", got)
		}
		if got := update(map[string]any{"view_id": "V0"}); got != "not_found" {
			t.Errorf("an unknown view: %q", got)
		}
		if got := update(map[string]any{"external_id": "other"}); got != "not_found" {
			t.Errorf("an unknown external_id: %q", got)
		}
	})
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k, _ := r.opened(with(modal("M"), "external_id", "ext"))
		if got := r.call("views.update", map[string]any{"external_id": "ext", "view": modal("N")}).str("error"); got != "" {
			t.Errorf("by external_id: %q", got)
		}
		r.open(k, with(modal("M"), "external_id", "ext"))
		a := r.call("views.push", map[string]any{"trigger_id": r.trigger(k), "view": with(modal("M"), "external_id", "ext")})
		if got := a.str("error"); got != "duplicate_external_id" {
			t.Errorf("the same external_id twice: %q", got)
		}
	})
}

func TestAnUpdateKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		_, id := r.opened(modal("M"))
		r.fill(id)
		r.call("views.update", map[string]any{"view_id": id, "view": modal("N")})
		v, _ := r.View(alice)
		if got := string(v.State["in"]["t"]); got != `{"type":"plain_text_input","value":"x"}` {
			t.Errorf("state %s", got)
		}
	})
}

func TestViewLimits(t *testing.T) {
	t.Parallel()
	claims(t, "| modal | title, submit, close 24; private_metadata 3000; callback_id 255; view JSON 250 KB, error `view_too_large`",
		"views `hash_conflict`; view 250 KB", "| blocks per message / view | 50 / 100 [docs] |")
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		k := r.socket()
		for _, tt := range []struct {
			name  string
			view  map[string]any
			want  string
			first string
		}{
			{"title 24", with(modal("M"), "title", plainText(n(24))), "", ""},
			{"title 25", with(modal("M"), "title", plainText(n(25))), "invalid_arguments", "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"},
			{"submit 25", with(modal("M"), "submit", plainText(n(25))), "invalid_arguments", "[ERROR] must be less than 25 characters [json-pointer:/view/submit/text]"},
			{"close 25", with(modal("M"), "close", plainText(n(25))), "invalid_arguments", "[ERROR] must be less than 25 characters [json-pointer:/view/close/text]"},
			{"private_metadata 3000", with(modal("M"), "private_metadata", n(3000)), "", ""},
			{"private_metadata 3001", with(modal("M"), "private_metadata", n(3001)), "invalid_arguments", "[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]"},
			{"callback_id 256", with(modal("M"), "callback_id", n(256)), "invalid_arguments", "[ERROR] must be less than 256 characters [json-pointer:/view/callback_id]"},
			{"100 blocks", with(modal("M"), "blocks", many(100, func(int) any { return section("s") })), "", ""},
			{"101 blocks", with(modal("M"), "blocks", many(101, func(int) any { return section("s") })), "invalid_arguments", "[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]"},
			{"250 KB", with(modal("M"), "blocks", many(90, func(int) any { return section(strings.Repeat("x", 2900)) })), "view_too_large", ""},
			{"an input without submit", with(modal("M"), "submit", nil), "invalid_arguments", "[ERROR] missing required field: submit [json-pointer:/view]"},
			{"no title", with(modal("M"), "title", nil), "invalid_arguments", "[ERROR] missing required field: title [json-pointer:/view]"},
			{"a Home tab", map[string]any{"type": "home", "blocks": []any{}}, "invalid_arguments", `[ERROR] must be a valid enum value: "modal" expected, "home" found [json-pointer:/view/type]`},
			{"a markdown block", with(modal("M"), "blocks", []any{map[string]any{"type": "markdown", "text": "m"}}), "invalid_arguments", "[ERROR] unsupported type: markdown [json-pointer:/view/blocks/0/type]"},
			{"an alert block", with(modal("M"), "blocks", []any{map[string]any{"type": "alert", "text": plainText("a")}}), "", ""},
		} {
			a := r.call("views.open", map[string]any{"trigger_id": r.trigger(k), "view": tt.view})
			first, _ := at(a.map_, "response_metadata", "messages", 0).(string)
			if a.str("error") != tt.want || first != tt.first {
				t.Errorf("%s: %v, want %s %s", tt.name, a.map_, tt.want, tt.first)
			}
		}
	})
}

func TestThreeModalsLieOnEachOther(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k, first := r.opened(with(with(modal("1"), "notify_on_close", true), "clear_on_close", false))
		push := func(title string) answer {
			view := with(with(modal(title), "notify_on_close", true), "clear_on_close", true)
			return r.call("views.push", map[string]any{"trigger_id": r.trigger(k), "view": view})
		}
		a := push("2")
		second, _ := at(a.map_, "view", "id").(string)
		if at(a.map_, "view", "previous_view_id") != first || at(a.map_, "view", "root_view_id") != first {
			t.Errorf("pushed view: %v", a.map_)
		}
		push("3")
		if got := push("4").str("error"); got != "push_limit_reached" {
			t.Errorf("a fourth: %q", got)
		}
		if _, err := r.Submit(alice, second); err == nil {
			t.Error("a modal that is not on top was submitted")
		}
		v, _ := r.View(alice)
		if _, err := r.CloseView(alice, v.ID); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"3", "2", "1"} {
			f := k.next()
			k.ack(f, nil)
			if at(f, "payload", "type") != "view_closed" || at(f, "payload", "is_cleared") != true || at(f, "payload", "view", "title", "text") != want {
				t.Errorf("closing %s: %v", want, payloadOf(f))
			}
		}
		if _, open := r.View(alice); open {
			t.Error("clear_on_close left a modal open")
		}
	})
}

func TestViewClosedComesOnlyIfAskedFor(t *testing.T) {
	t.Parallel()
	claims(t, "`view_closed` comes only with `notify_on_close:true` and has `is_cleared`")
	for _, notify := range []bool{false, true} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			k, id := r.opened(with(modal("M"), "notify_on_close", notify))
			d, err := r.CloseView(alice, id)
			if err != nil || (d != nil) != notify {
				t.Fatalf("notify %v: %v %v", notify, d, err)
			}
			if !notify {
				k.quiet()
				return
			}
			if got := at(k.next(), "payload", "is_cleared"); got != false {
				t.Errorf("is_cleared %v", got)
			}
		})
	}
}

func TestFieldsOfAModal(t *testing.T) {
	t.Parallel()
	options := []any{option(1), option(2)}
	for _, tt := range []struct {
		element map[string]any
		enter   string
		want    string
		wrong   string // "" if everything goes
	}{
		{map[string]any{"type": "static_select", "options": options}, "2", `"selected_option":{"text":{"emoji":true,"text":"o2","type":"plain_text"},"value":"2"}`, "9"},
		{map[string]any{"type": "radio_buttons", "options": options}, "1", `"selected_option":{"text":{"emoji":true,"text":"o1","type":"plain_text"},"value":"1"}`, "9"},
		{map[string]any{"type": "checkboxes", "options": options}, "", `"selected_options":[]`, "1,9"},
		{map[string]any{"type": "multi_users_select"}, "U1,U2", `"selected_users":["U1","U2"]`, ""},
		{map[string]any{"type": "conversations_select"}, "C1", `"selected_conversation":"C1"`, ""},
		{map[string]any{"type": "datepicker"}, "2026-01-05", `"selected_date":"2026-01-05"`, "5 Jan"},
		{map[string]any{"type": "timepicker"}, "14:05", `"selected_time":"14:05"`, "2pm"},
		{map[string]any{"type": "datetimepicker"}, "2026-01-05 14:00", `"selected_date_time":1767621600`, "now"},
		{map[string]any{"type": "plain_text_input", "min_length": 2}, "abc", `"value":"abc"`, "a"},
	} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			element := with(tt.element, "action_id", "f")
			_, id := r.opened(with(modal("M"), "blocks", []any{input(element)}))
			if tt.wrong != "" {
				if _, err := r.SetField(alice, slacksim.InView(id), "in", "f", tt.wrong); err == nil {
					t.Errorf("%s took %q", element["type"], tt.wrong)
				}
			}
			if _, err := r.SetField(alice, slacksim.InView(id), "in", "f", tt.enter); err != nil {
				t.Fatal(err)
			}
			v, _ := r.View(alice)
			if got := string(v.State["in"]["f"]); !strings.Contains(got, tt.want) {
				t.Errorf("%s: %s, want %s", element["type"], got, tt.want)
			}
		})
	}
}

func TestDispatchingInputsAndOptionsFromTheApp(t *testing.T) {
	t.Parallel()
	claims(t, "`block_suggestion` is acked with `{\"options\":[...]}`")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		ext := map[string]any{"type": "external_select", "action_id": "e"}
		k, id := r.opened(with(modal("M"), "blocks", []any{with(input(ext), "dispatch_action", true)}))
		place := slacksim.InView(id)
		if _, err := r.SetField(alice, place, "in", "e", "v1"); err == nil {
			t.Error("an option that nobody offered was chosen")
		}
		if _, err := r.Suggest(alice, place, "in", "e", "v"); err != nil {
			t.Fatal(err)
		}
		f := k.next()
		if at(f, "payload", "type") != "block_suggestion" || at(f, "payload", "value") != "v" || f["accepts_response_payload"] != true {
			t.Errorf("suggestion: %v", f)
		}
		k.ack(f, map[string]any{"options": []any{map[string]any{"text": plainText("v1"), "value": "v1"}}})
		d, err := r.SetField(alice, place, "in", "e", "v1")
		if err != nil || d == nil {
			t.Fatalf("%v %v", d, err)
		}
		f = k.next()
		if at(f, "payload", "container", "type") != "view" || at(f, "payload", "actions", 0, "selected_option", "value") != "v1" ||
			at(f, "payload", "channel") != nil || at(f, "payload", "response_url") != nil {
			t.Errorf("block_actions in a view: %v", payloadOf(f))
		}
		k.ack(f, nil)
		if _, err := r.Suggest(alice, place, "in", "e", "v"); err != nil {
			t.Fatal(err)
		}
		k.ack(k.next(), map[string]any{"options": []any{map[string]any{"text": plainText("v1")}}})
		if len(r.Faults()) != 1 {
			t.Errorf("an option without a value: %q", r.Faults())
		}
	})
}

func TestHome(t *testing.T) {
	t.Parallel()
	claims(t, "publish on `app_home_opened` (`tab:\"home\"`) with views.publish (t4, no scope). Home buttons have no channel and no response_url.",
		"`{type,user,channel,tab:\"home\"|\"messages\",event_ts,view?}`", "Home-tab button: `container.type:\"view\"` and `view`; no `channel`, no `message`, no `response_url`.")
	in(t, slacksim.Options{Scopes: []string{}}, func(t *testing.T, r *rig) {
		k := r.socket()
		if _, err := r.OpenHome(alice); err != nil {
			t.Fatal(err)
		}
		f := k.next()
		k.ack(f, nil)
		event := at(f, "payload", "event")
		if at(event, "tab") != "home" || at(event, "user") != alice || at(event, "view") != nil {
			t.Errorf("event: %v", event)
		}
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewActionBlock("b", slack.NewButtonBlockElement("go", "v", slack.NewTextBlockObject("plain_text", "Go", false, false))),
		}}}
		res, err := r.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: alice, View: home})
		if err != nil {
			t.Fatal(err)
		}
		old := res.Hash
		if _, err := r.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: alice, View: home}); err != nil {
			t.Fatal(err)
		}
		_, err = r.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: alice, View: home, Hash: &old})
		if errText(err) != "hash_conflict" {
			t.Errorf("an old hash: %v", err)
		}
		v, ok := r.Home(alice)
		if !ok || v.ID != res.View.ID {
			t.Errorf("home: %+v", v)
		}
		if _, err := r.Click(alice, slacksim.InView(v.ID), "b", "go"); err != nil {
			t.Fatal(err)
		}
		f = k.next()
		k.ack(f, nil)
		p := payloadOf(f)
		if at(p, "container", "type") != "view" || p["view"] == nil || p["channel"] != nil || p["message"] != nil || p["response_url"] != nil {
			t.Errorf("payload: %v", p)
		}
		if _, err := r.OpenHome(alice); err != nil {
			t.Fatal(err)
		}
		if got := at(k.next(), "payload", "event", "view", "id"); got != v.ID {
			t.Errorf("the second opening carries view %v", got)
		}
		if _, err := r.CloseView(alice, v.ID); err == nil {
			t.Error("a Home tab was closed")
		}
	})
}

func TestTheOfficialClientsViews(t *testing.T) {
	t.Parallel()
	claims(t, "in JSON `view` is an object")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		label := slack.NewTextBlockObject("plain_text", "Release", false, false)
		option := slack.NewOptionBlockObject("v120", label, nil)
		view := slack.ModalViewRequest{
			Type: slack.VTModal, Title: label, Submit: label, Close: label, CallbackID: "cb", PrivateMetadata: "m", NotifyOnClose: true,
			Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewInputBlock("release", label, nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, label, "pick", option)),
				slack.NewInputBlock("n", label, nil, slack.NewNumberInputBlockElement(label, "n", false)).WithOptional(true),
				slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*hi*", false, false), nil, nil),
				slack.NewDividerBlock(), slack.NewContextBlock("", slack.NewTextBlockObject("mrkdwn", "c", false, false)),
			}},
		}
		res, err := r.api.OpenView(r.trigger(k), view)
		if err != nil {
			t.Fatal(err)
		}
		if res.View.ID == "" || res.View.PrivateMetadata != "m" || res.View.CallbackID != "cb" || !res.View.NotifyOnClose {
			t.Errorf("view: %+v", res.View)
		}
		if _, err := r.api.UpdateView(view, "", res.View.Hash, res.View.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := r.SetField(alice, slacksim.InView(res.View.ID), "release", "pick", "v120"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Submit(alice, res.View.ID); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(k.next()["payload"])
		if err != nil {
			t.Fatal(err)
		}
		var call slack.InteractionCallback
		if err := json.Unmarshal(raw, &call); err != nil {
			t.Fatal(err)
		}
		if got := call.View.State.Values["release"]["pick"].SelectedOption.Value; got != "v120" || call.User.TeamID != r.TeamID() {
			t.Errorf("submission: %q, %+v", got, call.User)
		}
		var slackErr slack.SlackErrorResponse
		view.Title = slack.NewTextBlockObject("plain_text", n(25), false, false)
		_, err = r.api.UpdateView(view, "", "", res.View.ID)
		if e, ok := err.(slack.SlackErrorResponse); ok {
			slackErr = e
		}
		if slackErr.Err != "invalid_arguments" || len(slackErr.ResponseMetadata.Messages) != 1 {
			t.Errorf("a bad view: %#v", err)
		}
		synctest.Wait()
	})
}
