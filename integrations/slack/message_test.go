package slack_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestAMessageIsPostedEditedAndDeleted(t *testing.T) {
	withClient(t, slacksim.Options{NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		p, err := c.Post(ctx, "C1", slack.Message{Text: "v122 is live", Blocks: []slackgo.Block{section("*v122* is live")}, Key: "release/122"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Post(ctx, "C1", slack.Message{Text: "a reply", ThreadTS: p.TS}); err != nil {
			t.Fatal(err)
		}
		m := s.Messages("C1")
		if len(m) != 2 || m[0].TS != p.TS || p.Channel != "C1" || m[0].Text != "v122 is live" || !strings.Contains(string(m[0].Blocks), "*v122*") || m[1].ThreadTS != p.TS {
			t.Fatalf("posted %+v", m)
		}
		var metadata slackgo.SlackMetadata
		if err := json.Unmarshal(m[0].Metadata, &metadata); err != nil || metadata.EventType != slack.MetadataType || metadata.EventPayload["key"] != "release/122" {
			t.Errorf("metadata %s", m[0].Metadata)
		}
		if err := c.Update(ctx, p, slack.Message{Text: "v123 is live"}); err != nil {
			t.Fatal(err)
		}
		if m := s.Messages("C1"); m[0].Text != "v123 is live" || len(m[0].Blocks) != 0 {
			t.Errorf("edited: %+v", m[0])
		}
		if link, err := c.Link(ctx, p); err != nil || !strings.HasSuffix(link, "/archives/C1/p"+strings.Replace(p.TS, ".", "", 1)) {
			t.Errorf("its address is %q: %v", link, err)
		}
		if err := c.Delete(ctx, p); err != nil {
			t.Fatal(err)
		}
		_, err = c.Link(ctx, slack.Posted{Channel: "C1", TS: "1.000001"})
		wantError(t, err, "chat.getPermalink", "message_not_found")
		if m := s.Messages("C1"); len(m) == 2 && m[0].Text == "v123 is live" {
			t.Errorf("deleted: %+v", m)
		}
		wantError(t, c.Delete(ctx, p), "chat.delete", "message_not_found")
		wantError(t, c.Update(ctx, p, slack.Message{Text: "x"}), "chat.update", "message_not_found")
	})
}

func TestWhatSlackRefusesToShow(t *testing.T) {
	withClient(t, slacksim.Options{Scopes: []string{"chat:write"}, NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		s.AddChannel(slacksim.Channel{ID: "C2", Name: "old", Archived: true, BotIn: true})
		s.AddChannel(slacksim.Channel{ID: "C3", Name: "elsewhere"})
		p, err := c.Post(ctx, "C1", slack.Message{Text: "x"})
		if err != nil {
			t.Fatal(err)
		}
		post := func(channel string, m slack.Message) error { _, err := c.Post(ctx, channel, m); return err }
		for _, tt := range []struct {
			err          error
			method, code string
		}{
			{post("C999", slack.Message{Text: "x"}), "chat.postMessage", "channel_not_found"},
			{post("C2", slack.Message{Text: "x"}), "chat.postMessage", "is_archived"},
			{post("C3", slack.Message{Text: "x"}), "chat.postMessage", "not_in_channel"},
			{post("C1", slack.Message{}), "chat.postMessage", "no_text"},
			{post("C1", slack.Message{Text: "x", ThreadTS: "1.000001"}), "chat.postMessage", "thread_not_found"},
			{post("C1", slack.Message{Text: "x", Key: strings.Repeat("k", 5000)}), "chat.postMessage", "metadata_too_large"},
			{c.Update(ctx, p, slack.Message{Text: strings.Repeat("x", 4001)}), "chat.update", "msg_too_long"},
			{c.Ephemeral(ctx, "C1", "U999", slack.Message{Text: "x"}), "chat.postEphemeral", "user_not_in_channel"},
			{c.Ephemeral(ctx, "C999", "U1", slack.Message{Text: "x"}), "chat.postEphemeral", "channel_not_found"},
		} {
			if e := wantError(t, tt.err, tt.method, tt.code); e.Ambiguous {
				t.Errorf("%v is called ambiguous", e)
			}
		}
		err = post("C1", slack.Message{Text: "x", Blocks: []slackgo.Block{section(strings.Repeat("x", 3001))}})
		if e := wantError(t, err, "chat.postMessage", "invalid_blocks"); len(e.Details) == 0 {
			t.Errorf("%v does not say what is wrong", e)
		}
	})
	t.Run("without the scope", func(t *testing.T) {
		withClient(t, slacksim.Options{Scopes: []string{"commands"}}, func(ctx context.Context, t *testing.T, _ *stage, c *slack.Client) {
			_, err := c.Post(ctx, "C1", slack.Message{Text: "x"})
			if e := wantError(t, err, "chat.postMessage", "missing_scope"); e.Needed != "chat:write" {
				t.Errorf("needed %q", e.Needed)
			}
		})
	})
}

func TestAnEphemeralMessageIsSeenByOne(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		if err := c.Ephemeral(ctx, "C1", "U1", slack.Message{Text: "only you", Blocks: []slackgo.Block{section("only you")}}); err != nil {
			t.Fatal(err)
		}
		if j, _ := s.Journal(0); len(j) != 1 || j[0].Kind != slacksim.Ephemeral || j[0].User != "U1" || j[0].Message.Text != "only you" {
			t.Errorf("journal %+v", j)
		}
	})
}

