package slack_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestAPersonIsFoundByEmail(t *testing.T) {
	withClient(t, slacksim.Options{NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		for _, p := range []slacksim.User{
			{ID: "U1", Name: "alice", Email: "alice@example.org"},
			{ID: "U2", Name: "guest", Email: "guest@example.org", Guest: true},
			{ID: "U3", Name: "gone", Email: "gone@example.org", Deleted: true},
			{ID: "U4", Name: "other", Email: "other@example.org", Stranger: true, TeamID: "T0OTHER"},
		} {
			s.AddUser(p)
		}
		for email, want := range map[string]slack.User{
			"Alice@Example.org": {ID: "U1", TeamID: s.TeamID(), Name: "alice", RealName: "alice", Email: "alice@example.org", TZ: "Etc/UTC"},
			"guest@example.org": {ID: "U2", TeamID: s.TeamID(), Name: "guest", RealName: "guest", Email: "guest@example.org", TZ: "Etc/UTC", Guest: true},
		} {
			got, err := c.UserByEmail(ctx, email)
			if d := cmp.Diff(want, got); err != nil || d != "" {
				t.Errorf("%s: err %v (-want +got)\n%s", email, err, d)
			}
		}
		for _, email := range []string{"gone@example.org", "other@example.org", "nobody@example.org", ""} {
			_, err := c.UserByEmail(ctx, email)
			if e := wantError(t, err, "users.lookupByEmail", "users_not_found"); !e.Nobody() {
				t.Errorf("%q: %v is not nobody", email, err)
			}
		}
	})
	for lacks, has := range map[string]string{"users:read.email": "users:read", "users:read": "users:read.email"} {
		t.Run("without "+lacks, func(t *testing.T) {
			withClient(t, slacksim.Options{Scopes: []string{has}}, func(ctx context.Context, t *testing.T, _ *stage, c *slack.Client) {
				_, err := c.UserByEmail(ctx, "alice@example.org")
				if e := wantError(t, err, "users.lookupByEmail", "missing_scope"); e.Needed != lacks || e.Nobody() {
					t.Errorf("needed %q, want %q", e.Needed, lacks)
				}
			})
		})
	}
}

func TestEveryChannelIsListedPageByPage(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		s.AddChannel(slacksim.Channel{ID: "C2", Name: "old", Archived: true, Members: []string{"U1"}})
		s.AddChannel(slacksim.Channel{ID: "C3", Name: "secret", Private: true, Members: []string{"U1"}, BotIn: true})
		s.AddChannel(slacksim.Channel{ID: "C4", Name: "hidden", Private: true, Members: []string{"U1"}})
		s.DM("U1")
		want := []slack.Channel{
			{ID: "C1", Name: "deploys", Member: true}, {ID: "C2", Name: "old", Archived: true}, {ID: "C3", Name: "secret", Private: true, Member: true},
		}
		for i := range 2000 {
			name := fmt.Sprintf("team-%04d", i)
			s.AddChannel(slacksim.Channel{ID: "C9" + name, Name: name})
			want = append(want, slack.Channel{ID: "C9" + name, Name: name})
		}
		got, err := c.Channels(ctx)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("err %v (-want +got)\n%s", err, d)
		}
		if calls, _ := s.Weather().Requests(0); len(calls) != 3 {
			t.Errorf("%d calls for %d channels, want 3", len(calls), len(want))
		}
		for err == nil { // 20 calls a minute are let in
			_, err = c.Channels(ctx)
		}
		if e, ok := errors.AsType[*slack.Error](err); !ok || !e.RateLimited() || e.RetryAfter <= 0 || e.RetryAfter > time.Minute {
			t.Errorf("got %v, want to be told how long to wait", err)
		}
	})
	t.Run("without the scope", func(t *testing.T) {
		withClient(t, slacksim.Options{Scopes: []string{"channels:read"}}, func(ctx context.Context, t *testing.T, _ *stage, c *slack.Client) {
			_, err := c.Channels(ctx)
			if e := wantError(t, err, "conversations.list", "missing_scope"); e.Needed != "groups:read" {
				t.Errorf("needed %q", e.Needed)
			}
		})
	})
	t.Run("too many", func(t *testing.T) {
		withClient(t, slacksim.Options{NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
			for i := range 18_000 {
				s.AddChannel(slacksim.Channel{ID: fmt.Sprintf("C9%05d", i), Name: fmt.Sprint(i)})
			}
			_, err := c.Channels(ctx)
			if e, ok := errors.AsType[*slack.Error](err); !ok || e.Error() != "Slack conversations.list: there are more than 18000 channels" {
				t.Errorf("got %v", err)
			}
		})
	})
}
