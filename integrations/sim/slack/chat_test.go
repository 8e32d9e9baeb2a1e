package slacksim_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	slacksim "slipway/integrations/sim/slack"
)

func TestTokensAreTakenFromFormAndHeader(t *testing.T) {
	t.Parallel()
	claims(t, "Token in the form body *and* in the header; JSON and form bodies", "slack-go sends forms for chat.*")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		const form, js = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
		for _, tt := range []struct{ name, kind, body, bearer, want string }{
			{"form field", form, "token=" + r.BotToken(), "", ""},
			{"form and header", form, "", r.BotToken(), ""},
			{"JSON and header", js, "{}", r.BotToken(), ""},
			{"field of a JSON body", js, `{"token":"` + r.BotToken() + `"}`, "", "not_authed"},
			{"none", form, "", "", "not_authed"},
			{"unknown", form, "", "xoxb-0", "invalid_auth"},
			{"the app's", form, "", r.AppToken(), "not_allowed_token_type"},
		} {
			a := r.send("/api/auth.test", tt.kind, tt.body, tt.bearer)
			if got := a.str("error"); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
	})
	in(t, slacksim.Options{AnyToken: true}, func(t *testing.T, r *rig) {
		for token, want := range map[string]string{"xoxb-9": "", "xapp-9": "not_allowed_token_type", "ghp_9": "invalid_auth"} {
			if got := r.send("/api/auth.test", "", "", token).str("error"); got != want {
				t.Errorf("AnyToken, %s: %q, want %q", token, got, want)
			}
		}
	})
}

func TestCharsetWarnings(t *testing.T) {
	t.Parallel()
	claims(t, "`OptionOnWarning` gives `missing_charset` and the like")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		for kind, want := range map[string]any{
			"application/json":                                 "missing_charset",
			"application/json; charset=utf-8":                  nil,
			"application/x-www-form-urlencoded":                nil,
			"application/x-www-form-urlencoded; charset=utf-8": "superfluous_charset",
		} {
			a := r.send("/api/auth.test", kind, "", r.BotToken())
			if a.map_["warning"] != want || at(a.map_, "response_metadata", "warnings", 0) != want {
				t.Errorf("%s: %v", kind, a.map_)
			}
		}
	})
}

func TestScopesAreChecked(t *testing.T) {
	t.Parallel()
	claims(t, "`OptionOnResponseHeaders` gives `X-OAuth-Scopes`", "(lookupByEmail needs **both**)",
		"users:read (+ users:read.email for lookupByEmail)", "`groups:*` sees only channels the bot is in")
	in(t, slacksim.Options{Scopes: []string{"chat:write", "channels:read", "users:read"}}, func(t *testing.T, r *rig) {
		a := r.call("users.info", map[string]any{"user": alice})
		if got := a.header.Get("X-OAuth-Scopes"); got != "chat:write,channels:read,users:read" {
			t.Errorf("X-OAuth-Scopes: %q", got)
		}
		if got := a.header.Get("X-Accepted-OAuth-Scopes"); got != "users:read" {
			t.Errorf("X-Accepted-OAuth-Scopes: %q", got)
		}
		if at(a.map_, "user", "profile", "email") != nil {
			t.Error("an e-mail address without users:read.email")
		}
		for _, tt := range []struct{ method, arg, needed string }{
			{"users.lookupByEmail", "email=alice@example.com", "users:read.email"},
			{"conversations.join", "channel=" + general, "channels:join"},
			{"conversations.open", "users=" + alice, "im:write"},
			{"conversations.history", "channel=" + deploys, "channels:history,groups:history,im:history"},
			{"conversations.list", "types=public_channel,private_channel", "groups:read"},
			{"conversations.info", "channel=" + r.DM(alice), "im:read"},
			{"usergroups.list", "", "usergroups:read"},
		} {
			a := r.send("/api/"+tt.method, "application/x-www-form-urlencoded", tt.arg, r.BotToken())
			if a.str("error") != "missing_scope" || a.str("needed") != tt.needed || a.str("provided") != "chat:write,channels:read,users:read" {
				t.Errorf("%s: %v", tt.method, a.map_)
			}
		}
		if d := r.command("x"); d.Outcome().Failed != "invalid_command" {
			t.Errorf("a command without the scope commands: %+v", d.Outcome())
		}
		for _, channel := range []string{deploys, r.DM(alice)} {
			if d, err := r.Say(alice, channel, "<@"+r.BotUserID()+"> hi", ""); err != nil || d != nil {
				t.Errorf("an event without its scope: %v %v", d, err)
			}
		}
	})
	in(t, slacksim.Options{Scopes: []string{"users:read.email"}}, func(t *testing.T, r *rig) {
		if got := r.call("users.lookupByEmail", map[string]any{"email": "alice@example.com"}).str("needed"); got != "users:read" {
			t.Errorf("lookupByEmail needs %q", got)
		}
	})
}

