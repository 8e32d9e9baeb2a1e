package slack_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestEverybodyInAChannelIsListedPageByPage(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		var want []string
		for i := range 2000 {
			want = append(want, fmt.Sprintf("U%04d", i))
		}
		s.AddChannel(slacksim.Channel{ID: "C9", Name: "town", Members: want})
		got, err := c.Members(ctx, "C9")
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("err %v (-want +got)\n%s", err, d)
		}
		if calls, _ := s.Weather().Requests(0); len(calls) != 3 {
			t.Errorf("%d calls for %d people, want 3", len(calls), len(want))
		}
		s.AddChannel(slacksim.Channel{ID: "C8", Name: "secret", Private: true, Members: []string{"U0001"}, BotIn: true})
		if got, err := c.Members(ctx, "C8"); err != nil || !slices.Contains(got, "U0001") || !slices.Contains(got, s.BotUserID()) {
			t.Errorf("got %v, %v", got, err)
		}
		s.AddChannel(slacksim.Channel{ID: "C7", Name: "hidden", Private: true, Members: []string{"U0001"}})
		for _, id := range []string{"C7", "C0NONE"} {
			_, err := c.Members(ctx, id)
			if e := wantError(t, err, "conversations.members", "channel_not_found"); !e.Unseen() {
				t.Errorf("%s: %v is seen", id, err)
			}
		}
	})
	t.Run("without the scope", func(t *testing.T) {
		withClient(t, slacksim.Options{Scopes: []string{"groups:read"}}, func(ctx context.Context, t *testing.T, _ *stage, c *slack.Client) {
			_, err := c.Members(ctx, "C1")
			if e := wantError(t, err, "conversations.members", "missing_scope"); e.Needed != "channels:read" || e.Unseen() {
				t.Errorf("needed %q", e.Needed)
			}
		})
	})
	t.Run("too many", func(t *testing.T) {
		withClient(t, slacksim.Options{NoLimits: true}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
			s.AddChannel(slacksim.Channel{ID: "C9", Name: "city", Members: make([]string, 45_001)})
			_, err := c.Members(ctx, "C9")
			if e, ok := errors.AsType[*slack.Error](err); !ok || e.Error() != "Slack conversations.members: there are more than 45000 people in the channel" {
				t.Errorf("got %v", err)
			}
		})
	})
}
