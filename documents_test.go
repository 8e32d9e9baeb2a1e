package slipway_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"slipway/bot/config"
)

func TestReadmeNamesTheTwoCommands(t *testing.T) {
	t.Parallel()
	text := read(t, "README.md")
	for _, command := range []string{"go run ./cmd/slipway sandbox", "go test ./..."} {
		if !strings.Contains(text, command) {
			t.Errorf("README.md does not name %q", command)
		}
	}
}

var environment = regexp.MustCompile(`(?s)<!-- environment -->\n(.*?)<!-- /environment -->`)

func TestReadmeTellsTheEnvironment(t *testing.T) {
	t.Parallel()
	want := environmentTable()
	text, _ := os.ReadFile("README.md") // without it, the table is still told
	found := environment.FindStringSubmatch(string(text))
	if found == nil {
		t.Fatalf("README.md has no table of the environment. Put this into it:\n\n<!-- environment -->\n%s<!-- /environment -->", want)
	}
	if got := strings.TrimSpace(found[1]) + "\n"; got != want {
		t.Errorf("the table in README.md is (-right +README):\n%s\nIt should be:\n\n%s", gocmp.Diff(want, got), want)
	}
}

// environmentTable draws config.Variables in Markdown.
func environmentTable() string {
	var b strings.Builder
	b.WriteString("| variable | default | |\n|---|---|---|\n")
	for _, v := range config.Variables() {
		value := "none"
		switch {
		case v.Required:
			value = "required"
		case v.Default != "":
			value = "`" + v.Default + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", v.Name, value, v.What)
	}
	return b.String()
}

// On Heroku the platform and the database add-on set these.
var setByHeroku = map[string]bool{"PORT": true, "DATABASE_URL": true}

// preset is what app.json sets in place of a default: who deploys it begins with a bot that cannot change anything.
var preset = map[string]string{"SLIPWAY_MODE": "read"}

func TestAppJSONAsksForTheEnvironment(t *testing.T) {
	t.Parallel()
	type variable struct {
		Description string `json:"description"`
		Required    bool   `json:"required"`
		Value       string `json:"value,omitempty"`
	}
	want := map[string]variable{}
	for _, v := range config.Variables() {
		if !setByHeroku[v.Name] {
			want[v.Name] = variable{v.What, v.Required, cmp.Or(preset[v.Name], v.Default)}
		}
	}
	var got struct{ Env map[string]variable }
	if err := json.Unmarshal([]byte(read(t, "app.json")), &got); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got.Env); diff != "" {
		right, _ := json.MarshalIndent(want, "  ", "  ")
		t.Errorf("env of app.json (-right +app.json):\n%s\nIt should be:\n  \"env\": %s", diff, right)
	}
}

// A dyno that sleeps hears nothing, and files on a dyno do not outlive it.
func TestAppJSONMakesOneDynoThatNeverSleepsAndADatabase(t *testing.T) {
	t.Parallel()
	type dyno struct {
		Quantity int
		Size     string
	}
	var got struct {
		Stack      string
		Formation  map[string]dyno
		Addons     []string
		Buildpacks []struct{ URL string }
	}
	if err := json.Unmarshal([]byte(read(t, "app.json")), &got); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(map[string]dyno{"web": {1, "basic"}}, got.Formation); diff != "" {
		t.Errorf("formation (-want +got):\n%s", diff)
	}
	if len(got.Addons) != 1 || !strings.HasPrefix(got.Addons[0], "heroku-postgresql:") {
		t.Errorf("add-ons: %q", got.Addons)
	}
	if len(got.Buildpacks) != 1 || got.Buildpacks[0].URL != "heroku/go" || !strings.HasPrefix(got.Stack, "heroku-") {
		t.Errorf("built by %v on %q", got.Buildpacks, got.Stack)
	}
	if text := read(t, "Procfile"); text != "web: bin/slipway run\n" {
		t.Errorf("Procfile: %q", text)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