func TestWhereTheBotMayPost(t *testing.T) {
	t.Parallel()
	claims(t, "chat:write.public | public channels without an invite", "posting to a user ID with chat:write also opens the DM",
		"`not_in_channel`, `is_archived`", "`is_inactive` (archived)")
	for public, outside := range map[bool]string{true: "", false: "not_in_channel"} {
		opts := slacksim.Options{Scopes: []string{"chat:write", "chat:write.public"}}
		if !public {
			opts.Scopes = opts.Scopes[:1]
		}
		in(t, opts, func(t *testing.T, r *rig) {
			for channel, want := range map[string]string{
				deploys: "", "#deploys": "", "deploys": "", general: outside, secret: "channel_not_found", old: "is_archived",
				"C0NOWHERE0": "channel_not_found", "": "channel_not_found", alice: "",
			} {
				a := r.call("chat.postMessage", map[string]any{"channel": channel, "text": "hi"})
				if got := a.str("error"); got != want {
					t.Errorf("public %v, channel %q: %q, want %q", public, channel, got, want)
				}
			}
			if got := r.Messages(r.DM(alice)); len(got) != 1 {
				t.Errorf("direct messages: %v", got)
			}
		})
	}
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		ts := r.post(deploys, map[string]any{"text": "x"})
		r.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", Archived: true, BotIn: true, Members: []string{alice}})
		if got := r.call("chat.update", map[string]any{"channel": deploys, "ts": ts, "text": "y"}).str("error"); got != "is_inactive" {
			t.Errorf("update in an archived channel: %q", got)
		}
	})
}

// post posts and gives the timestamp.
func (r *rig) post(channel string, body map[string]any) string {
	r.t.Helper()
	body["channel"] = channel
	a := r.call("chat.postMessage", body)
	if a.map_["ok"] != true {
		r.t.Fatalf("chat.postMessage: %v", a.map_)
	}
	return a.str("ts")
}

func TestTimestampsAreUniqueAndGrow(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		last := ""
		for range 20 {
			ts := r.post(deploys, map[string]any{"text": "x"})
			if ts <= last || len(ts) != len("946684800.000400") { // a bubble begins in the year 2000
				t.Fatalf("%s after %s", ts, last)
			}
			last = ts
		}
	})
}

func TestTextLimits(t *testing.T) {
	t.Parallel()
	claims(t, "truncated at 40,000, warning `message_truncated` [docs] / **4,000**, error `msg_too_long`",
		"`no_text`, `metadata_too_large`, `block_mismatch`")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		a := r.call("chat.postMessage", map[string]any{"channel": deploys, "text": strings.Repeat("é", 40_001)})
		ts := a.str("ts")
		if a.map_["warning"] != "message_truncated" || len([]rune(r.Messages(deploys)[0].Text)) != 40_000 {
			t.Errorf("40,001 characters: %v", a.map_["warning"])
		}
		for n, want := range map[int]string{4000: "", 4001: "msg_too_long"} {
			a := r.call("chat.update", map[string]any{"channel": deploys, "ts": ts, "text": strings.Repeat("é", n)})
			if got := a.str("error"); got != want {
				t.Errorf("update with %d characters: %q, want %q", n, got, want)
			}
		}
		for _, body := range []map[string]any{{}, {"text": ""}, {"blocks": []any{}}} {
			body["channel"] = deploys
			if got := r.call("chat.postMessage", body).str("error"); got != "no_text" {
				t.Errorf("%v: %q, want no_text", body, got)
			}
		}
	})
}

