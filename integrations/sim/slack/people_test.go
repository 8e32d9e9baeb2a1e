package slacksim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	slacksim "slipway/integrations/sim/slack"
)

func TestPeopleActOnlyWhereTheyAre(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		for _, tt := range []struct{ user, channel, want string }{
			{alice, deploys, ""},
			{carol, deploys, ""},
			{erin, shared, ""},
			{erin, deploys, "erin is not in #deploys"},
			{carol, general, "carol is not in #general"},
			{alice, old, "#old is archived"},
			{alice, r.DM(alice), ""},
			{carol, r.DM(alice), "carol is not in the direct message"},
			{"U0NOBODY00", deploys, "there is no person U0NOBODY00"},
			{r.BotUserID(), deploys, "there is no person " + r.BotUserID()},
		} {
			_, err := r.Command(tt.user, tt.channel, "/deploy", "")
			_, err2 := r.Say(tt.user, tt.channel, "hi", "")
			for _, e := range []error{err, err2} {
				if got := errText(e); got != tt.want {
					t.Errorf("%s in %s: %q, want %q", tt.user, tt.channel, got, tt.want)
				}
			}
		}
		if _, err := r.Say(alice, deploys, "hi", "1.000000"); err == nil {
			t.Error("a reply to a message that is not there")
		}
	})
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestUnregisteredCommands(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{Commands: []string{"/deploy"}}, func(t *testing.T, r *rig) {
		k := r.socket()
		d, err := r.Command(alice, deploys, "/rollback", "v1")
		if err != nil || d.Outcome().Failed != "invalid_command" {
			t.Errorf("%v %+v", err, d)
		}
		<-d.Done()
		k.quiet()
		if diff := cmp.Diff([]string{"told:/rollback is not a valid command"}, r.kinds(0)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhichMessagesTheAppHearsOf(t *testing.T) {
	t.Parallel()
	claims(t, `"event":{"type":"app_mention","user":"U1","text":"<@U222> hey"`, `"is_ext_shared_channel":false,"event_context":"1-app_mention-T111-C111"`)
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		k := r.socket()
		for _, tt := range []struct{ channel, text, want string }{
			{deploys, "just talk", ""},
			{deploys, "@slipway status", "app_mention"},
			{deploys, "<@" + r.BotUserID() + "> status", "app_mention"},
			{general, "@slipway status", ""}, // the bot is not there
			{shared, "@slipway status", "app_mention"},
			{r.DM(alice), "status", "message"},
		} {
			d, err := r.Say(alice, tt.channel, tt.text, "")
			if err != nil {
				t.Fatal(err)
			}
			if (d == nil) != (tt.want == "") {
				t.Fatalf("%s in %s: delivery %v", tt.text, tt.channel, d)
			}
			if d == nil {
				continue
			}
			f := k.next()
			k.ack(f, nil)
			event := at(f, "payload", "event")
			if at(event, "type") != tt.want || at(event, "channel") != tt.channel || at(event, "user") != alice {
				t.Errorf("%s: %v", tt.text, event)
			}
			if got := at(f, "payload", "is_ext_shared_channel"); got != (tt.channel == shared) {
				t.Errorf("%s: is_ext_shared_channel %v", tt.text, got)
			}
			if tt.want == "app_mention" && at(event, "text") != "<@"+r.BotUserID()+"> status" {
				t.Errorf("%s: text %v", tt.text, at(event, "text"))
			}
			if tt.want == "message" && at(event, "channel_type") != "im" {
				t.Errorf("%s: %v", tt.text, event)
			}
		}
		k.quiet()
	})
}

func TestAReplyInAThreadCarriesTheThread(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		parent := r.post(deploys, map[string]any{"text": "p"})
		if _, err := r.Say(alice, deploys, "@slipway hi", parent); err != nil {
			t.Fatal(err)
		}
		if got := at(k.next(), "payload", "event", "thread_ts"); got != parent {
			t.Errorf("thread_ts %v, want %s", got, parent)
		}
	})
}

