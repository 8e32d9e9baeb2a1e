package slack_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/slack"
)

// posted writes a message with a key.
func posted(ctx context.Context, t *testing.T, c *slack.Client, channel, thread, key string) slack.Posted {
	t.Helper()
	p, err := c.Post(ctx, channel, slack.Message{Text: key, Key: key, ThreadTS: thread})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	return p
}

func TestOurMessagesAreFoundByTheirKey(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		began := time.Now()
		one := posted(ctx, t, c, "C1", "", "change 1")
		posted(ctx, t, c, "C1", "", "change 2")
		twin := posted(ctx, t, c, "C1", "", "change 1")
		reply := posted(ctx, t, c, "C1", one.TS, "a reply")
		if _, err := s.Say("U1", "C1", "change 1", ""); err != nil {
			t.Fatal(err)
		}
		end := time.Now()
		for name, tt := range map[string]struct {
			slack.Search
			want []slack.Posted
		}{
			"one and its copy":   {slack.Search{Key: "change 1"}, []slack.Posted{one, twin}},
			"after a time":       {slack.Search{Key: "change 1", Since: began.Add(time.Second)}, []slack.Posted{twin}},
			"before a time":      {slack.Search{Key: "change 1", Until: began.Add(time.Second)}, []slack.Posted{one}},
			"in a thread":        {slack.Search{Key: "a reply", ThreadTS: one.TS}, []slack.Posted{reply}},
			"not in its channel": {slack.Search{Key: "a reply"}, nil},
			"none":               {slack.Search{Key: "change"}, nil},
			"another app's":      {slack.Search{Key: "change 1", Bot: "B0OTHER"}, nil},
		} {
			q := tt.Search
			q.Channel = "C1"
			if q.Bot == "" {
				q.Bot = s.BotID()
			}
			if q.Since.IsZero() {
				q.Since = began.Add(-time.Minute)
			}
			if q.Until.IsZero() {
				q.Until = end.Add(time.Minute)
			}
			got, err := c.Find(ctx, q)
			if d := cmp.Diff(tt.want, got); err != nil || d != "" {
				t.Errorf("%s: err %v (-want +got)\n%s", name, err, d)
			}
		}
	})
}

func TestABusyChannelIsReadPageByPage(t *testing.T) {
	withClient(t, slacksim.Options{NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		began := time.Now()
		one := posted(ctx, t, c, "C1", "", "change 1")
		for i := range 450 {
			if _, err := s.Say("U1", "C1", fmt.Sprint("hello ", i), ""); err != nil {
				t.Fatal(err)
			}
		}
		got, err := c.Find(ctx, slack.Search{Channel: "C1", Bot: s.BotID(), Key: "change 1", Since: began.Add(-time.Minute), Until: time.Now()})
		if d := cmp.Diff([]slack.Posted{one}, got); err != nil || d != "" {
			t.Errorf("err %v (-want +got)\n%s", err, d)
		}
	})
}

func TestAMessageThatNobodyKnowsHidesNoOther(t *testing.T) {
	t.Parallel()
	want := []slack.Posted{{Channel: "C1", TS: "1.0"}}
	for name, odd := range map[string]string{
		"of unknown blocks": `{"ts":"2.0","blocks":[{"type":"section","text":"a string"},{"type":"new"}]}`,
		"of odd metadata":   `{"ts":"2.0","bot_id":"B1","metadata":{"event_type":"slipway_board","event_payload":["key"]}}`,
		"of no metadata":    `{"ts":"2.0","bot_id":"B1","metadata":[]}`,
	} {
		c := slack.NewClient(slack.ClientOptions{HTTP: &http.Client{Transport: always(`{"ok":true,"messages":[` + odd +
			`,{"ts":"1.0","bot_id":"B1","metadata":{"event_type":"slipway_board","event_payload":{"key":"change 1"}}}]}`)}})
		got, err := c.Find(t.Context(), slack.Search{Channel: "C1", Bot: "B1", Key: "change 1", Since: time.Unix(1, 0), Until: time.Unix(2, 0)})
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: err %v (-want +got)\n%s", name, err, d)
		}
	}
}

func TestWhatKeepsUsFromFinding(t *testing.T) {
	withClient(t, slacksim.Options{Scopes: []string{"channels:history", "chat:write"}}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		s.AddChannel(slacksim.Channel{ID: "C2", Name: "elsewhere"})
		s.AddChannel(slacksim.Channel{ID: "C3", Name: "secret", Private: true, BotIn: true})
		find := func(channel, thread string) error {
			_, err := c.Find(ctx, slack.Search{Channel: channel, ThreadTS: thread, Bot: s.BotID(), Key: "x", Since: time.Now(), Until: time.Now()})
			return err
		}
		wantError(t, find("C2", ""), "conversations.history", "not_in_channel")
		wantError(t, find("C999", ""), "conversations.history", "channel_not_found")
		wantError(t, find("C1", "1.000001"), "conversations.replies", "thread_not_found")
		if e := wantError(t, find("C3", ""), "conversations.history", "missing_scope"); e.Needed != "groups:history" {
			t.Errorf("needed %q", e.Needed)
		}
		s.Weather().Add(weather.Fault{Method: "POST", Path: "/api/conversations.history", Kind: weather.TooMany, D: 7 * time.Second})
		if e := wantError(t, find("C1", ""), "conversations.history", "ratelimited"); e.RetryAfter != 7*time.Second {
			t.Errorf("%v", e)
		}
		s.Weather().Add(weather.Fault{Method: "POST", Path: "/api/conversations.history", Kind: weather.HTML503})
		err := find("C1", "")
		if e, ok := errors.AsType[*slack.Error](err); !ok || e.Status != 503 || e.Ambiguous {
			t.Errorf("got %v", err)
		}
	})
}

func TestADirectMessageIsOpenedOnce(t *testing.T) {
	withClient(t, slacksim.Options{Scopes: []string{"im:write"}}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		for range 2 {
			if got, err := c.Direct(ctx, "U1"); err != nil || got != s.DM("U1") {
				t.Errorf("%q, %v", got, err)
			}
		}
		_, err := c.Direct(ctx, "U999")
		wantError(t, err, "conversations.open", "user_not_found")
	})
	t.Run("without the scope", func(t *testing.T) {
		withClient(t, slacksim.Options{Scopes: []string{"chat:write"}}, func(ctx context.Context, t *testing.T, _ *stage, c *slack.Client) {
			_, err := c.Direct(ctx, "U1")
			wantError(t, err, "conversations.open", "missing_scope")
		})
	})
}

// always is a network that gives the same answer to all.
type always string

func (a always) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}, nil
}