func TestMetadataIsKeptAndLimited(t *testing.T) {
	t.Parallel()
	claims(t, "| metadata / ack on the socket | `metadata_too_large`", "the metadata size limit",
		"The round trip works and metadata survives an update", "sent as `include_all_metadata=1`")
	for limit, most := range map[int]int{0: 4096, 1000: 1000} {
		in(t, slacksim.Options{NoLimits: true, Unverified: slacksim.Unverified{MetadataBytes: limit}}, func(t *testing.T, r *rig) {
			post := func(n int) string {
				return r.call("chat.postMessage", map[string]any{"channel": deploys, "text": "x", "metadata": map[string]any{
					"event_type": "t", "event_payload": map[string]any{"key": strings.Repeat("k", n)},
				}}).str("error")
			}
			if got := post(most - 100); got != "" {
				t.Errorf("metadata below the limit of %d: %q", most, got)
			}
			if got := post(most); got != "metadata_too_large" {
				t.Errorf("limit %d: %q", most, got)
			}
			for _, bad := range []any{"{", map[string]any{"event_type": "t"}, map[string]any{"event_payload": map[string]any{}}} {
				a := r.call("chat.postMessage", map[string]any{"channel": deploys, "text": "x", "metadata": bad})
				if got := a.str("error"); got != "invalid_metadata_format" {
					t.Errorf("metadata %v: %q", bad, got)
				}
			}
		})
	}
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		meta := slack.SlackMetadata{EventType: "cicd_notice", EventPayload: map[string]any{"key": "1/1"}}
		_, ts, err := r.api.PostMessage(deploys, slack.MsgOptionText("x", false), slack.MsgOptionMetadata(meta))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := r.api.UpdateMessage(deploys, ts, slack.MsgOptionText("y", false)); err != nil {
			t.Fatal(err)
		}
		for _, all := range []bool{true, false} {
			h, err := r.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: deploys, IncludeAllMetadata: all})
			if err != nil {
				t.Fatal(err)
			}
			if got := h.Messages[0].Metadata.EventPayload["key"]; (got == "1/1") != all {
				t.Errorf("include_all_metadata %v: %v", all, got)
			}
		}
	})
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	claims(t, "Only the bot's own messages; not ephemeral ones.", "`message_not_found`", "`cant_update_message`",
		"blocks omitted while text is given are removed. Clearing attachments needs an explicit `[]`.",
		"`block_mismatch` (rich_text cannot become non-rich-text)", "`edit_window_closed` (workspace setting)")
	in(t, slacksim.Options{EditWindow: time.Hour}, func(t *testing.T, r *rig) {
		ts := r.post(deploys, map[string]any{
			"text": "one", "blocks": []any{section("s")}, "attachments": []any{map[string]any{"text": "a"}},
		})
		update := func(ts string, body map[string]any) string {
			body["channel"], body["ts"] = deploys, ts
			return r.call("chat.update", body).str("error")
		}
		if got := update(ts, map[string]any{"text": "two"}); got != "" {
			t.Fatal(got)
		}
		m := r.Messages(deploys)[0]
		if m.Text != "two" || m.Blocks != nil || m.Attachments == nil || m.EditedTS == "" {
			t.Errorf("after an update with text only: %+v", m)
		}
		update(ts, map[string]any{"text": "three", "attachments": []any{}})
		if m := r.Messages(deploys)[0]; m.Attachments != nil {
			t.Errorf("after attachments []: %s", m.Attachments)
		}
		rich := []any{map[string]any{"type": "rich_text", "elements": []any{}}}
		update(ts, map[string]any{"text": "four", "blocks": rich})
		if got := update(ts, map[string]any{"text": "five", "blocks": []any{section("s")}}); got != "block_mismatch" {
			t.Errorf("rich_text to section: %q", got)
		}
		if got := update("1.000001", map[string]any{"text": "x"}); got != "message_not_found" {
			t.Errorf("unknown message: %q", got)
		}
		e := r.call("chat.postEphemeral", map[string]any{"channel": deploys, "user": alice, "text": "psst"})
		if got := update(e.str("message_ts"), map[string]any{"text": "x"}); got != "message_not_found" {
			t.Errorf("an ephemeral message: %q", got)
		}
		if _, err := r.Say(alice, deploys, "mine", ""); err != nil {
			t.Fatal(err)
		}
		all := r.Messages(deploys)
		if got := update(all[len(all)-1].TS, map[string]any{"text": "x"}); got != "cant_update_message" {
			t.Errorf("alice's message: %q", got)
		}
		time.Sleep(2 * time.Hour)
		if got := update(ts, map[string]any{"text": "x"}); got != "edit_window_closed" {
			t.Errorf("after the edit window: %q", got)
		}
	})
}

