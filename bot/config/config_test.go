package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/github"
)

// good is an environment without a fault.
var good = map[string]string{
	"SLACK_APP_TOKEN": "xapp-1-A0-1-hunter",
	"SLACK_BOT_TOKEN": "xoxb-1-hunter",
	"GITHUB_TOKEN":    "github_pat_hunter",
	"HEROKU_API_KEY":  "HRKU-hunter",
	"APPS":            "penny-university=penny-university/penny_university#deploys",
}

// setenv makes the environment good but for the changes; a change to "" takes the variable away.
func setenv(t *testing.T, changes map[string]string) {
	t.Helper()
	for _, v := range Variables() {
		t.Setenv(v.Name, good[v.Name])
		for _, alias := range v.aliases {
			if alias != "" {
				t.Setenv(alias, "")
			}
		}
	}
	t.Setenv("DYNO", "")
	for name, value := range changes {
		t.Setenv(name, value)
	}
}

func TestLoadReadsTheEnvironment(t *testing.T) {
	setenv(t, map[string]string{
		"DATABASE_URL":   " postgres://u:hunter@host:5432/db ",
		"PORT":           "0",
		"GITHUB_API_URL": "http://127.0.0.1:4012/",
		"SLACK_API_URL":  "http://[::1]:4011/api",

		"GITHUB_WEBHOOK_SECRET": "new-hunter, old-hunter",
		"GITHUB_WRITE_TOKEN":    "ghp_hunter",
		"HEROKU_WRITE_API_KEY":  "HRKU-writer",
		"SLIPWAY_MODE":          "read",
		"OPERATORS":             "U0ALICE, U0BOB",
		"HEARTBEAT_URL":         "https://hc-ping.com/hunter?a=b",
	})
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{
		c.SlackAppToken.Reveal(), c.SlackBotToken.Reveal(), c.GitHubToken.Reveal(), c.HerokuAPIKey.Reveal(), c.DatabaseURL.Reveal(),
		c.GitHubWriteToken.Reveal(), c.HerokuWriteKey.Reveal(), c.HeartbeatURL.Reveal(),
	}
	if diff := cmp.Diff([]string{"xapp-1-A0-1-hunter", "xoxb-1-hunter", "github_pat_hunter", "HRKU-hunter", "postgres://u:hunter@host:5432/db", "ghp_hunter", "HRKU-writer", "https://hc-ping.com/hunter?a=b"}, secrets); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	apps := Apps{{Name: "penny-university", Repo: github.Repo{Owner: "penny-university", Name: "penny_university"}, Channel: "deploys"}}
	if diff := cmp.Diff(apps, c.Apps); diff != "" {
		t.Errorf("apps (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Users{"U0ALICE", "U0BOB"}, c.Operators); diff != "" {
		t.Errorf("operators (-want +got):\n%s", diff)
	}
	if c.Writes("penny-university") {
		t.Error("it writes in read mode")
	}
	if keys := fmt.Sprintf("%s %s", c.GitHubSecrets.Keys(), c.HerokuSecrets.Keys()); keys != "[new-hunter old-hunter] []" {
		t.Errorf("webhook secrets: %s", keys)
	}
	if c.Port != 0 || c.GitHubAPIURL != "http://127.0.0.1:4012" || c.SlackAPIURL != "http://[::1]:4011/api" || c.HerokuAPIURL != "https://api.heroku.com" {
		t.Errorf("addresses: %+v", c)
	}
}

func TestAPartTellsOnlyItsOwnFaults(t *testing.T) {
	setenv(t, map[string]string{"SLACK_APP_TOKEN": "", "PORT": "http", "HEROKU_API_KEY": "0123", "SLIPWAY_MODE": "off"})
	c, err := Part("GITHUB_TOKEN", "APPS")
	if err != nil || c.GitHubToken.Reveal() != "github_pat_hunter" || len(c.Apps) != 1 {
		t.Errorf("%v, %v", c.Apps, err)
	}
	_, err = Part("GITHUB_TOKEN", "HEROKU_API_KEY")
	if faults, ok := errors.AsType[Faults](err); !ok || len(faults) != 1 || faults[0].Variable != "HEROKU_API_KEY" {
		t.Errorf("faults: %v", err)
	}
}

func TestNothingCountsAsNotSet(t *testing.T) {
	setenv(t, map[string]string{"PORT": " ", "SLACK_API_URL": ""})
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if c.Port != 8080 || c.SlackAPIURL != "https://slack.com/api" || !c.DatabaseURL.IsZero() {
		t.Errorf("defaults: %+v", c)
	}
}

func TestLoadTellsEveryFaultWithItsFix(t *testing.T) {
	setenv(t, map[string]string{
		"SLACK_APP_TOKEN": "", "SLACK_BOT_TOKEN": "xoxp-hunter", "GITHUB_TOKEN": "gho_hunter", "HEROKU_API_KEY": "hunter",
		"APPS": "Penny=penny/university#deploys,x", "DATABASE_URL": "mysql://u:hunter@h/d", "PORT": "http",
		"GITHUB_WRITE_TOKEN": "HRKU-hunter", "HEROKU_WRITE_API_KEY": "ghp_hunter", "SLIPWAY_MODE": "off", "OPERATORS": "@alice,b@c",
		"GITHUB_APP_ID": "hunter", "GITHUB_APP_PRIVATE_KEY": "hunter", "HEARTBEAT_URL": "hc-ping.com/hunter",
		"GITHUB_WEBHOOK_SECRET": "hunter,", "HEROKU_WEBHOOK_SECRET": "two hunters",
		"SLACK_API_URL": "http://10.0.0.1/api/", "GITHUB_API_URL": "ftp://127.0.0.1", "HEROKU_API_URL": "https://u:hunter@h",
	})
	c, err := Load()
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("error %v", err)
	}
	if !c.SlackBotToken.IsZero() {
		t.Error("a faulty configuration was given out")
	}
	var got []string
	for _, f := range faults {
		got = append(got, f.Variable)
		if f.Text == "" || !strings.HasSuffix(f.Fix, ".") && !strings.HasSuffix(f.Fix, ")") {
			t.Errorf("fault without text or fix: %+v", f)
		}
	}
	want := []string{
		"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "GITHUB_TOKEN", "GITHUB_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WRITE_TOKEN",
		"HEROKU_API_KEY", "HEROKU_WRITE_API_KEY", "APPS", "APPS", "SLIPWAY_MODE", "OPERATORS", "OPERATORS", "DATABASE_URL", "PORT",
		"GITHUB_WEBHOOK_SECRET", "HEROKU_WEBHOOK_SECRET", "HEARTBEAT_URL", "SLACK_API_URL", "GITHUB_API_URL", "HEROKU_API_URL",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if text := err.Error(); strings.Contains(text, "hunter") || strings.Count(text, "\n") != len(faults)-1 {
		t.Errorf("text:\n%s", text)
	}
}

func TestFaultsSayWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		env  map[string]string
		want string // how the only line begins; "" for no fault
	}{
		"swapped":            {map[string]string{"SLACK_APP_TOKEN": "xoxb-1", "SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN holds the bot token, and SLACK_BOT_TOKEN the app-level token. Swap them: "},
		"app slot alone":     {map[string]string{"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN holds a bot token of Slack (xoxb-…). Make one at https://api.slack.com/apps"},
		"bot slot alone":     {map[string]string{"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN holds an app-level token of Slack (xapp-…). Copy the Bot User OAuth Token"},
		"rotating":           {map[string]string{"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}, "SLACK_BOT_TOKEN holds a bot token that expires every 12 hours (xoxe.xoxb-…), because the app has token rotation on. Make a new app"},
		"bare prefix":        {map[string]string{"SLACK_BOT_TOKEN": "xoxb-"}, "SLACK_BOT_TOKEN does not start with xoxb-. Copy"},
		"quoted":             {map[string]string{"GITHUB_TOKEN": `"ghp_x"`}, "GITHUB_TOKEN has quotation marks around its value. Take them away"},
		"broken":             {map[string]string{"GITHUB_TOKEN": "ghp_x y"}, "GITHUB_TOKEN has a space, a line break or a character that is in no token. Copy it again"},
		"other token":        {map[string]string{"GITHUB_TOKEN": "HRKU-1"}, "GITHUB_TOKEN holds a token of Heroku (HRKU-…). Make a fine-grained one"},
		"classic":            {map[string]string{"GITHUB_TOKEN": "ghp_1"}, ""},
		"installation":       {map[string]string{"GITHUB_TOKEN": "ghs_1"}, ""},
		"Heroku UUID":        {map[string]string{"HEROKU_API_KEY": "01234567-89AB-cdef-0123-456789abcdef"}, ""},
		"no Heroku key":      {map[string]string{"HEROKU_API_KEY": "0123"}, "HEROKU_API_KEY neither starts with HRKU- nor is a UUID. Run heroku authorizations:create -d slipway -s identity,read, and set"},
		"dyno, no database":  {map[string]string{"DYNO": "web.1"}, "DATABASE_URL is missing, and DYNO is set: files on a dyno are lost at its next restart. On Heroku run: heroku addons:create"},
		"dyno, database":     {map[string]string{"DYNO": "web.1", "DATABASE_URL": "postgres://u:p@h/d"}, ""},
		"no Postgres":        {map[string]string{"DATABASE_URL": "slipway.db"}, "DATABASE_URL is no address of a Postgres database."},
		"a person's name":    {map[string]string{"FALLBACK_USER": "@alice"}, "FALLBACK_USER is no Slack user id. Take it from the person's profile"},
		"a person":           {map[string]string{"FALLBACK_USER": "U012AB3CD"}, ""},
		"empty secret":       {map[string]string{"GITHUB_WEBHOOK_SECRET": "a,,b"}, "GITHUB_WEBHOOK_SECRET holds an empty secret. Take the comma away"},
		"write token":        {map[string]string{"GITHUB_WRITE_TOKEN": "xoxb-1"}, "GITHUB_WRITE_TOKEN holds a bot token of Slack (xoxb-…). Make a fine-grained one"},
		"Heroku write key":   {map[string]string{"HEROKU_WRITE_API_KEY": "0123"}, "HEROKU_WRITE_API_KEY neither starts with HRKU- nor is a UUID. Run heroku authorizations:create -d slipway -s identity,read,write-protected, and set its Token as HEROKU_WRITE_API_KEY."},
		"Heroku write UUID":  {map[string]string{"HEROKU_WRITE_API_KEY": "01234567-89AB-cdef-0123-456789abcdef"}, ""},
		"watchdog, no URL":   {map[string]string{"HEARTBEAT_URL": "hc-ping.com/x"}, "HEARTBEAT_URL is no address that can be called. Take the address"},
		"watchdog, ftp":      {map[string]string{"HEARTBEAT_URL": "ftp://hc-ping.com/x"}, "HEARTBEAT_URL is no address that can be called."},
		"watchdog, broken":   {map[string]string{"HEARTBEAT_URL": "https://hc-ping.com/ x"}, "HEARTBEAT_URL has a space, a line break or a character that is in no address. Take the address"},
		"watchdog":           {map[string]string{"HEARTBEAT_URL": "http://watch.internal:8000/ping"}, ""},
		"port too large":     {map[string]string{"PORT": "65536"}, "PORT is no port. Use a number from 1 to 65535"},
		"http elsewhere":     {map[string]string{"GITHUB_API_URL": "http://github.example.com/api/v3"}, "GITHUB_API_URL would send its token over http, unprotected, to another machine. Leave it out"},
		"http here":          {map[string]string{"HEROKU_API_URL": "http://localhost:4013"}, ""},
		"http here, other":   {map[string]string{"HEROKU_API_URL": "http://127.8.9.1:4013"}, ""},
		"http here, mapped":  {map[string]string{"HEROKU_API_URL": "http://[::ffff:127.0.0.1]:4013"}, ""},
		"almost here":        {map[string]string{"HEROKU_API_URL": "http://localhost.example.com"}, "HEROKU_API_URL would send"},
		"almost here, digit": {map[string]string{"HEROKU_API_URL": "http://127.1"}, "HEROKU_API_URL would send"},
		"everywhere":         {map[string]string{"HEROKU_API_URL": "http://0.0.0.0:4013"}, "HEROKU_API_URL would send"},
		"user in address":    {map[string]string{"HEROKU_API_URL": "http://127.0.0.1@example.com"}, "HEROKU_API_URL holds more than an address"},
		"query in address":   {map[string]string{"HEROKU_API_URL": "https://example.com?x"}, "HEROKU_API_URL holds more than an address"},
		"no address":         {map[string]string{"HEROKU_API_URL": "api.heroku.com"}, "HEROKU_API_URL is no address of an API"},
		"missing":            {map[string]string{"GITHUB_TOKEN": ""}, "GITHUB_TOKEN is missing. Make a fine-grained one"},
		"alias":              {map[string]string{"GITHUB_TOKEN": "", "GH_TOKEN": "ghp_x"}, "GITHUB_TOKEN is not set, but GH_TOKEN is. Did you mean GITHUB_TOKEN? Rename it."},
		"underscore":         {map[string]string{"SLACK_APP_TOKEN": "", "SLACK_APPTOKEN": "xapp-1"}, "SLACK_APP_TOKEN is not set, but SLACK_APPTOKEN is. Did you mean SLACK_APP_TOKEN?"},
		"slip":               {map[string]string{"HEROKU_API_KEY": "", "HEROKU_APY_KEY": "x"}, "HEROKU_API_KEY is not set, but HEROKU_APY_KEY is."},
		"optional":           {map[string]string{"GITHUB_APIURL": "https://x"}, "GITHUB_API_URL is not set, but GITHUB_APIURL is."},
		"optional, far":      {map[string]string{"GITHUB_API_URI": "https://x"}, ""},
		"only a beginning":   {map[string]string{"SLACK_APP_TOKEN": "", "SLACK": "x"}, "SLACK_APP_TOKEN is missing."},
		"nothing to confuse": {map[string]string{"GH_TOKEN": "ghp_other", "SLACK_APPTOKEN": "x"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			setenv(t, tc.env)
			_, err := Load()
			switch {
			case tc.want == "" && err != nil:
				t.Errorf("fault: %v", err)
			case tc.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.want) || strings.Contains(err.Error(), "\n")):
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestEveryVariableHasItsWords(t *testing.T) {
	t.Parallel()
	for _, v := range Variables() {
		if v.Name == "" || v.What == "" || howTo[v.Name] == "" {
			t.Errorf("%+v lacks something; howTo is %q", v, howTo[v.Name])
		}
		if strings.ContainsAny(v.What, "|`") {
			t.Errorf("%s: its words break the README's table", v.Name)
		}
	}
}

// full is a configuration in which every secret is set, to "hunter".
func full() Config {
	c := Config{
		SlackAppToken: NewSecret("hunter"), SlackBotToken: NewSecret("hunter"),
		GitHubToken: NewSecret("hunter"), GitHubAppID: 1, GitHubAppKey: PrivateKey{NewSecret("hunter")}, GitHubWriteToken: NewSecret("hunter"),
		HerokuAPIKey: NewSecret("hunter"), HerokuWriteKey: NewSecret("hunter"), DatabaseURL: NewSecret("hunter"),
		HeartbeatURL: SecretURL{NewSecret("hunter")},
	}
	c.GitHubSecrets = Secrets{NewSecret("hunter")}
	c.HerokuSecrets = Secrets{NewSecret("hunter")}
	return c
}

var tellsOfASecret = regexp.MustCompile(`TOKEN|KEY|SECRET|DATABASE|HEARTBEAT`)

func TestEveryVariableThatIsSecretIsHeldAsOne(t *testing.T) {
	t.Parallel()
	v := reflect.ValueOf(full())
	for i, variable := range Variables() {
		_, secret := v.Field(i).Interface().(interface{ Reveal() string })
		_, secrets := v.Field(i).Interface().(Secrets)
		if want := tellsOfASecret.MatchString(variable.Name); want != (secret || secrets) {
			t.Errorf("%s is a secret: %v", variable.Name, !want)
		}
		if (secret || secrets) && v.Field(i).IsZero() {
			t.Errorf("%s is not tried", variable.Name)
		}
	}
}

func TestSecretIsShownNowhere(t *testing.T) {
	t.Parallel()
	s := NewSecret("hunter")
	hidden := struct{ inner Config }{full()}
	encoded, err := json.Marshal(map[string]any{"s": s, "p": &s, "c": hidden.inner})
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	for _, h := range []slog.Handler{slog.NewJSONHandler(&logged, nil), slog.NewTextHandler(&logged, nil)} {
		slog.New(h).Info("x", "s", s, "c", hidden.inner, "k", hidden.inner.GitHubAppKey, "h", hidden.inner.HerokuReading(), "u", hidden.inner.HeartbeatURL)
	}
	for _, got := range []string{
		s.String(), fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s), fmt.Sprintf("%v %+v %#v %x", hidden, hidden, hidden, hidden),
		fmt.Sprintf("%v %#v %s %#v", hidden.inner.GitHubReading(), hidden.inner.GitHubReading(), hidden.inner.GitHubAppKey, &hidden.inner.HeartbeatURL),
		fmt.Sprintf("%v %+v %#v", hidden.inner.HerokuWriting(), hidden.inner.HerokuWriting(), hidden.inner.HerokuWriting()),
		fmt.Sprint(&s, []Secret{s}), string(encoded), logged.String(),
	} {
		if strings.Contains(got, "hunter") || strings.Contains(got, fmt.Sprintf("%x", "hunter")) {
			t.Errorf("shown: %s", got)
		}
	}
	if s.Reveal() != "hunter" || (Secret{}).Reveal() != "" || !NewSecret("").IsZero() {
		t.Error("Reveal does not give the value")
	}
}
