package access_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/access"
	"slipway/bot/say"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

const elsewhere = "T0ELSEWHERE"

// ask sets up a workspace with one person in it, and a door.
func ask(t *testing.T, u slacksim.User, play func(s *slacksim.Server, read func(team string) error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := slacksim.New(slacksim.Options{URL: "http://127.0.0.1:1", Scopes: []string{"users:read"}})
		u.ID = "U0X"
		s.AddUser(u)
		var network memnet.Network
		l, err := network.Listen("127.0.0.1:1")
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: s}
		go func() { _ = server.Serve(l) }()
		transport := &http.Transport{DialContext: network.DialContext}
		door := access.New(slack.NewClient(slack.ClientOptions{
			BotToken: s.BotToken(), APIURL: "http://127.0.0.1:1/api/", HTTP: &http.Client{Transport: transport, Timeout: 10 * time.Second},
		}))
		play(s, func(team string) error {
			return door.Reader(t.Context(), "U0X", team, s.TeamID())
		})
		transport.CloseIdleConnections()
		s.Close()
		_ = server.Close()
	})
}

func TestOnlyFullMembersRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		user slacksim.User
		team string // that the request says; "" for none
		want string // in the refusal; "" for none
	}{
		{"a member", slacksim.User{Name: "alice"}, "home", ""},
		{"a member, where Slack names no team", slacksim.User{Name: "alice"}, "", ""},
		{"a guest", slacksim.User{Name: "carol", Guest: true}, "home", "Guests cannot"},
		{"a stranger", slacksim.User{Name: "erin", Stranger: true, TeamID: elsewhere}, elsewhere, "its own workspace only"},
		{"a stranger whose request names our team", slacksim.User{Name: "erin", Stranger: true, TeamID: elsewhere}, "home", "its own workspace only"},
		{"a member whose request names another team", slacksim.User{Name: "alice"}, elsewhere, "its own workspace only"},
		{"someone who left", slacksim.User{Name: "old", Deleted: true}, "home", "deactivated"},
		{"a bot", slacksim.User{Name: "robot", Bot: true}, "home", "not bots"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ask(t, tt.user, func(s *slacksim.Server, read func(team string) error) {
				team := strings.Replace(tt.team, "home", s.TeamID(), 1)
				err := read(team)
				if tt.want == "" {
					if err != nil {
						t.Errorf("refused: %v", err)
					}
					return
				}
				var refusal *say.Refusal
				if !errors.As(err, &refusal) || !strings.Contains(refusal.Text, tt.want) {
					t.Errorf("got %v, want a refusal with %q", err, tt.want)
				}
			})
		})
	}
}

func TestWhenSlackCannotSayTheAnswerIsNo(t *testing.T) {
	t.Parallel()
	ask(t, slacksim.User{Name: "alice"}, func(s *slacksim.Server, read func(team string) error) {
		s.SetDown(true)
		if err := read(s.TeamID()); err == nil || !strings.Contains(err.Error(), "could not ask Slack who you are") {
			t.Errorf("got %v", err)
		}
		s.SetDown(false)
		if err := read(s.TeamID()); err != nil {
			t.Errorf("a failure was remembered: %v", err)
		}
	})
}

func TestWhoBecomesAGuestIsRefusedWithinMinutes(t *testing.T) {
	t.Parallel()
	ask(t, slacksim.User{Name: "alice"}, func(s *slacksim.Server, read func(team string) error) {
		if err := read(s.TeamID()); err != nil {
			t.Fatal(err)
		}
		s.AddUser(slacksim.User{ID: "U0X", Name: "alice", Guest: true})
		_, before := s.Weather().Requests(0)
		if err := read(s.TeamID()); err != nil {
			t.Errorf("asked again at once: %v", err)
		}
		if _, after := s.Weather().Requests(0); after != before {
			t.Error("Slack was asked again at once")
		}
		time.Sleep(2 * time.Minute)
		if err := read(s.TeamID()); err == nil {
			t.Error("a guest still reads after two minutes")
		}
	})
}