func TestEditedShowsForTextAndForBlocksIfSwitchedOn(t *testing.T) {
	t.Parallel()
	claims(t, `"(edited)" shows only for text, not for bots' block messages [unverified]`)
	for _, blocks := range []bool{false, true} {
		in(t, slacksim.Options{Unverified: slacksim.Unverified{EditedOnBlocks: blocks}}, func(t *testing.T, r *rig) {
			ts := r.post(deploys, map[string]any{"text": "one"})
			r.call("chat.update", map[string]any{"channel": deploys, "ts": ts, "text": "two"})
			if !r.Messages(deploys)[0].Edited {
				t.Error("a text message does not show (edited)")
			}
			r.call("chat.update", map[string]any{"channel": deploys, "ts": ts, "text": "three", "blocks": []any{section("s")}})
			if got := r.Messages(deploys)[0].Edited; got != blocks {
				t.Errorf("a block message shows (edited): %v, want %v", got, blocks)
			}
		})
	}
}

func TestClientMsgIDDedupesIfSwitchedOn(t *testing.T) {
	t.Parallel()
	claims(t, "whether client_msg_id dedupes for bot tokens", "output `is_duplicate`")
	for dedupe, want := range map[bool]int{false: 2, true: 1} {
		in(t, slacksim.Options{Unverified: slacksim.Unverified{DedupeClientMsg: dedupe}}, func(t *testing.T, r *rig) {
			var a answer
			for range 2 {
				a = r.call("chat.postMessage", map[string]any{"channel": deploys, "text": "x", "client_msg_id": "one"})
			}
			if got := len(r.Messages(deploys)); got != want || (a.map_["is_duplicate"] == true) != dedupe {
				t.Errorf("dedupe %v: %d messages, %v", dedupe, got, a.map_["is_duplicate"])
			}
		})
	}
}

func TestDeleteTakesOnlyTheBotsOwn(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		ts := r.post(deploys, map[string]any{"text": "x"})
		if _, err := r.Say(alice, deploys, "mine", ""); err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.api.DeleteMessage(deploys, ts); err != nil {
			t.Fatal(err)
		}
		_, _, err := r.api.DeleteMessage(deploys, ts)
		if err == nil || err.Error() != "message_not_found" {
			t.Errorf("second delete: %v", err)
		}
		if _, _, err = r.api.DeleteMessage(deploys, r.Messages(deploys)[0].TS); err == nil || err.Error() != "cant_delete_message" {
			t.Errorf("alice's message: %v", err)
		}
		again := r.post(deploys, map[string]any{"text": "y"})
		if err := r.Remove(deploys, again); err != nil {
			t.Fatal(err)
		}
		want := []string{"posted:x", "posted:mine", "deleted:x", "posted:y", "deleted_by_hand:y"}
		if diff := cmp.Diff(want, r.kinds(0)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	claims(t, "about 1 msg/s/channel, short bursts ok", "Over the limit: `HTTP 429`, `Retry-After: <seconds>`.",
		"chat.update, chat.delete, chat.scheduleMessage / chat.postEphemeral | t3 / t4", "t1 1+/min, t2 20+, t3 50+, t4 100+",
		"`*slack.RateLimitedError{RetryAfter}`", "Incoming webhooks and response_url: 1/s too", "t2 (limit < 1000; use 200-1000) / t3")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		for i, want := range []int{200, 200, 200, 200, 429} {
			a := r.call("chat.postMessage", map[string]any{"channel": deploys, "text": strconv.Itoa(i)})
			if a.status != want {
				t.Errorf("post %d: %d, want %d", i, a.status, want)
			}
			if want == 429 && (a.header.Get("Retry-After") != "1" || a.str("error") != "ratelimited") {
				t.Errorf("post %d: %v %v", i, a.header, a.map_)
			}
		}
		if a := r.call("chat.postMessage", map[string]any{"channel": shared, "text": "x"}); a.status != 200 {
			t.Errorf("another channel: %d", a.status)
		}
		_, _, err := r.api.PostMessage("#deploys", slack.MsgOptionText("x", false))
		if limited, ok := err.(*slack.RateLimitedError); !ok || limited.RetryAfter != time.Second {
			t.Errorf("slack-go: %v", err)
		}
		time.Sleep(time.Second)
		ts := r.post(deploys, map[string]any{"text": "x"})
		for _, tt := range []struct {
			method string
			most   int
		}{{"chat.update", 50}, {"conversations.list", 20}, {"views.publish", 100}} {
			body := map[string]any{"channel": deploys, "ts": ts, "text": "x"}
			for n := 1; ; n++ {
				a := r.call(tt.method, body)
				if a.status == 200 {
					continue
				}
				if n != tt.most+1 || a.header.Get("Retry-After") != "60" {
					t.Errorf("%s: %d at call %d, Retry-After %s", tt.method, a.status, n, a.header.Get("Retry-After"))
				}
				break
			}
			time.Sleep(time.Minute)
			if a := r.call(tt.method, body); a.status != 200 {
				t.Errorf("%s a minute later: %d", tt.method, a.status)
			}
		}
	})
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		r.command("x")
		path := responsePath(t, k.next())
		for i, want := range []int{200, 200, 200, 200, 429} {
			if a := r.send(path, "application/json", `{"text":"x"}`, ""); a.status != want {
				t.Errorf("use %d of a response_url: %d, want %d", i+1, a.status, want)
			}
		}
	})
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		for range 30 {
			r.post(deploys, map[string]any{"text": "x"})
		}
	})
}

