package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"slipway/bot"
	"slipway/commands"
)

// printed gives what slipway manifest prints on its two outputs.
func printed(t *testing.T) (slackgo.Manifest, string) {
	t.Helper()
	var out, errs bytes.Buffer
	if status := slipway([]string{"manifest"}, nil, &out, &errs); status != exitOK {
		t.Fatalf("exit status %d: %s", status, errs.String())
	}
	var m slackgo.Manifest
	reader := json.NewDecoder(bytes.NewReader(out.Bytes()))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&m); err != nil {
		t.Fatalf("slack-go cannot read it: %v\n%s", err, out.String())
	}
	return m, errs.String()
}

func TestManifestIsThatOfASocketModeApp(t *testing.T) {
	t.Parallel()
	m, _ := printed(t)
	s := m.Settings
	if !s.SocketModeEnabled || s.TokenRotationEnabled || s.OrgDeployEnabled || !s.Interactivity.IsEnabled {
		t.Errorf("settings: %+v", s)
	}
	if !m.Features.AppHome.MessagesTabEnabled || m.Features.AppHome.MessagesTabReadOnlyEnabled {
		t.Error("people cannot write to the bot")
	}
	// facts/slack.md "Size limits", manifest texts and commands
	for what, tooLong := range map[string]bool{
		"name": len(m.Display.Name) > 35, "description": len(m.Display.Description) > 140, "display name": len(m.Features.BotUser.DisplayName) > 80,
	} {
		if tooLong {
			t.Errorf("the %s is too long", what)
		}
	}
	for _, c := range m.Features.SlashCommands {
		if len(c.Command) > 32 || len(c.Description) > 2000 || len(c.UsageHint) > 1000 || !c.ShouldEscape {
			t.Errorf("slash command %+v", c)
		}
	}
}

func TestManifestLinkHoldsTheManifest(t *testing.T) {
	t.Parallel()
	want, errs := printed(t)
	var link string
	for line := range strings.Lines(errs) {
		if strings.HasPrefix(line, "https://") {
			link = strings.TrimSpace(line)
		}
	}
	u, err := url.Parse(link)
	if err != nil || u.Host != "api.slack.com" || u.Path != "/apps" || u.Query().Get("new_app") != "1" {
		t.Fatalf("link %q: %v", link, err)
	}
	var got slackgo.Manifest
	if err := json.Unmarshal([]byte(u.Query().Get("manifest_json")), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the link's manifest (-printed +link):\n%s", diff)
	}
}

func TestManifestNamesTheSlashCommandsThatTheRouterTakes(t *testing.T) {
	t.Parallel()
	m, _ := printed(t)
	var named []string
	for _, c := range m.Features.SlashCommands {
		named = append(named, c.Command)
		for verb := range strings.SplitSeq(c.UsageHint, " | ") {
			if !slices.ContainsFunc(commands.All(), func(known bot.Command) bool { return known.Slash == c.Command && known.Verb == verb }) {
				t.Errorf("the hint of %s has %q, which nothing answers to", c.Command, verb)
			}
		}
	}
	if diff := cmp.Diff(bot.Slashes(commands.All()), named); diff != "" {
		t.Errorf("(-commands +manifest):\n%s", diff)
	}
}

// Slack's names for the message events by the type of the channel.
var messageEvents = map[string]string{"im": "message.im", "channel": "message.channels", "group": "message.groups", "mpim": "message.mpim"}

// Every event that slack-go knows is sent to the bot. Those that it answers are those of the manifest.
func TestManifestNamesTheEventsThatTheRouterTakes(t *testing.T) {
	t.Parallel()
	m, _ := printed(t)
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, m.OAuthConfig.Scopes.Bot)
		defer s.close()
		s.after(func() {}) // it says that it has begun
		var taken []string
		for name, inner := range s.everyEvent() {
			if s.after(func() { s.world.Slack.SendEvent(inner) }) != "" {
				taken = append(taken, name)
			}
		}
		slices.Sort(taken)
		named := slices.Sorted(slices.Values(m.Settings.EventSubscriptions.BotEvents))
		if diff := cmp.Diff(taken, named); diff != "" {
			t.Errorf("events (-taken +manifest):\n%s", diff)
		}
	})
}

// everyEvent gives an inner event of each kind, as from alice to the bot.
func (s *stage) everyEvent() map[string]map[string]any {
	event := func(typ string) map[string]any {
		ts := s.ts()
		return map[string]any{"type": typ, "user": s.alice, "team": s.world.Slack.TeamID(), "channel": s.channels["general"], "text": "help", "ts": ts, "event_ts": ts}
	}
	events := map[string]map[string]any{}
	for typ := range slackevents.EventsAPIInnerEventMapping {
		if typ != slackevents.Message {
			events[string(typ)] = event(string(typ))
		}
	}
	for kind, name := range messageEvents {
		events[name] = event("message")
		events[name]["channel_type"] = kind
	}
	events["message.im"]["channel"] = s.world.Slack.DM(s.alice)
	return events
}

// All kinds of requests are made with just the scopes of the manifest: Slack refuses nothing and all are answered. Without
// any one of the scopes something is refused, or somebody is not answered as before.
func TestManifestAsksForTheScopesThatAreNeededAndForNoOther(t *testing.T) {
	t.Parallel()
	m, _ := printed(t)
	scopes := m.OAuthConfig.Scopes.Bot
	full := append(playAll(t, scopes, false), playAll(t, scopes, true)...)
	for _, r := range full {
		if r.refused != "" || r.answer == "" || strings.Contains(r.answer, "not a valid command") || strings.Contains(r.answer, "Which app?") {
			t.Errorf("%s: Slack refuses %q; it is answered with %q", r.name, r.refused, r.answer)
		}
	}
	for i, scope := range scopes {
		t.Run("without "+scope, func(t *testing.T) {
			t.Parallel()
			var missed []string
			for _, r := range playAll(t, slices.Delete(slices.Clone(scopes), i, i+1), slices.Contains(forNews, scope)) {
				if !slices.Contains(full, r) {
					missed = append(missed, r.name)
				}
			}
			if len(missed) == 0 {
				t.Errorf("%s is superfluous: all is answered without it", scope)
			}
			t.Logf("different: %s", strings.Join(missed, ", "))
		})
	}
}

// result is what came of one request.
type result struct {
	name    string
	answer  string // the first line of what the person reads
	refused string // Slack's missing scopes
}

// forNews are the scopes that nobody needs who is only asked.
var forNews = []string{"channels:history", "groups:history", "im:write", "users:read.email"}

// playAll makes all kinds of requests, or has all kinds of things happen, with the scopes granted.
func playAll(t *testing.T, scopes []string, news bool) []result {
	t.Helper()
	var results []result
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, scopes)
		defer s.close()
		s.after(func() {}) // it says that it has begun
		list := s.requests()
		if news {
			list = s.news()
		}
		for _, r := range list {
			answer := s.within(max(r.told, toAnswer), r.make)
			results = append(results, result{r.name, answer, s.refusals()})
		}
	})
	return results
}
