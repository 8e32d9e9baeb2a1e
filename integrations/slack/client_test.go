package slack_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/slack"
)

// withClient runs a test with a client of the stage's Web API.
func withClient(t *testing.T, opts slacksim.Options, f func(context.Context, *testing.T, *stage, *slack.Client)) {
	t.Helper()
	onStage(t, opts, func(t *testing.T, s *stage) {
		hc := s.http()
		f(t.Context(), t, s, slack.NewClient(slack.ClientOptions{BotToken: s.BotToken(), APIURL: "http://" + simAddr + "/api/", HTTP: hc}))
		hc.CloseIdleConnections()
	})
}

// wantError fails unless err is an *Error of this method and code.
func wantError(t *testing.T, err error, method, code string) *slack.Error {
	t.Helper()
	e, ok := errors.AsType[*slack.Error](err)
	if !ok || e.Method != method || e.Code != code {
		t.Fatalf("got %v, want %s: %s", err, method, code)
	}
	return e
}

func section(text string) slackgo.Block {
	return slackgo.NewSectionBlock(slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false), nil, nil)
}

func TestAuthTellsWhoWeAreAndWhatWeMay(t *testing.T) {
	withClient(t, slacksim.Options{Scopes: []string{"commands", "chat:write"}}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		got, err := c.Auth(ctx)
		want := slack.Identity{
			TeamID: s.TeamID(), Team: "Slipway Sim", URL: "https://slipway-sim.slack.com/",
			UserID: s.BotUserID(), BotID: s.BotID(), Scopes: []string{"commands", "chat:write"},
		}
		want.URL = got.URL // the simulator's own choice
		if d := cmp.Diff(want, got); err != nil || d != "" || !strings.HasPrefix(got.URL, "https://") {
			t.Errorf("err %v (-want +got)\n%s", err, d)
		}
		s.RefuseTokens("token_revoked")
		_, err = c.Auth(ctx)
		if refused, ok := errors.AsType[*slack.RefusedError](err); !ok || refused.Variable != "SLACK_BOT_TOKEN" {
			t.Errorf("got %v", err)
		}
	})
}

func TestAUserIsWhoSlackSaysTheyAre(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		people := []slacksim.User{
			{ID: "U1", Name: "alice", RealName: "Alice A", Email: "alice@example.org", TZ: "Europe/Berlin"},
			{ID: "U2", Name: "guest", Guest: true},
			{ID: "U3", Name: "gone", Deleted: true},
			{ID: "U4", Name: "other", Stranger: true, TeamID: "T0OTHER"},
			{ID: "U5", Name: "robot", Bot: true},
		}
		for _, p := range people {
			s.AddUser(p)
		}
		for _, p := range s.Users() {
			got, err := c.User(ctx, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			want := slack.User{
				ID: p.ID, TeamID: p.TeamID, Name: p.Name, RealName: p.RealName, Email: p.Email, TZ: p.TZ,
				Guest: p.Guest, Bot: p.Bot, Deleted: p.Deleted, Stranger: p.Stranger,
			}
			if p.Deleted || p.Bot { // of whom Slack tells less
				got.Email, want.Email, got.TZ, want.TZ = "", "", "", ""
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-want +got)\n%s", p.Name, d)
			}
		}
		_, err := c.User(ctx, "U999")
		wantError(t, err, "users.info", "user_not_found")
	})
	t.Run("without the scope", func(t *testing.T) {
		withClient(t, slacksim.Options{Scopes: []string{"commands"}}, func(ctx context.Context, t *testing.T, _ *stage, c *slack.Client) {
			_, err := c.User(ctx, "U1")
			if e := wantError(t, err, "users.info", "missing_scope"); e.Needed != "users:read" {
				t.Errorf("needed %q", e.Needed)
			}
		})
	})
}

func TestAChannelIsWhatSlackSaysItIs(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		s.AddChannel(slacksim.Channel{ID: "C2", Name: "old", Archived: true, Members: []string{"U1"}})
		s.AddChannel(slacksim.Channel{ID: "C3", Name: "secret", Private: true, Members: []string{"U1"}, BotIn: true})
		s.AddChannel(slacksim.Channel{ID: "C4", Name: "hidden", Private: true, Members: []string{"U1"}})
		dm := s.DM("U1")
		for _, want := range []slack.Channel{
			{ID: "C1", Name: "deploys", Member: true},
			{ID: "C2", Name: "old", Archived: true},
			{ID: "C3", Name: "secret", Private: true, Member: true},
			{ID: dm, IM: true},
		} {
			got, err := c.Channel(ctx, want.ID)
			if want.IM {
				want.Private, want.Member = got.Private, got.Member // meaningless there
			}
			if d := cmp.Diff(want, got); err != nil || d != "" {
				t.Errorf("%s: err %v (-want +got)\n%s", want.ID, err, d)
			}
		}
		for _, id := range []string{"C4", "C999"} {
			_, err := c.Channel(ctx, id)
			wantError(t, err, "conversations.info", "channel_not_found")
		}
	})
}

func TestEachKindOfBadWeatherIsToldApart(t *testing.T) {
	type want struct {
		Code      string
		Status    int
		After     time.Duration
		Ambiguous bool
		posted    int // messages that stand afterwards
	}
	for kind, w := range map[weather.Kind]want{
		weather.TooMany:     {Code: "ratelimited", Status: 429, After: 7 * time.Second},
		weather.TooManyBare: {Code: "ratelimited", Status: 429},
		weather.HTML503:     {Status: 503, Ambiguous: true},
		weather.Drop:        {Ambiguous: true},
		weather.Cut:         {Ambiguous: true, posted: 1},
		weather.Delay:       {Ambiguous: true},
	} {
		t.Run(string(kind), func(t *testing.T) {
			withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
				s.Weather().Add(weather.Fault{Method: "POST", Path: "/api/chat.postMessage", Kind: kind, D: 7 * time.Second})
				ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
				defer cancel()
				_, err := c.Post(ctx, "C1", slack.Message{Text: "x"})
				e, ok := errors.AsType[*slack.Error](err)
				if !ok {
					t.Fatalf("got %v", err)
				}
				got := want{Code: e.Code, Status: e.Status, After: e.RetryAfter, Ambiguous: e.Ambiguous, posted: len(s.Messages("C1"))}
				if got != w {
					t.Errorf("got %+v, want %+v", got, w)
				}
				s.Weather().Add(weather.Fault{Method: "POST", Path: "/api/users.info", Kind: kind, D: 7 * time.Second})
				_, err = c.User(ctx, "U1")
				if e, ok := errors.AsType[*slack.Error](err); !ok || e.Ambiguous {
					t.Errorf("a read: %v", err)
				}
			})
		})
	}
}

func TestASlackThatIsNotThereGotNothing(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, _ *slack.Client) {
		c := slack.NewClient(slack.ClientOptions{BotToken: s.BotToken(), APIURL: "http://127.0.0.1:1/api/", HTTP: s.http()})
		_, err := c.Post(ctx, "C1", slack.Message{Text: "x"})
		if e, ok := errors.AsType[*slack.Error](err); !ok || e.Ambiguous || e.Status != 0 {
			t.Errorf("got %v", err)
		}
	})
}
