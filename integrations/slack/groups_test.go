package slack_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestUserGroupsAndWhoIsInThem(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		if got, err := c.Groups(ctx); err != nil || len(got) != 0 {
			t.Errorf("got %v, %v", got, err)
		}
		s.AddGroup(slacksim.Group{ID: "S1", Handle: "dba", Name: "Databases", Members: []string{"U1", "U2"}})
		s.AddGroup(slacksim.Group{ID: "S2", Handle: "oncall", Name: "On call"})
		got, err := c.Groups(ctx)
		if d := cmp.Diff([]slack.Group{{ID: "S1", Handle: "dba"}, {ID: "S2", Handle: "oncall"}}, got); err != nil || d != "" {
			t.Errorf("err %v (-want +got)\n%s", err, d)
		}
		for id, want := range map[string][]string{"S1": {"U1", "U2"}, "S2": {}} {
			got, err := c.GroupMembers(ctx, id)
			if d := cmp.Diff(want, got); err != nil || d != "" {
				t.Errorf("%s: err %v (-want +got)\n%s", id, err, d)
			}
		}
		_, err = c.GroupMembers(ctx, "S3")
		wantError(t, err, "usergroups.users.list", "no_such_subteam")
	})
	t.Run("without the scope", func(t *testing.T) {
		withClient(t, slacksim.Options{Scopes: []string{"users:read"}}, func(ctx context.Context, t *testing.T, _ *stage, c *slack.Client) {
			_, err := c.Groups(ctx)
			if e := wantError(t, err, "usergroups.list", "missing_scope"); e.Needed != "usergroups:read" {
				t.Errorf("needed %q", e.Needed)
			}
			_, err = c.GroupMembers(ctx, "S1")
			wantError(t, err, "usergroups.users.list", "missing_scope")
		})
	})
}

// canned answers every request with one body.
type canned string

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(c))), Request: r}, nil
}

func TestGroupsOfOthersAndGroupsThatAreOffAreNone(t *testing.T) {
	t.Parallel()
	c := slack.NewClient(slack.ClientOptions{BotToken: "xoxb-1", HTTP: &http.Client{Transport: canned(`{"ok":true,"usergroups":[
		{"id":"S1","handle":"dba","is_external":true,"date_delete":0},{"id":"S2","handle":"dba","date_delete":1700000000},{"id":"S3","handle":"dba","date_delete":0}]}`)}})
	got, err := c.Groups(t.Context())
	if d := cmp.Diff([]slack.Group{{ID: "S3", Handle: "dba"}}, got); err != nil || d != "" {
		t.Errorf("err %v (-want +got)\n%s", err, d)
	}
}
