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

// The chain of calls behind an answer is a look and the answer's own way where the app is known, and at most four deep where
// nothing is: with calls of 200 ms it is there after 0.4 s or 0.8 s. Simulated time is exact.
func TestAnswersCostTheirLongestChainOfCalls(t *testing.T) {
	t.Parallel()
	const call = 200 * time.Millisecond
	const unknown = "!down database" // then each answer is read anew
	tests := []struct {
		world, first, line string
		deep               int
		idle               time.Duration
	}{
		{"world default", "", "alice> /deploy status", 2, time.Hour},
		{"world default", "", "alice> /deploy status", 2, time.Minute},
		{"world two-files", "", "alice> /deploy status", 2, time.Minute},
		{"world pair", "", "alice> /deploy status penny-qa", 2, time.Minute},
		{"world default", "", "alice> @slipway status", 2, time.Minute},
		{"world default", "", "alice> /deploy history", 2, time.Minute},
		{"world default", "", "alice> /deploy routes", 2, time.Minute}, // who is asking, and the answer
		{"world default", "", "alice> /deploy help", 2, time.Minute},
		{"world default", unknown, "alice> /deploy status", 4, time.Minute},
		{"world two-files", unknown, "alice> /deploy status", 4, time.Minute},
		{"world pair", unknown, "alice> /deploy status penny-qa", 4, time.Minute},
		{"world default", unknown, "alice> /deploy history", 4, time.Minute},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.world, " ", tt.first, " ", tt.line, " after ", tt.idle), func(t *testing.T) {
			t.Parallel()
			chattest.Scene(t, []string{tt.world, "latency 200ms"}, commands.All(), func(w *world.World, p *chattest.Player) {
				if tt.first != "" {
					if err := p.Line(tt.first); err != nil {
						t.Fatal(err)
					}
				}
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

// Each read is asked once: the number of calls is what a busy channel costs of GitHub's and Heroku's limits. Where the app is
// known they are those of a look.
func TestStatusAsksEachThingOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first          string
		github, heroku int // at most
	}{
		"known":   {"", 2, 4},
		"unknown": {"!down database", 11, 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chattest.Scene(t, nil, commands.All(), func(w *world.World, p *chattest.Player) {
				if tt.first != "" {
					if err := p.Line(tt.first); err != nil {
						t.Fatal(err)
					}
				}
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
				if len(github) > tt.github || len(heroku) > tt.heroku || len(asked) == 0 {
					t.Errorf("%d calls of GitHub and %d of Heroku, want at most %d and %d", len(github), len(heroku), tt.github, tt.heroku)
				}
			})
		})
	}
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