func TestTheBotHearsItselfInDirectMessages(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		ts := r.post(alice, map[string]any{"text": "x"})
		r.call("chat.update", map[string]any{"channel": r.DM(alice), "ts": ts, "text": "y"})
		r.call("chat.delete", map[string]any{"channel": r.DM(alice), "ts": ts})
		for _, want := range []any{nil, "message_changed", "message_deleted"} {
			event := at(k.next(), "payload", "event")
			if at(event, "subtype") != want || want == nil && at(event, "bot_id") != r.BotID() {
				t.Errorf("event %v, want subtype %v", event, want)
			}
		}
	})
}

func TestAClickNeedsAButtonThatThePersonSees(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		r.socket()
		open := r.post(deploys, map[string]any{"text": "t", "blocks": []any{button("Go", "go", "1")}})
		e := r.call("chat.postEphemeral", map[string]any{
			"channel": deploys, "user": alice, "text": "t", "blocks": []any{button("Mine", "mine", "2")},
		}).str("message_ts")
		for _, tt := range []struct {
			user      string
			at        slacksim.Place
			block, id string
			want      string
		}{
			{alice, slacksim.InMessage(deploys, open), "acts", "go", ""},
			{alice, slacksim.InMessage(deploys, open), "", "go", ""},
			{alice, slacksim.InMessage(deploys, open), "acts", "stop", "there is no acts/stop here; there are: acts/go"},
			{alice, slacksim.InMessage(deploys, open), "other", "go", "there is no other/go here; there are: acts/go"},
			{alice, slacksim.InMessage(deploys, "1.000000"), "", "go", "alice sees no message 1.000000 in #deploys"},
			{erin, slacksim.InMessage(deploys, open), "", "go", "erin is not in #deploys"},
			{alice, slacksim.InMessage(deploys, e), "", "mine", ""},
			{carol, slacksim.InMessage(deploys, e), "", "mine", "carol sees no message " + e + " in #deploys"},
			{alice, slacksim.InView("V0000000001"), "", "go", "alice has no view V0000000001 open"},
		} {
			if _, err := r.Click(tt.user, tt.at, tt.block, tt.id); errText(err) != tt.want {
				t.Errorf("%s clicks %s/%s: %v, want %q", tt.user, tt.block, tt.id, err, tt.want)
			}
		}
		var labels []string
		for _, b := range r.Buttons(alice) {
			labels = append(labels, b.Label)
		}
		if diff := cmp.Diff([]string{"Mine", "Go"}, labels); diff != "" {
			t.Error(diff)
		}
		if n := len(r.Buttons(carol)); n != 1 {
			t.Errorf("carol sees %d buttons, want 1", n)
		}
	})
}

func TestTheBlockActionsPayload(t *testing.T) {
	t.Parallel()
	claims(t, `"container":{"type":"message","message_ts":"1605853634.000400","channel_id":"C1","is_ephemeral":false}`,
		`"actions":[{"type":"button","action_id":"a","block_id":"b","value":"v"`, "recorded samples say `false`",
		"`container.type:\"message_attachment\"` with `attachment_id`, `is_app_unfurl`")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		ts := r.post(shared, map[string]any{"text": "t", "blocks": []any{button("Go", "go", "1")}, "attachments": []any{
			map[string]any{"blocks": []any{button("Att", "att", "2")}},
		}})
		for user, team := range map[string]string{alice: r.TeamID(), erin: "T02ELSE000"} {
			if _, err := r.Click(user, slacksim.InMessage(shared, ts), "", "go"); err != nil {
				t.Fatal(err)
			}
			f := k.next()
			k.ack(f, nil)
			p := payloadOf(f)
			for _, tt := range []struct {
				want any
				path []any
			}{
				{"block_actions", []any{"type"}},
				{user, []any{"user", "id"}},
				{team, []any{"user", "team_id"}},
				{r.TeamID(), []any{"team", "id"}},
				{"message", []any{"container", "type"}},
				{ts, []any{"container", "message_ts"}},
				{false, []any{"container", "is_ephemeral"}},
				{shared, []any{"channel", "id"}},
				{"t", []any{"message", "text"}},
				{"1", []any{"actions", 0, "value"}},
				{"acts", []any{"actions", 0, "block_id"}},
				{"Go", []any{"actions", 0, "text", "text"}},
			} {
				if got := at(p, tt.path...); got != tt.want {
					t.Errorf("%v: %v, want %v", tt.path, got, tt.want)
				}
			}
			if f["accepts_response_payload"] != false || at(p, "trigger_id") == nil || at(p, "response_url") == nil || at(p, "state", "values") == nil {
				t.Errorf("payload %v", p)
			}
		}
		if _, err := r.Click(alice, slacksim.InMessage(shared, ts), "", "att"); err != nil {
			t.Fatal(err)
		}
		p := payloadOf(k.next())
		if at(p, "container", "type") != "message_attachment" || at(p, "container", "attachment_id") != 1.0 || at(p, "container", "is_app_unfurl") != false {
			t.Errorf("container %v", p["container"])
		}
	})
}

func TestLinkButtonsAreSentUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	claims(t, "Link buttons (`url`) also send block_actions and must be acked, else a warning triangle shows [unverified]")
	for _, silent := range []bool{false, true} {
		in(t, slacksim.Options{Unverified: slacksim.Unverified{SilentLinks: silent}}, func(t *testing.T, r *rig) {
			k := r.socket()
			ts := r.post(deploys, map[string]any{"text": "t", "blocks": []any{actions(with(okButton, "url", "https://x.example"))}})
			d, err := r.Click(alice, slacksim.InMessage(deploys, ts), "", "a")
			if err != nil {
				t.Fatal(err)
			}
			if silent {
				<-d.Done()
				k.quiet()
				return
			}
			if got := at(k.next(), "payload", "actions", 0, "url"); got != "https://x.example" {
				t.Errorf("url %v", got)
			}
			<-d.Done()
			if diff := cmp.Diff([]string{"posted:t", "told:the button did not answer: operation_timeout"}, r.kinds(0)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFieldsInMessagesAreKeptForEachPerson(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		ts := r.post(deploys, map[string]any{"text": "t", "blocks": []any{
			with(actions(with(okSelect, "action_id", "pick")), "block_id", "sel"), button("Go", "go", "1"),
		}})
		place := slacksim.InMessage(deploys, ts)
		if _, err := r.SetField(alice, place, "sel", "pick", "7"); errText(err) != `pick: there is no option "7"; the options are 1` {
			t.Errorf("an option that is not there: %v", err)
		}
		if _, err := r.SetField(alice, place, "sel", "pick", "o1"); err != nil { // by its label
			t.Fatal(err)
		}
		f := k.next()
		k.ack(f, nil)
		if got := at(f, "payload", "actions", 0, "selected_option", "value"); got != "1" {
			t.Errorf("selected_option %v", got)
		}
		for user, want := range map[string]any{alice: "1", carol: nil} {
			if _, err := r.Click(user, place, "", "go"); err != nil {
				t.Fatal(err)
			}
			f := k.next()
			k.ack(f, nil)
			if got := at(f, "payload", "state", "values", "sel", "pick", "selected_option", "value"); got != want {
				t.Errorf("%s: %v, want %v", user, got, want)
			}
		}
	})
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	claims(t, "`\"type\":\"message_action\"` (callback_id, message, channel, response_url, trigger_id); `\"type\":\"shortcut\"` (global: no channel, no response_url)")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		ts := r.post(deploys, map[string]any{"text": "t"})
		if _, err := r.Shortcut(alice, "cb", deploys, ts); err != nil {
			t.Fatal(err)
		}
		f := k.next()
		k.ack(f, nil)
		p := payloadOf(f)
		for _, name := range []string{"callback_id", "message", "channel", "response_url", "trigger_id", "message_ts"} {
			if p[name] == nil {
				t.Errorf("message shortcut without %s", name)
			}
		}
		if _, err := r.Shortcut(alice, "cb", "", ""); err != nil {
			t.Fatal(err)
		}
		p = payloadOf(k.next())
		if p["type"] != "shortcut" || p["channel"] != nil || p["response_url"] != nil || p["trigger_id"] == nil {
			t.Errorf("global shortcut: %v", p)
		}
		if _, err := r.Shortcut(erin, "cb", deploys, ts); err == nil {
			t.Error("erin used a shortcut on a message that she does not see")
		}
	})
}

