package commands_test

import (
	"fmt"
	"testing"
	"time"

	"slipway/bot/chattest"
	"slipway/commands"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// The chain of calls behind an answer is at most four deep, the answer's own way included: with calls of 200 ms it is
// there after 0.8 s. Simulated time is exact.
func TestAnswersCostTheirLongestChainOfCalls(t *testing.T) {
	t.Parallel()
	const call = 200 * time.Millisecond
	tests := []struct {
		world, line string
		deep        int
		idle        time.Duration
	}{
		{"world default", "alice> /deploy status", 4, time.Hour},
		{"world default", "alice> /deploy status", 4, time.Minute},
		{"world two-files", "alice> /deploy status", 4, time.Minute},
		{"world pair", "alice> /deploy status penny-qa", 4, time.Minute},
		{"world default", "alice> @slipway status", 4, time.Minute},
		{"world default", "alice> /deploy history", 2, time.Minute},
		{"world default", "alice> /deploy help", 2, time.Minute}, // who is asking, and the answer
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.world, " ", tt.line, " after ", tt.idle), func(t *testing.T) {
			t.Parallel()
			chattest.Scene(t, []string{tt.world, "latency 200ms"}, commands.All(), func(w *world.World, p *chattest.Player) {
				time.Sleep(tt.idle)
				typed := time.Now()
				if err := p.Line(tt.line); err != nil {
					t.Fatal(err)
				}
				if got, want := answeredAt(t, w).Sub(typed), time.Duration(tt.deep)*call; got != want {
					t.Errorf("answered after %v, want %v: %d calls deep", got, want, tt.deep)
				}
			})
		})
	}
}

// Each read is asked once: the number of calls is what a busy channel costs of GitHub's and Heroku's limits.
func TestStatusAsksEachThingOnce(t *testing.T) {
	t.Parallel()
	chattest.Scene(t, nil, commands.All(), func(w *world.World, p *chattest.Player) {
		time.Sleep(time.Minute)
		_, before := w.GitHub.Weather().Requests(0)
		_, beforeHeroku := w.Heroku.Weather().Requests(0)
		if err := p.Line("alice> /deploy status"); err != nil {
			t.Fatal(err)
		}
		asked := map[string]bool{}
		github, _ := w.GitHub.Weather().Requests(before)
		heroku, _ := w.Heroku.Weather().Requests(beforeHeroku)
		for _, r := range append(github, heroku...) {
			key := r.Method + " " + r.Path + "?" + r.Query
			if asked[key] {
				t.Errorf("asked twice: %s", key)
			}
			asked[key] = true
		}
		if len(github) > 10 || len(heroku) > 8 {
			t.Errorf("%d calls of GitHub and %d of Heroku, want at most 10 and 8", len(github), len(heroku))
		}
	})
}

func answeredAt(t *testing.T, w *world.World) time.Time {
	t.Helper()
	entries, _ := w.Slack.Journal(0)
	for _, e := range entries {
		if e.Kind == slacksim.Ephemeral {
			return e.At
		}
	}
	t.Fatal("no answer")
	return time.Time{}
}