func TestTheWorkspaceCapIfSwitchedOn(t *testing.T) {
	t.Parallel()
	claims(t, "plus a workspace cap (several hundred/min)", "the workspace-wide postMessage cap")
	for most, want := range map[int]int{0: 200, 3: 429} {
		in(t, slacksim.Options{Unverified: slacksim.Unverified{PostsPerMinute: most}}, func(t *testing.T, r *rig) {
			r.AddUser(slacksim.User{ID: "U01BOB0000", Name: "bob"})
			var a answer
			for _, channel := range []string{deploys, shared, alice, "U01BOB0000"} {
				a = r.call("chat.postMessage", map[string]any{"channel": channel, "text": "x"})
			}
			if a.status != want {
				t.Errorf("cap %d: the fourth post answered %d", most, a.status)
			}
		})
	}
}

func TestUnknownMethodsAreLoud(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		a := r.call("reactions.add", nil)
		if a.status != 501 || a.str("error") != "unknown_method" {
			t.Errorf("%d %v", a.status, a.map_)
		}
		if a := r.send("/services/hooks", "", "", ""); a.status != 501 {
			t.Errorf("an unknown path: %d", a.status)
		}
		want := []string{"POST /api/reactions.add: not simulated", "POST /services/hooks: not simulated"}
		if diff := cmp.Diff(want, r.Faults()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBlocksInFormsAreJSONStrings(t *testing.T) {
	t.Parallel()
	claims(t, "in forms `blocks`, `metadata`, `attachments` are JSON strings", "booleans as `true` or `1`")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		for blocks, want := range map[string]string{
			`[{"type":"divider"}]`: "", `{"type":"divider"}`: "invalid_blocks_format", `[{`: "invalid_blocks_format", `"x"`: "invalid_blocks_format",
		} {
			form := url.Values{"channel": {deploys}, "text": {"t"}, "blocks": {blocks}, "token": {r.BotToken()}}
			a := r.send("/api/chat.postMessage", "application/x-www-form-urlencoded", form.Encode(), "")
			if got := a.str("error"); got != want {
				t.Errorf("%s: %q, want %q", blocks, got, want)
			}
			time.Sleep(time.Second)
		}
		if got := r.send("/api/chat.postMessage", "application/json", "{", r.BotToken()).str("error"); got != "invalid_json" {
			t.Errorf("a broken JSON body: %q", got)
		}
		parent := r.Messages(deploys)[0].TS
		for _, yes := range []string{"true", "1"} {
			form := url.Values{"channel": {deploys}, "text": {"t"}, "thread_ts": {parent}, "reply_broadcast": {yes}}
			r.send("/api/chat.postMessage", "application/x-www-form-urlencoded", form.Encode(), r.BotToken())
			all := r.Messages(deploys)
			if !all[len(all)-1].Broadcast {
				t.Errorf("reply_broadcast=%s was not read as true", yes)
			}
		}
	})
}