func TestEphemeralMessages(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		ts, err := r.api.PostEphemeral(deploys, alice, slack.MsgOptionText("psst", false))
		if err != nil {
			t.Fatal(err)
		}
		if m := r.Messages(deploys)[0]; m.TS != ts || m.To != alice || !m.Ephemeral() {
			t.Errorf("message %+v", m)
		}
		if _, err := r.api.PostEphemeral(deploys, erin, slack.MsgOptionText("x", false)); errText(err) != "user_not_in_channel" {
			t.Errorf("to somebody who is not there: %v", err)
		}
		h, err := r.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: deploys})
		if err != nil || len(h.Messages) != 0 {
			t.Errorf("history shows %d: %v", len(h.Messages), err)
		}
		if _, _, err := r.api.DeleteMessage(deploys, ts); errText(err) != "message_not_found" {
			t.Errorf("delete: %v", err)
		}
	})
}

func TestResponseURLs(t *testing.T) {
	t.Parallel()
	claims(t, "response_url: 5 uses in 30 min, so not for live updates; no auth or scope, even in channels without the bot. `replace_original`, `delete_original`, `response_type`.",
		"response_url 5 uses, 30 min")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		if _, err := r.Command(alice, general, "/deploy", ""); err != nil { // the bot is not in #general
			t.Fatal(err)
		}
		f := k.next()
		k.ack(f, nil)
		path := responsePath(t, f)
		use := func(body string) answer { return r.send(path, "application/json", body, "") }
		for i, tt := range []struct{ body, want string }{
			{`{"text":"one"}`, "ephemeral:one"},
			{`{"text":"two","response_type":"in_channel"}`, "posted:two"},
			{`{"text":"three","replace_original":true}`, "ephemeral_updated:three"},
			{`{"text":"four","replace_original":"false"}`, "ephemeral:four"},
			{`{"delete_original":true}`, "ephemeral_deleted:three"},
		} {
			if a := use(tt.body); a.status != 200 {
				t.Errorf("use %d: %d %v", i+1, a.status, a.map_)
			}
			time.Sleep(time.Second)
			got := r.kinds(0)
			if got[len(got)-1] != tt.want {
				t.Errorf("use %d: %q, want %q", i+1, got[len(got)-1], tt.want)
			}
		}
		if a := use(`{"text":"six"}`); a.status != 404 || a.str("error") != "used_url" {
			t.Errorf("sixth use: %d %v", a.status, a.map_)
		}
		r.command("")
		path = responsePath(t, k.next())
		time.Sleep(30*time.Minute + time.Second)
		if a := use(`{"text":"late"}`); a.status != 404 || a.str("error") != "expired_url" {
			t.Errorf("after 30 min: %d %v", a.status, a.map_)
		}
		if a := r.send("/commands/T0/0/0", "application/json", "{}", ""); a.str("error") != "expired_url" {
			t.Errorf("an unknown URL: %v", a.map_)
		}
		if n := len(r.Faults()); n != 3 {
			t.Errorf("faults: %q", r.Faults())
		}
	})
}

func TestResponseURLsOfMessages(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		ts := r.post(deploys, map[string]any{"text": "old", "blocks": []any{button("Go", "go", "1")}})
		if _, err := r.Click(alice, slacksim.InMessage(deploys, ts), "", "go"); err != nil {
			t.Fatal(err)
		}
		f := k.next()
		k.ack(f, nil)
		url := at(f, "payload", "response_url").(string)
		_, _, err := r.api.PostMessage("", slack.MsgOptionReplaceOriginal(url), slack.MsgOptionText("new", false))
		if err != nil {
			t.Fatal(err)
		}
		if m := r.Messages(deploys)[0]; m.Text != "new" || m.Blocks != nil {
			t.Errorf("after replace_original: %+v", m)
		}
		_, _, err = r.api.PostMessage("", slack.MsgOptionResponseURL(url, slack.ResponseTypeEphemeral), slack.MsgOptionText("psst", false))
		if err != nil {
			t.Fatal(err)
		}
		if a := r.send(responsePath(t, f), "application/json", `{"blocks":[{"type":"x"}]}`, ""); a.status != 400 || a.str("error") != "invalid_blocks" {
			t.Errorf("bad blocks: %d %v", a.status, a.map_)
		}
		_, _, err = r.api.PostMessage("", slack.MsgOptionDeleteOriginal(url))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"posted:old", "updated:new", "ephemeral:psst", "deleted:new"}
		if diff := cmp.Diff(want, r.kinds(0)); diff != "" {
			t.Error(diff)
		}
	})
}

