package slipway_test

import (
	"path"
	"strings"
	"testing"
)

const module = "slipway"

func TestArrowsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for imported, files := range p.imports {
			if why := forbidden(p.path, imported); why != "" {
				t.Errorf("%s imports %s (%s): %s", name(p.path), imported, strings.Join(files, ", "), why)
			}
		}
		for imported, files := range p.tested {
			if why := forbiddenInTests(p.path, imported); why != "" {
				t.Errorf("tests of %s import %s (%s): %s", name(p.path), imported, strings.Join(files, ", "), why)
			}
		}
	}
}

func TestArrowsThatWouldBeRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, imported string
		code, tests    bool // allowed there
	}{
		{"cmd/slipway", "slipway/commands", true, true},
		{"commands", "slipway/bot", true, true},
		{"commands", "slipway/integrations/heroku", true, true},
		{"bot", "slipway/commands", false, true},
		{"bot/say", "slipway/bot", false, true},
		{"bot/say", "slipway/bot/op", false, true},
		{"bot/op", "slipway/bot/say", true, true},
		{"bot/store", "slipway/bot/ledger", false, true},
		{"bot/ledger", "slipway/bot/store", true, true},
		{"bot/ledger", "slipway/bot/inbox", false, true},
		{"bot/inbox", "slipway/bot/reader", true, true},
		{"bot/config", "slipway/bot/say", true, true},
		{"integrations/github", "slipway/bot/say", false, false},
		{"integrations/github", "slipway/integrations/heroku", false, false},
		{"integrations/github", "slipway/integrations/sim/github", false, true},
		{"integrations/sim/github", "slipway/integrations/github", false, false},
		{"integrations/sim/world", "slipway/integrations/sim/slack", true, true},
		{"bot", "slipway/integrations/sim/slack", false, true},
		{"bot/chattest", "slipway/integrations/sim/world", true, true},
		{"bot/chattest", "slipway/commands", false, true},
		{"commands", "slipway/bot/chattest", false, true},
		{"cmd/slipway", "slipway/integrations/sim/world", false, true},
		{"cmd/slipway/internal/sandbox", "slipway/integrations/sim/world", true, true},
		{"cmd/slipway/internal/sandbox", "slipway/bot/chattest", true, true},
		{"bot", "github.com/google/go-github/v60/github", false, false},
		{"integrations/github", "github.com/google/go-github/v60/github", true, true},
		{"integrations/sim/github", "github.com/google/go-github/v60/github", false, true},
		{"integrations/github", "github.com/heroku/heroku-go/v5", false, false},
		{"elsewhere", "slipway/bot", false, true},
	} {
		if why := forbidden(tc.from, tc.imported); (why == "") != tc.code {
			t.Errorf("%s → %s: %q", tc.from, tc.imported, why)
		}
		if why := forbiddenInTests(tc.from, tc.imported); (why == "") != tc.tests {
			t.Errorf("tests of %s → %s: %q", tc.from, tc.imported, why)
		}
	}
}

// layers are the folders from the bottom up; a folder's layer is that of the longest name here that it lies in. A package
// imports from its own layer and from those below it.
var layers = map[string]int{
	"integrations": 1,
	"bot/ledger":   2, "bot/store": 2, "bot/say": 2, "bot/config": 2, "bot/phrase": 2, "bot/abreast": 2, "bot/fleet": 2, "bot/bell": 2, "bot/squeeze": 2,
	"bot/notices": 3, "bot/policy": 3, "bot/people": 3, "bot/channels": 3, "bot/op": 3, "bot/inbox": 3, "bot/reader": 3, "bot/board": 3, "bot/hold": 3, "bot/access": 3,
	"bot/audit": 3, "bot/presence": 3, "bot/doctor": 3, "bot/heartbeat": 3, "bot/recipe": 3,
	"bot":          4,
	"bot/chattest": 5, // is given the commands
	"commands":     6,
	"cmd":          7,
}

// forbidden says why a package may not import another outside its tests, "" if it may.
func forbidden(from, imported string) string {
	if why := foreign(from, imported); why != "" {
		return why
	}
	to, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case !ours:
		return ""
	case within(from, "bot/store") && !within(to, "bot/store"):
		return "the store knows no domain"
	case within(from, "integrations/sim"):
		if !within(to, "integrations/sim") {
			return "a simulator judges the rest, so it knows only simulators"
		}
	case within(from, "integrations"):
		if !within(to, integration(from)) {
			return "an integration imports nothing of ours"
		}
	case within(to, "integrations/sim") && from != "bot/chattest" && !within(from, "cmd/slipway/internal/sandbox"):
		return "only the sandbox, chattest and tests import a simulator"
	case to == "bot/chattest" && !within(from, "cmd/slipway/internal/sandbox"):
		return "only the sandbox and tests import chattest"
	case layer(from) == 0 || layer(to) == 0:
		return "this test knows no such layer; put the folder into its table"
	case layer(to) > layer(from):
		return "the arrow points up"
	}
	return ""
}

// forbiddenInTests is the same for test files. Those of the bot may import what they like, simulators above all.
func forbiddenInTests(from, imported string) string {
	to, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case within(from, "integrations/sim"):
		if ours && !within(to, "integrations/sim") {
			return "a simulator and what it judges would share their faults"
		}
		return "" // and it may be shown to anybody's client library
	case within(from, "integrations"):
		if within(to, "integrations/sim") {
			return ""
		}
		return forbidden(from, imported)
	}
	return foreign(from, imported)
}

// libraries stay inside their integration.
var libraries = map[string]string{
	"github.com/google/go-github": "integrations/github",
	"github.com/heroku/heroku-go": "integrations/heroku",
}

func foreign(from, imported string) string {
	for library, home := range libraries {
		if within(imported, library) && !within(from, home) {
			return "only " + home + " imports it"
		}
	}
	return ""
}

// within tells whether a folder is another or lies in it.
func within(folder, other string) bool {
	return folder == other || strings.HasPrefix(folder, other+"/")
}

// integration gives integrations/NAME for whatever lies in it.
func integration(folder string) string {
	return path.Join(strings.Split(folder, "/")[:2]...)
}

func layer(folder string) int {
	for ; folder != "."; folder = path.Dir(folder) {
		if n := layers[folder]; n > 0 {
			return n
		}
	}
	return 0
}
