package slack

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

func TestWhatABadFrameStillTells(t *testing.T) {
	t.Parallel()
	type saved struct{ ID, Command, Text, User, Action, Value, Callback, State, TS, Event, EventID string }
	tests := []struct {
		name, frame string
		want        saved
		ok          bool
	}{
		{
			"a command with a field of the wrong kind",
			`{"type":"slash_commands","envelope_id":"e1","payload":{"command":"/deploy","text":"status","user_id":"U1","channel_id":"C1","team_domain":7}}`,
			saved{ID: "e1", Command: "/deploy", Text: "status", User: "U1"},
			true,
		},
		{
			"a command whose envelope has a field of the wrong kind",
			`{"type":"slash_commands","envelope_id":"e1","retry_attempt":"x","payload":{"command":"/deploy","user_id":"U1","channel_id":"C1"}}`,
			saved{ID: "e1", Command: "/deploy", User: "U1"},
			true,
		},
		{
			"a command whose text cannot be read is not one without text",
			`{"type":"slash_commands","envelope_id":"e1","payload":{"command":"/rollback","text":["v12"],"user_id":"U1","channel_id":"C1"}}`,
			saved{ID: "e1"},
			false,
		},
		{
			"a command of nobody",
			`{"type":"slash_commands","envelope_id":"e1","payload":{"command":"/deploy","user_id":null,"channel_id":"C1"}}`,
			saved{ID: "e1"},
			false,
		},
		{
			"a click in a message with a block of a new shape",
			`{"type":"interactive","envelope_id":"e2","payload":{"type":"block_actions","user":{"id":"U1"},"container":{"message_ts":"1.2"},
			  "message":{"ts":"1.2","blocks":[{"type":"section","text":"not an object"}]},"actions":[{"action_id":"go","block_id":"b","type":"button","value":"7"}]}}`,
			saved{ID: "e2", User: "U1", Action: "go", Value: "7", TS: "1.2"},
			true,
		},
		{
			"a click in a message of a new shape",
			`{"type":"interactive","envelope_id":"e2","payload":{"type":"block_actions","user":{"id":"U1"},"container":{"message_ts":"1.2"},
			  "message":{"ts":12},"actions":[{"action_id":"go","block_id":"b","type":"button","value":"7"}]}}`,
			saved{ID: "e2", User: "U1", Action: "go", Value: "7", TS: "1.2"},
			true,
		},
		{
			"a click on a button of a new shape, by a person of a new shape",
			`{"type":"interactive","envelope_id":"e2","payload":{"type":"block_actions","user":{"id":"U1","profile":[]},"container":{"message_ts":"1.2","is_ephemeral":"no"},
			  "actions":[{"action_id":"go","block_id":"b","type":"button","value":"7","text":"plain"}]}}`,
			saved{ID: "e2", User: "U1", Action: "go", Value: "7", TS: "1.2"},
			true,
		},
		{
			"a click on nothing that can be read",
			`{"type":"interactive","envelope_id":"e2","payload":{"type":"block_actions","user":{"id":"U1"},"message":{"ts":12},"actions":"go"}}`,
			saved{ID: "e2"},
			false,
		},
		{
			"a form with a block of a new shape keeps what was filled in",
			`{"type":"interactive","envelope_id":"e3","payload":{"type":"view_submission","user":{"id":"U1"},
			  "view":{"id":"V1","callback_id":"restore","title":"x","blocks":[{"type":"section","text":1}],"state":{"values":{"b":{"a":{"type":"plain_text_input","value":"penny"}}}}}}}`,
			saved{ID: "e3", User: "U1", Callback: "restore", State: "penny"},
			true,
		},
		{
			"a form without what was filled in is no form",
			`{"type":"interactive","envelope_id":"e3","payload":{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","callback_id":"restore","title":1,"state":[]}}}`,
			saved{ID: "e3"},
			false,
		},
		{
			"an event that slack-go does not know",
			`{"type":"events_api","envelope_id":"e4","retry_attempt":1,"payload":{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"brand_new","user":"U1"}}}`,
			saved{ID: "e4", Event: "brand_new", EventID: "Ev1"},
			true,
		},
		{"an unknown type", `{"type":"hologram","envelope_id":"e5","payload":{"x":1}}`, saved{ID: "e5"}, false},
		{"a payload that is no object", `{"type":"slash_commands","envelope_id":"e6","payload":"hello"}`, saved{ID: "e6"}, false},
		{"no object at all", `[1,2]`, saved{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env, ok := readBadFrame(json.RawMessage(tt.frame)).envelope()
			got := saved{ID: env.ID}
			if c := env.Command; c != nil {
				got.Command, got.Text, got.User = c.Command, c.Text, c.UserID
			}
			if i := env.Interaction; i != nil {
				got.User, got.Callback, got.TS = i.User.ID, i.View.CallbackID, i.Message.Timestamp
				for _, a := range i.ActionCallback.BlockActions {
					got.Action, got.Value = a.ActionID, a.Value
				}
				if i.View.State != nil {
					got.State = i.View.State.Values["b"]["a"].Value
				}
			}
			if e := env.Event; e != nil {
				got.Event, got.EventID = e.Type, e.ID
			}
			if d := cmp.Diff(tt.want, got); d != "" || ok != tt.ok {
				t.Errorf("saved: %v, want %v (-want +got)\n%s", ok, tt.ok, d)
			}
		})
	}
}

