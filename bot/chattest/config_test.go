package chattest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/config"
	"slipway/integrations/sim/world"
)

// What a world prints as the environment of `slipway run` is what Config reads from it.
func TestTheEnvironmentOfAWorldIsAConfiguration(t *testing.T) {
	for _, ours := range []string{"DYNO", "DATABASE_URL", "PORT"} {
		t.Setenv(ours, "")
	}
	for _, kind := range []string{"default", "two-files", "pair"} {
		w, err := world.New(world.Options{
			Changes: []string{"world " + kind, "mode write,penny-university=read", "operators dave,alice"}, SlackURL: "http://127.0.0.1:1", GitHubURL: "http://127.0.0.1:2", HerokuURL: "http://127.0.0.1:3",
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("SLIPWAY_MODE", "")
		t.Setenv("OPERATORS", "")
		for _, l := range w.Env() {
			name, value, _ := strings.Cut(l, "=")
			t.Setenv(name, value)
		}
		loaded, err := config.Load()
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		read, err := Config(w)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if want := map[bool]int{false: 1, true: 2}[kind == "pair"]; len(loaded.Apps) != want {
			t.Errorf("%s has %d apps, want %d", kind, len(loaded.Apps), want)
		}
		if diff := cmp.Diff(loaded.Apps, read.Apps); diff != "" {
			t.Errorf("%s (-loaded +read):\n%s", kind, diff)
		}
		if want := (config.Users{"U0DAVE", "U0ALICE"}); !slices.Equal(loaded.Operators, want) || !slices.Equal(read.Operators, want) {
			t.Errorf("%s: the operators are %v loaded and %v read", kind, loaded.Operators, read.Operators)
		}
		for name, pair := range map[string][2]string{
			"SLIPWAY_MODE":    {loaded.Mode.String(), read.Mode.String()},
			"SLACK_APP_TOKEN": {loaded.SlackAppToken.Reveal(), read.SlackAppToken.Reveal()},
			"SLACK_BOT_TOKEN": {loaded.SlackBotToken.Reveal(), read.SlackBotToken.Reveal()},
			"GITHUB_TOKEN":    {loaded.GitHubToken.Reveal(), read.GitHubToken.Reveal()},
			"HEROKU_API_KEY":  {loaded.HerokuAPIKey.Reveal(), read.HerokuAPIKey.Reveal()},
			"SLACK_API_URL":   {strings.TrimSuffix(string(loaded.SlackAPIURL), "/"), strings.TrimSuffix(string(read.SlackAPIURL), "/")},
			"GITHUB_API_URL":  {string(loaded.GitHubAPIURL), string(read.GitHubAPIURL)},
			"HEROKU_API_URL":  {string(loaded.HerokuAPIURL), string(read.HerokuAPIURL)},
		} {
			if pair[0] != pair[1] || pair[0] == "" {
				t.Errorf("%s: %s is %q loaded and %q read", kind, name, pair[0], pair[1])
			}
		}
		w.Close()
	}
}
