package commands

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/chattest"
	"slipway/bot/op"
	"slipway/integrations/heroku"
	"slipway/integrations/sim/world"
)

func TestARollbackMakesOneReleaseWhateverHappens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		lines []string // the last but one confirms
		made  int      // releases that are rollbacks to v120 by slipway
		says  []string // in the transcript
	}{
		{"plainly", []string{"alice> /rollback v120", "alice> [Roll back]", "!wait"}, 1, []string{"dynos up: done at", "back to v120: done in"}},
		{"its answer is cut", []string{"alice> /rollback v120", "!fault heroku POST /apps/penny-university/releases cut", "alice> [Roll back]", "!wait"}, 1, []string{"back to v120: done in"}},
		{"it is applied late", []string{"alice> /rollback v120", "!fault heroku POST /apps/penny-university/releases late 5s", "alice> [Roll back]", "!wait"}, 1, []string{"back to v120: done in"}},
		{
			"yesterday's is not taken for it",
			[]string{
				"alice> /rollback v120", "alice> [Roll back]", "!wait", "!cli rollback v122", "!wait", "!clock 11h",
				"alice> /rollback v120", "!fault heroku POST /apps/penny-university/releases drop", "alice> [Roll back]", "!wait",
			},
			2,
			[]string{"tried once since 01:00", "roll back to v120: done at 01:01 (30 s)"},
		},
		{"the killed bot goes on", []string{"alice> /rollback v120", "!fault heroku POST /apps/penny-university/releases late 5s", "alice> [Roll back]", "!kill", "!wait"}, 1, []string{"back to v120: done in"}},
		{
			"its release command fails",
			[]string{"!release-phase fail", "alice> /rollback v120", "alice> [Roll back]", "!wait"},
			1,
			[]string{"The release command (python manage.py migrate) of v123 (rollback to v120) failed, so v122 runs on."},
		},
		{"a dyno crashes", []string{"alice> /rollback v120", "alice> [Roll back]", "!clock 3s", "!crash web", "!wait"}, 1, []string{"is current, and web.1 crashed"}},
		{"somebody deployed", []string{"alice> /rollback v120", "!cli deploy", "!wait", "alice> [Roll back]", "!wait"}, 0, []string{"alice@penny.example made v123 (Deploy "}},
		{"a build is under way", []string{"alice> /rollback v120", "!cli deploy", "alice> [Roll back]", "!wait"}, 0, []string{"and would be released on top"}},
		{"one-off dynos stop first", []string{`!run "python manage.py shell" 30m`, "alice> /rollback v120", "alice> set stop=run.5750", "alice> [Roll back]", "!wait"}, 1, []string{"/actions/stop", "stop run.5750: done", "back to v120: done in"}},
		{
			"a stop that is applied late",
			[]string{`!run "python manage.py shell" 30m`, "alice> /rollback v120", "alice> set stop=run.5750", "!fault heroku POST /apps/penny-university/dynos/* late 5s", "alice> [Roll back]", "!wait"},
			1,
			[]string{"back to v120: done in"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			chattest.Scene(t, nil, All(), func(w *world.World, p *chattest.Player) {
				var said strings.Builder
				p.WriteTo(&said, true)
				for _, line := range tt.lines {
					if err := p.Line(line); err != nil {
						t.Fatalf("%s: %v", line, err)
					}
				}
				made := 0
				for _, r := range w.Apps[0].Releases() {
					if r.Description == "Rollback to v120" {
						made++
					}
				}
				if made != tt.made {
					t.Errorf("%d releases were made, want %d", made, tt.made)
				}
				for _, want := range tt.says {
					if !strings.Contains(said.String(), want) {
						t.Errorf("nothing says %q in\n%s", want, said.String())
					}
				}
			})
		})
	}
}

func TestOurRollbackIsKnownByReleaseAccountAndTime(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	r := rollback{App: "penny", Live: "v122", Newest: "v123", To: "v120"}
	is := heroku.Release{Version: 124, Description: "Rollback to v120", By: "Slipway@penny.example", CreatedAt: since.Add(-time.Second)}
	for name, tt := range map[string]struct {
		change func(*heroku.Release)
		ours   bool
	}{
		"as it was made":            {func(*heroku.Release) {}, true},
		"to another release":        {func(o *heroku.Release) { o.Description = "Rollback to v119" }, false},
		"by somebody else":          {func(o *heroku.Release) { o.By = "bob@penny.example" }, false},
		"there when it was planned": {func(o *heroku.Release) { o.Version = 123 }, false},
		"of before":                 {func(o *heroku.Release) { o.CreatedAt = since.Add(-time.Minute) }, false},
	} {
		other := is
		tt.change(&other)
		if got := r.ours(other, "slipway@penny.example", since); got != tt.ours {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTheStepsOfARollbackAreStoredForEver(t *testing.T) {
	t.Parallel()
	r := rollback{To: "v122", Phase: "migrate", Health: "https://x/healthz", Stop: []oneOff{{Name: "run.1234"}}}
	want := []string{"stop run.1234", "roll back to v122", "release phase", "current", "dynos up", "healthy"}
	if diff := cmp.Diff(want, r.steps()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (rollback{To: "v124", Forward: true}).steps(); got[0] != "roll forward to v124" {
		t.Errorf("forward they are %q", got)
	}
}

func TestAfterARollbackItCanBeRevertedAndTakenBack(t *testing.T) {
	t.Parallel()
	want := []op.Choice{
		{Label: "Open a revert PR", Line: "/deploy revert #46 #44 of penny"},
		{Label: "Roll forward to v124", Line: "/rollback v124 of penny"},
		{Label: "End the hold", Line: "/deploy unhold of penny"},
	}
	if diff := cmp.Diff(want, rollbackAfter(rollback{App: "penny", Live: "v124", Head: "abc", Pulls: []int{46, 44}})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
