package world_test

import (
	"strings"
	"testing"
	"time"

	"slipway/integrations/sim/world"
)

func TestChangesOfTheWorld(t *testing.T) {
	t.Parallel()
	in := func(t *testing.T, line string, f func(s story)) {
		t.Run(line, func(t *testing.T) { in(t, []string{"", "# a remark", line}, f) })
	}
	in(t, `release v121 config "Set FEATURE_X"`, func(s story) {
		if d := s.app().Releases()[1].Description; d != "Set FEATURE_X" {
			s.t.Errorf("v121 is described %q", d)
		}
	})
	in(t, "history one release", func(s story) {
		if list := s.app().Releases(); len(list) != 1 || list[0].Version != 122 || !list[0].Current {
			s.t.Errorf("there are %+v", list)
		}
	})
	in(t, `release v120 code "By hand"`, func(s story) {
		if d := s.app().Releases()[2].Description; d != "By hand" {
			s.t.Errorf("v120 is described %q", d)
		}
	})
	in(t, "maintenance on", func(s story) {
		if answer := s.read("/apps/penny-university"); !strings.Contains(answer, `"maintenance":true`) {
			s.t.Errorf("the app is %s", answer)
		}
	})
	in(t, "down heroku", func(s story) {
		defer func() {
			if recover() == nil {
				s.t.Error("it answers")
			}
		}()
		s.read("/apps/penny-university") // the connection is cut, which is a panic here
	})
	in(t, "down runs", func(s story) {
		s.do("merge 46")
		if open := s.Open(); len(open) > 0 {
			s.t.Errorf("open is %q", open)
		}
	})
	in(t, "latency 200ms", func(s story) {
		s.read("/apps/penny-university")
		if took := time.Since(begin); took != 200*time.Millisecond {
			s.t.Errorf("reading took %v", took)
		}
	})
}

func TestAChangeThatIsNoneSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"world flat":                     `"flat" is no world; there are default, two-files, pair`,
		"sunshine":                       "write world two-files, release v121 config",
		"maintenance off":                "write world two-files",
		"release v99 code \"x\"":         "the releases of the past are v111 to v122",
		"release v121 code \"x\"":        "v121 is a config release",
		"release v120 config \"\"":       "write world two-files",
		"latency 5":                      "write the duration like 200ms",
		"down moon":                      "there are github, heroku, slack, runs, runners",
		"history 200 days":               "history 30 days",
		"concurrency cd":                 "concurrency ci cancel-in-progress",
		"channel penny-qa #deploys":      `"penny-qa" is no app; there are penny-university`,
		"channel penny-university #moon": `"#moon" is no channel; there are #deploys, #general`,
		"mode slow":                      `"slow" is no mode; there are read, write`,
		"mode penny-qa=read":             `"penny-qa" is no app; there are penny-university`,
		"mode penny-university=fast":     `"fast" is no mode; there are read, write`,
		"operators zoe":                  `"zoe" is no person; there are alice, bob, carol, dave, erin`,
		"operators alice,":               `"" is no person`,
		"group dba zoe":                  `"zoe" is no person`,
		"group @dba alice":               "write world two-files",
	} {
		if w, err := world.New(world.Options{Changes: []string{line}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", line, err, want)
			if w != nil {
				w.Close()
			}
		}
	}
}
