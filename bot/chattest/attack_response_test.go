package chattest

import (
	"context"
	"encoding/json"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"slipway/commands"
	slacksim "slipway/integrations/sim/slack"
)

// elsewhere are addresses that somebody could put in the place of a response URL.
var elsewhere = []string{
	"http://evil.example/kept-to-itself", "https://evil.example/kept-to-itself", "https://hooks.slack.com.evil.example/kept-to-itself",
	"https://hooks.slack.com@evil.example/kept-to-itself", "https://hooks.slack.com:8443/kept-to-itself", "http://hooks.slack.com/kept-to-itself",
	`https://hooks.slack.com\@evil.example/kept-to-itself`, "//evil.example/kept-to-itself", "file:///etc/kept-to-itself",
	"http://169.254.169.254/latest/kept-to-itself", "http://[fd00:ec2::254]/kept-to-itself", "http://127.0.0.1:4002/kept-to-itself",
	"http://127.0.0.1:4001@evil.example/kept-to-itself", "http://127.0.0.1/kept-to-itself", "gopher://127.0.0.1:4001/kept-to-itself",
}

// dialled remembers where the bot connected to.
type dialled struct {
	dial Dial
	mu   sync.Mutex
	to   []string
}

func (d *dialled) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d.mu.Lock()
	d.to = append(d.to, addr)
	d.mu.Unlock()
	return d.dial(ctx, network, addr)
}

func (d *dialled) others() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.to), func(addr string) bool {
		return slices.Contains([]string{slackAddr, githubAddr, herokuAddr}, addr)
	})
}

// Whoever could bring us an envelope could have us call any address, and read what the answer shows.
func TestAResponseURLElsewhereIsNeverCalled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var watch *dialled
		who := slipway(commands.All())
		real := who.bot
		who.bot = func(s *stage) (Bot, error) {
			b, err := real(s)
			if err == nil {
				h := b.(*Host)
				watch = &dialled{dial: h.Dial}
				h.Dial = watch.Dial
			}
			return b, err
		}
		s := open(t, setting{}, who)
		defer s.close()
		p := NewPlayer(s.World, s.bot, bubbleClock{}, nil)
		p.Settle()
		for _, address := range elsewhere {
			for kind, payload := range map[string]map[string]any{
				"slash_commands": {
					"command": "/deploy", "text": "status", "team_id": s.World.Slack.TeamID(), "channel_id": s.World.Home(), "channel_name": "deploys",
					"user_id": "U0ALICE", "user_name": "alice", "api_app_id": s.World.Slack.AppID(), "trigger_id": "1.2.x", "response_url": address,
				},
				"interactive": {
					"type": "block_actions", "user": map[string]any{"id": "U0ALICE", "team_id": s.World.Slack.TeamID()}, "trigger_id": "1.2.x",
					"team": map[string]any{"id": s.World.Slack.TeamID()}, "channel": map[string]any{"id": s.World.Home(), "name": "deploys"},
					"container": map[string]any{"type": "message", "message_ts": "1767621600.000100", "channel_id": s.World.Home()}, "response_url": address,
					"actions": []map[string]any{{"type": "button", "action_id": "a", "block_id": "b", "value": "v", "action_ts": "1767621600.000100"}},
				},
			} {
				raw, err := json.Marshal(payload)
				if err != nil {
					t.Fatal(err)
				}
				d := s.World.Slack.SendEnvelope(kind, raw)
				p.Settle()
				<-d.Done()
			}
		}
		if got := watch.others(); len(got) > 0 {
			t.Errorf("the bot connected to %q", got)
		}
		requests, _ := s.World.GitHub.Weather().Requests(0)
		for _, r := range requests {
			if strings.Contains(r.Path, "kept") {
				t.Errorf("GitHub was asked for %s", r.Path)
			}
		}
		entries, _ := s.World.Slack.Journal(0)
		answered := slices.DeleteFunc(entries, func(e slacksim.Entry) bool { return e.Kind != slacksim.Ephemeral || e.User != "U0ALICE" })
		if want := 2 * len(elsewhere); len(answered) != want {
			t.Errorf("%d of %d commands and clicks were answered where the person is", len(answered), want)
		}
		log := s.log.String()
		if n := strings.Count(log, "is not Slack's"); n == 0 {
			t.Errorf("the log does not say that somebody was to be answered elsewhere:\n%s", log)
		}
		if strings.Contains(log, "kept-to-itself") || strings.Contains(log, "evil.example") {
			t.Errorf("the log shows an address:\n%s", log)
		}
	})
}