func TestThreads(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		parent := r.post(deploys, map[string]any{"text": "parent"})
		reply := r.post(deploys, map[string]any{"text": "reply", "thread_ts": parent})
		nested := r.post(deploys, map[string]any{"text": "nested", "thread_ts": reply})
		if got := r.call("chat.postMessage", map[string]any{"channel": deploys, "text": "x", "thread_ts": "1.000000"}).str("error"); got != "thread_not_found" {
			t.Errorf("an unknown parent: %q", got)
		}
		r.call("chat.postEphemeral", map[string]any{"channel": deploys, "user": alice, "text": "psst", "thread_ts": parent})
		msgs, _, _, err := r.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: deploys, Timestamp: parent})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range msgs {
			got = append(got, m.Text)
		}
		if diff := cmp.Diff([]string{"parent", "reply", "nested"}, got); diff != "" || msgs[0].ReplyCount != 2 {
			t.Errorf("replies %v: %s", msgs[0].ReplyCount, diff)
		}
		h, err := r.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: deploys})
		if err != nil || len(h.Messages) != 1 {
			t.Errorf("the channel shows %d messages: %v", len(h.Messages), err)
		}
		if n := len(r.Thread(deploys, parent)); n != 3 {
			t.Errorf("Thread: %d messages", n)
		}
		link, err := r.api.GetPermalink(&slack.PermalinkParameters{Channel: deploys, Ts: nested})
		if err != nil || !strings.Contains(link, "thread_ts="+parent) {
			t.Errorf("permalink %q: %v", link, err)
		}
	})
}

func TestHistoryIsPagedAndNeedsMembership(t *testing.T) {
	t.Parallel()
	claims(t, "default 100, max 999 a page", "history there answers `not_in_channel`",
		"`conversations.history(channel, oldest=t_first-5, inclusive, limit=100, include_all_metadata=true)`")
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		for i := range 7 {
			r.post(deploys, map[string]any{"text": strconv.Itoa(i)})
			time.Sleep(time.Second)
		}
		var got string
		params := &slack.GetConversationHistoryParameters{ChannelID: deploys, Limit: 3}
		for {
			h, err := r.api.GetConversationHistory(params)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range h.Messages {
				got += m.Text
			}
			if !h.HasMore {
				break
			}
			params.Cursor = h.ResponseMetaData.NextCursor
		}
		if got != "6543210" {
			t.Errorf("pages: %s", got)
		}
		third := r.Messages(deploys)[3].TS
		for inclusive, want := range map[bool]int{true: 4, false: 3} {
			h, err := r.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: deploys, Oldest: third, Inclusive: inclusive})
			if err != nil || len(h.Messages) != want {
				t.Errorf("oldest, inclusive %v: %d, %v", inclusive, len(h.Messages), err)
			}
		}
		for limit, want := range map[int]string{999: "", 1000: "invalid_limit"} {
			if got := r.call("conversations.history", map[string]any{"channel": deploys, "limit": limit}).str("error"); got != want {
				t.Errorf("limit %d: %q", limit, got)
			}
		}
		if got := r.call("conversations.history", map[string]any{"channel": general}).str("error"); got != "not_in_channel" {
			t.Errorf("a channel without the bot: %q", got)
		}
		if _, _, _, err := r.api.JoinConversation(general); err != nil {
			t.Error(err)
		}
		if got := r.call("conversations.history", map[string]any{"channel": general}).str("error"); got != "" {
			t.Errorf("after joining: %q", got)
		}
	})
}

func TestWhatTheWeatherDoesToAPost(t *testing.T) {
	t.Parallel()
	claims(t, "429 with and without the header; 5xx with HTML; *executed but no reply*",
		"429 **without** it: `slack.StatusCodeError`")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		post := func(fault string) error {
			f, err := parseFault(fault)
			if err != nil {
				t.Fatal(err)
			}
			r.Weather().Add(f)
			_, _, err = r.api.PostMessage(deploys, slack.MsgOptionText(fault, false))
			return err
		}
		if err := post("POST /api/chat.postMessage cut"); err == nil {
			t.Error("a cut reply: no error")
		}
		if n := len(r.Messages(deploys)); n != 1 {
			t.Errorf("a cut reply: %d messages stored, want 1", n)
		}
		if limited, ok := post("POST /api/chat.postMessage 429 7s").(*slack.RateLimitedError); !ok || limited.RetryAfter != 7*time.Second {
			t.Error("429 with Retry-After")
		}
		if code, ok := post("POST /api/chat.postMessage 429-bare").(slack.StatusCodeError); !ok || code.Code != 429 {
			t.Error("429 without Retry-After")
		}
		if code, ok := post("POST /api/chat.postMessage html-503").(slack.StatusCodeError); !ok || code.Code != 503 {
			t.Error("503 in HTML")
		}
	})
}
