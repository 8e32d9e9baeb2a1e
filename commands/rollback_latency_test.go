package commands_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"slipway/bot/chattest"
	"slipway/commands"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/sim/world"
)

// call is what each call costs here. Simulated time is exact.
const call = 200 * time.Millisecond

// rolling is a world in which #46 is live, and each call takes its time.
func rolling(t *testing.T, kind string, f func(w *world.World, lines func(...string))) {
	chattest.Scene(t, []string{kind, "latency 200ms"}, commands.All(), func(w *world.World, p *chattest.Player) {
		lines := func(list ...string) {
			t.Helper()
			for _, line := range list {
				if err := p.Line(line); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
			}
		}
		lines("!merge 46", "!wait")
		f(w, lines)
	})
}

// A rollback is planned when something is wrong: its window is filled with all that happens at most five calls after it was typed.
func TestARollbackIsShownAfterFiveCalls(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ world, line string }{
		{"world default", "alice> /rollback"},
		{"world default", "alice> /rollback v120"},
		{"world two-files", "alice> /rollback"},
		{"world pair", "alice> /rollback of penny-university"},
	} {
		t.Run(tt.world+" "+tt.line, func(t *testing.T) {
			t.Parallel()
			rolling(t, tt.world, func(w *world.World, lines func(...string)) {
				typed := time.Now()
				lines(tt.line)
				took := filledAt(t, w, typed).Sub(typed)
				t.Logf("filled after %v", took)
				if took > 5*call {
					t.Errorf("filled after %v, want %v at most", took, 5*call)
				}
			})
		})
	}
}

// filledAt is when a window was there that can be submitted.
func filledAt(t *testing.T, w *world.World, since time.Time) time.Time {
	t.Helper()
	entries, _ := w.Slack.Journal(0)
	for _, e := range entries {
		if e.Kind == slacksim.ViewUpdated && e.View.Submit != "" && e.At.After(since) {
			return e.At
		}
	}
	t.Fatal("no window was filled")
	return time.Time{}
}

// From the press to what changes the app there is one read, of which all that is asked is asked at once.
func TestARollbackBeginsOneReadAfterItIsConfirmed(t *testing.T) {
	t.Parallel()
	rolling(t, "world default", func(w *world.World, lines func(...string)) {
		lines("alice> /rollback")
		_, before := w.Heroku.Weather().Requests(0)
		pressed := time.Now()
		lines("alice> [Roll back]")
		asked, _ := w.Heroku.Weather().Requests(before)
		i := slices.IndexFunc(asked, func(r weather.Request) bool { return r.Method == "POST" })
		if i < 0 || !strings.HasSuffix(asked[i].Path, "/releases") {
			t.Fatalf("Heroku was not asked to roll back: %+v", asked)
		}
		if took := asked[i].At.Sub(pressed); took != call {
			t.Errorf("asked to roll back after %v, want %v", took, call)
		}
		for _, r := range asked[:i] {
			if !r.At.Equal(pressed) {
				t.Errorf("%s %s was asked after %v", r.Method, r.Path, r.At.Sub(pressed))
			}
		}
	})
}