func TestACommandIsAnsweredAtItsResponseURL(t *testing.T) {
	withClient(t, slacksim.Options{NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		urls := make(chan string, 2)
		r := s.startBoth(func(e slack.Envelope) {
			_ = e.Ack(nil)
			if e.Command != nil {
				urls <- e.Command.ResponseURL
				return
			}
			urls <- e.Interaction.ResponseURL
		})
		s.command("status")
		url := <-urls
		button := slackgo.NewActionBlock("b", slackgo.NewButtonBlockElement("go", "1", slackgo.NewTextBlockObject(slackgo.PlainTextType, "Go", false, false)))
		for _, v := range []slack.Visibility{slack.OnlyYou, slack.InChannel} {
			if err := c.Respond(ctx, url, slack.Message{Text: string(v), Blocks: []slackgo.Block{button}}, v); err != nil {
				t.Fatal(err)
			}
		}
		j, next := s.Journal(0)
		if len(j) != 2 || j[0].Kind != slacksim.Ephemeral || j[1].Kind != slacksim.Posted {
			t.Fatalf("journal %+v", j)
		}
		d, err := s.Click("U1", slacksim.Place{Channel: "C1", TS: j[1].TS}, "b", "go")
		if err != nil {
			t.Fatal(err)
		}
		s.await(d)
		if err := c.Respond(ctx, <-urls, slack.Message{Text: "done"}, slack.Replace); err != nil {
			t.Fatal(err)
		}
		if j, _ := s.Journal(next); len(j) != 1 || j[0].Kind != slacksim.Updated || j[0].Message.Text != "done" {
			t.Errorf("journal %+v", j)
		}
		for range 3 {
			if err := c.Respond(ctx, url, slack.Message{Text: "x"}, slack.OnlyYou); err != nil {
				t.Fatal(err)
			}
		}
		if e := wantError(t, c.Respond(ctx, url, slack.Message{Text: "x"}, slack.OnlyYou), "response_url", "used_url"); e.Status != 404 || e.Ambiguous {
			t.Errorf("got %+v", e)
		}
		s.stop(r)
	})
}

func TestTooManyPostsAreToldToWait(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		var err error
		for range 10 {
			if _, err = c.Post(ctx, "C1", slack.Message{Text: "x"}); err != nil {
				break
			}
		}
		e := wantError(t, err, "chat.postMessage", "ratelimited")
		if e.RetryAfter <= 0 || e.Status != 429 || !e.RateLimited() || e.Ambiguous {
			t.Fatalf("got %+v", e)
		}
		time.Sleep(e.RetryAfter)
		if _, err := c.Post(ctx, "C1", slack.Message{Text: "x"}); err != nil {
			t.Errorf("after waiting: %v", err)
		}
	})
}

// A title that a stranger wrote may hold an address.
func TestAnAddressInATextIsNoLink(t *testing.T) {
	withClient(t, slacksim.Options{NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		text := func() *slackgo.TextBlockObject {
			return slackgo.NewTextBlockObject(slackgo.MarkdownType, "See https://evil.example", false, false)
		}
		plain := slackgo.NewTextBlockObject(slackgo.PlainTextType, "See", false, false)
		fields := []*slackgo.TextBlockObject{text(), plain}
		blocks := []slackgo.Block{
			slackgo.NewSectionBlock(text(), nil, nil), slackgo.NewSectionBlock(nil, fields, nil),
			slackgo.NewContextBlock("", text(), plain), slackgo.NewDividerBlock(),
		}
		p, err := c.Post(ctx, "C1", slack.Message{Text: "x", Blocks: blocks})
		if err != nil {
			t.Fatal(err)
		}
		for _, how := range []string{"posted", "edited"} {
			if got := string(s.Messages("C1")[0].Blocks); strings.Count(got, `"verbatim":true`) != 3 || strings.Contains(got, `"verbatim":false`) {
				t.Errorf("%s: %s", how, got)
			}
			if err := c.Update(ctx, p, slack.Message{Text: "y", Blocks: blocks}); err != nil {
				t.Fatal(err)
			}
		}
		if fields[0].Verbatim {
			t.Error("the caller's blocks were changed")
		}
	})
}