func responsePath(t *testing.T, frame map[string]any) string {
	t.Helper()
	url, _ := at(frame, "payload", "response_url").(string)
	path, ok := strings.CutPrefix(url, "http://slack.test:80")
	if !ok {
		t.Fatalf("response_url %q", url)
	}
	return path
}

func TestPeopleAndChannelsOverTheWebAPI(t *testing.T) {
	t.Parallel()
	claims(t, "names to IDs, membership (`groups:*` sees only channels the bot is in)", "guest or member")
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
		u, err := r.api.GetUserInfo(erin)
		if err != nil || !u.IsStranger || u.TeamID != "T02ELSE000" || u.Profile.Email != "" {
			t.Errorf("erin: %+v %v", u, err)
		}
		if u, err = r.api.GetUserInfo(carol); err != nil || !u.IsRestricted || u.TZ != "Etc/UTC" {
			t.Errorf("carol: %+v %v", u, err)
		}
		if u, err = r.api.GetUserByEmail("Alice@example.com"); err != nil || u.ID != alice || u.Profile.Email != "alice@example.com" {
			t.Errorf("by e-mail: %+v %v", u, err)
		}
		for email, want := range map[string]string{"x@example.com": "users_not_found", "erin@else.example": "users_not_found"} {
			if _, err := r.api.GetUserByEmail(email); errText(err) != want {
				t.Errorf("%s: %v", email, err)
			}
		}
		if _, err := r.api.GetUserInfo("U0"); errText(err) != "user_not_found" {
			t.Errorf("nobody: %v", err)
		}
		all, err := r.api.GetUsers()
		if err != nil || len(all) != 4 {
			t.Errorf("users.list: %d, %v", len(all), err)
		}
		channels, next, err := r.api.GetConversations(&slack.GetConversationsParameters{
			Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true, Limit: 2,
		})
		if err != nil || len(channels) != 2 || next == "" {
			t.Errorf("first page: %d %q %v", len(channels), next, err)
		}
		channels, next, err = r.api.GetConversations(&slack.GetConversationsParameters{
			Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true, Limit: 2, Cursor: next,
		})
		if err != nil || len(channels) != 1 || channels[0].ID != shared || next != "" {
			t.Errorf("second page: %v %q %v", channels, next, err)
		}
		c, err := r.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: general, IncludeNumMembers: true})
		if err != nil || c.IsMember || c.Name != "general" || c.NumMembers != 1 {
			t.Errorf("general: %+v %v", c, err)
		}
		if _, err := r.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: secret}); errText(err) != "channel_not_found" {
			t.Errorf("a private channel without the bot: %v", err)
		}
		members, _, err := r.api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: deploys})
		if diff := cmp.Diff([]string{alice, carol, r.BotUserID()}, members); diff != "" || err != nil {
			t.Errorf("members: %v %s", err, diff)
		}
		dm, noOp, _, err := r.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{alice}})
		if err != nil || noOp || dm.ID != r.DM(alice) {
			t.Errorf("open: %+v %v %v", dm, noOp, err)
		}
		if c, err := r.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: dm.ID}); err != nil || !c.IsIM || c.User != alice {
			t.Errorf("the direct message: %+v %v", c, err)
		}
		if _, _, _, err := r.api.JoinConversation(old); errText(err) != "is_archived" {
			t.Errorf("join an archived channel: %v", err)
		}
		r.AddGroup(slacksim.Group{ID: "S01OPS0000", Handle: "ops", Name: "Ops", Members: []string{alice}})
		groups, err := r.api.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true))
		if err != nil || len(groups) != 1 || groups[0].Handle != "ops" || len(groups[0].Users) != 1 {
			t.Errorf("groups: %+v %v", groups, err)
		}
		who, err := r.api.GetUserGroupMembers("S01OPS0000")
		if err != nil || len(who) != 1 {
			t.Errorf("members of ops: %v %v", who, err)
		}
	})
}
