package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/store/pgtest"
)

func TestRunTellsEveryFaultOfTheSettingsAtOnce(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		env  []string
		want []string // how the lines begin, after the first
	}{
		{"nothing is set", nil, []string{
			"SLACK_APP_TOKEN is missing. Make one at https://",
			"SLACK_BOT_TOKEN is missing. Copy ",
			"GITHUB_TOKEN is missing. Make ",
			"HEROKU_API_KEY is missing. Run: heroku ",
			"APPS is missing. Write it like ",
		}},
		{"all is wrong", []string{
			"SLACK_APP_TOKEN=xoxb-1-secretbot", "SLACK_BOT_TOKEN=xapp-1-secretapp", "GITHUB_TOKEN=gho_secretsecretsecret", "HEROKU_API_KEY=secretsecret",
			"APPS=penny", "PORT=http", "DATABASE_URL=mysql://u:secret@h/n",
			"SLACK_API_URL=http://slack.example/api/", "GITHUB_API_URL=ftp://127.0.0.1/", "HEROKU_API_URL=http://127.0.0.1.example",
		}, []string{
			"SLACK_APP_TOKEN holds the bot token, and SLACK_BOT_TOKEN the app-level token. Swap ",
			"GITHUB_TOKEN holds an OAuth token of GitHub (gho_…). Make ",
			"HEROKU_API_KEY neither starts with HRKU- nor is a UUID. Run: ",
			`APPS "penny" has no “=” between app and repository. Write `,
			"DATABASE_URL is no address of a Postgres database. ",
			"PORT is no port. Use ",
			"SLACK_API_URL would send its token over http, unprotected, to another machine. Leave it out ",
			"GITHUB_API_URL is no address of an API. Leave it out ",
			"HEROKU_API_URL would send its token over http, unprotected, to another machine. Leave it out ",
		}},
		{"a dyno without a database", []string{
			"SLACK_APP_TOKEN=xapp-1-secretapp", "SLACK_BOT_TOKEN=xoxb-1-secretbot", "GITHUB_TOKEN=ghp_secretsecretsecret", "HEROKU_API_KEY=HRKU-secret",
			"APPS=penny=o/r#c", "DYNO=web.1",
		}, []string{
			"DATABASE_URL is missing, and DYNO is set: files on a dyno are lost at its next restart. On Heroku run: heroku addons:create ",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: []string{"run"}, Env: tc.env})
			c.exits(exitSettings, patience)
			lines := strings.Split(strings.TrimSuffix(c.errs.String(), "\n"), "\n")
			if lines[0] != "slipway: cannot start with these settings:" {
				t.Errorf("the first line is %q", lines[0])
			}
			got := lines[1:]
			for i, want := range tc.want {
				if i < len(got) && strings.HasPrefix(got[i], want) && len(got[i]) > len(want) {
					got[i] = want
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if c.out.String() != "" {
				t.Errorf("stdout has %q", c.out)
			}
		})
	}
}

func TestRunEndsWhenATokenIsRefused(t *testing.T) {
	t.Parallel()
	const heroku = "HEROKU_API_KEY=HRKU-00000000-1111-4222-8333-444444444444"
	for _, tc := range []struct {
		name  string
		wrong []string
		want  []string // the lines on stderr that are not of the log begin so
	}{
		{"Slack, app token", []string{"SLACK_APP_TOKEN=xapp-1-A0-1-nobodyknowsit"}, []string{
			"slipway: Slack refuses SLACK_APP_TOKEN (invalid_auth): it is not a token that Slack knows. Make an app-level token (xapp-…) with the scope connections:write at https://",
		}},
		{"Slack, bot token", []string{"SLACK_BOT_TOKEN=xoxb-1-nobodyknowsit"}, []string{
			"slipway: Slack refuses SLACK_BOT_TOKEN (invalid_auth): it is not a token that Slack knows. Copy the Bot User OAuth Token (xoxb-…) from https://",
		}},
		{"GitHub", []string{"GITHUB_TOKEN=ghp_nobodyknowsitnobodyknowsitnobodykno"}, []string{"slipway: GITHUB_TOKEN is refused: "}},
		{"Heroku", []string{heroku}, []string{"slipway: HEROKU_API_KEY is refused: "}},
		{"GitHub and Heroku", []string{heroku, "GITHUB_TOKEN=ghp_nobodyknowsitnobodyknowsitnobodykno"}, []string{
			"slipway: GITHUB_TOKEN is refused: ", "HEROKU_API_KEY is refused: ",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: []string{"run"}, Env: newFar(t).env(tc.wrong...), Files: true})
			c.exits(exitSettings, patience)
			var got []string
			for line := range strings.Lines(c.errs.String()) {
				if !strings.HasPrefix(line, "time=") {
					got = append(got, line)
				}
			}
			if len(got) != len(tc.want) {
				t.Fatalf("stderr says\n%s", c.errs)
			}
			for i, want := range tc.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("it says %q, want %q", got[i], want)
				}
			}
		})
	}
}

func TestRunOnADynoStartsWithADatabase(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c, _ := f.run(t, "DYNO=web.1", "DATABASE_URL="+pgtest.Start(t))
	c.says(c.errs, "connected to Slack")
	f.types(t, "/deploy", "status")
	f.answers(t, "runs *v122*")
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, toStop)
}

func TestRunTellsThatItsDatabaseIsNotThere(t *testing.T) {
	t.Parallel()
	c := start(t, how{Args: []string{"run"}, Env: newFar(t).env("DATABASE_URL=postgres://penny:s3cr3t@127.0.0.1:1/penny")})
	c.says(c.errs, "the database does not answer")
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, toStop)
}

func TestRunTellsThatItsFileIsInUse(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	first, _ := f.run(t)
	first.says(first.errs, "connected to Slack")
	second := start(t, how{Args: []string{"run"}, Env: f.env(), Files: true, Cmd: func(c *exec.Cmd) { c.Dir = first.folder }})
	second.exits(exitFailed, toStop)
	if text := second.errs.String(); !strings.Contains(text, "slipway.db") {
		t.Errorf("it says %q", text)
	}
}