func TestAHelloOfANewShapeIsStillAHello(t *testing.T) {
	t.Parallel()
	b := readBadFrame(json.RawMessage(`{"type":"hello","num_connections":3,"debug_info":{"build_number":"x","approximate_connection_time":18060}}`))
	if r := b.hello(); r.NumConnections != 3 || r.DebugInfo.ApproximateConnectionTime != 18060 {
		t.Errorf("got %+v", r)
	}
}

func FuzzABadFrameNeverPanics(f *testing.F) {
	f.Add(`{"type":"interactive","envelope_id":"e2","payload":{"type":"block_actions","user":{"id":"U1"},"view":{"state":{}},"actions":[{"selected_option":{"value":"x"}}]}}`)
	f.Add(`{"type":"slash_commands","payload":{"text":null}}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, frame string) {
		b := readBadFrame(json.RawMessage(frame))
		b.hello()
		env, ok := b.envelope()
		if ok && env.Interaction != nil && env.Interaction.User.ID == "" {
			t.Error("an interaction of nobody")
		}
	})
}

func TestAnEventKeepsItsIDRetryAndRawForm(t *testing.T) {
	t.Parallel()
	raw := json.RawMessage(`{"type":"app_mention","user":"U1"}`)
	got := eventOf(slackevents.EventsAPIEvent{
		TeamID: "T1", Type: slackevents.CallbackEvent,
		Data:       &slackevents.EventsAPICallbackEvent{EventID: "Ev1", InnerEvent: &raw},
		InnerEvent: slackevents.EventsAPIInnerEvent{Type: "app_mention", Data: &slackevents.AppMentionEvent{User: "U1"}},
	}, &socketmode.Request{RetryAttempt: 2, RetryReason: "timeout"})
	want := &Event{
		ID: "Ev1", TeamID: "T1", Type: "app_mention", Inner: &slackevents.AppMentionEvent{User: "U1"}, Raw: raw,
		Retry: 2, RetryReason: "timeout",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	limited := &slackevents.EventsAPIAppRateLimited{Type: slackevents.AppRateLimited, MinuteRateLimited: 1518467820}
	got = eventOf(slackevents.EventsAPIEvent{Type: slackevents.AppRateLimited, Data: limited}, &socketmode.Request{})
	if d := cmp.Diff(&Event{Type: slackevents.AppRateLimited, Inner: limited}, got); d != "" {
		t.Error(d)
	}
}
