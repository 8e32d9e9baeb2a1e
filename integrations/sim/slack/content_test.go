package slacksim_test

import (
	"strings"
	"testing"

	slacksim "slipway/integrations/sim/slack"
)

func TestContentsAreKeptAsTheAppSentThem(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		ts := r.post(deploys, map[string]any{"text": "one", "blocks": []any{map[string]any{"type": "divider"}}})
		r.call("chat.update", map[string]any{"channel": deploys, "ts": ts, "text": "two"})
		r.call("views.publish", map[string]any{"user_id": alice, "view": map[string]any{"type": "home", "blocks": []any{}}})
		r.call("chat.update", map[string]any{"channel": deploys, "ts": ts, "blocks": []any{map[string]any{"type": "nonsense"}}})
		var got []string
		for _, c := range r.Contents() {
			got = append(got, map[bool]string{true: "view ", false: ""}[c.View]+string(c.JSON))
		}
		// No block_id: that is Slack's.
		want := `{"blocks":[{"type":"divider"}],"text":"one"} {"text":"two"} view {"blocks":[],"type":"home"}`
		if strings.Join(got, " ") != want {
			t.Errorf("got %s", got)
		}
	})
}

func TestWhatSlackRefusesToShowIsAMisfit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 40_001)
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		ts := r.post(deploys, map[string]any{"text": "x"})
		nonsense := []any{map[string]any{"type": "nonsense"}}
		for _, tt := range []struct {
			method string
			args   map[string]any
			want   string // its beginning; empty: none
		}{
			{"chat.postMessage", map[string]any{"channel": deploys, "text": "x"}, ""},
			{"chat.postMessage", map[string]any{"channel": old, "text": "x"}, ""}, // the channel's fault
			{"chat.update", map[string]any{"channel": deploys, "ts": "1.000000", "text": "x"}, ""},
			{"chat.postMessage", map[string]any{"channel": deploys, "blocks": nonsense}, "chat.postMessage: invalid_blocks: [ERROR] unsupported type: nonsense"},
			{"chat.postMessage", map[string]any{"channel": deploys}, "chat.postMessage: no_text"},
			{"chat.postMessage", map[string]any{"channel": deploys, "text": long}, "chat.postMessage: a text of 40001 characters was cut"},
			{"chat.update", map[string]any{"channel": deploys, "ts": ts, "text": long}, "chat.update: msg_too_long"},
			{"chat.postEphemeral", map[string]any{"channel": deploys, "user": alice, "blocks": nonsense}, "chat.postEphemeral: invalid_blocks"},
			{"views.publish", map[string]any{"user_id": alice, "view": map[string]any{"type": "home", "blocks": nonsense}}, "views.publish: invalid_arguments"},
		} {
			before := len(r.Misfits())
			r.call(tt.method, tt.args)
			new := r.Misfits()[before:]
			if tt.want == "" && len(new) > 0 || tt.want != "" && (len(new) != 1 || !strings.HasPrefix(new[0], tt.want)) {
				t.Errorf("%s: misfits %.100q, want %q", tt.method, new, tt.want)
			}
		}
	})
}

// Of a deleted message with replies Slack leaves a tombstone, which holds the thread together.
func TestADeletedMessageWithRepliesLeavesATombstone(t *testing.T) {
	t.Parallel()
	for _, gone := range []bool{false, true} {
		in(t, slacksim.Options{NoLimits: true, Unverified: slacksim.Unverified{NoTombstones: gone}}, func(t *testing.T, r *rig) {
			ts := r.post(deploys, map[string]any{"text": "x"})
			r.post(deploys, map[string]any{"text": "a reply", "thread_ts": ts})
			if err := r.Remove(deploys, ts); err != nil {
				t.Fatal(err)
			}
			if err := r.Remove(deploys, ts); err == nil {
				t.Error("it is deleted twice")
			}
			history := r.call("conversations.history", map[string]any{"channel": deploys})
			first, _ := at(history.map_, "messages", 0).(map[string]any)
			if stands := first != nil && first["subtype"] == "tombstone" && first["text"] == "This message was deleted."; stands == gone {
				t.Errorf("without tombstones %v: %v", gone, first)
			}
			if got := r.call("chat.update", map[string]any{"channel": deploys, "ts": ts, "text": "y"}).str("error"); got != "message_not_found" {
				t.Errorf("an edit of it: %q", got)
			}
			want := map[bool]string{true: "thread_not_found"}[gone]
			if got := r.call("chat.postMessage", map[string]any{"channel": deploys, "text": "another", "thread_ts": ts}).str("error"); got != want {
				t.Errorf("without tombstones %v, another reply: %q, want %q", gone, got, want)
			}
		})
	}
}
