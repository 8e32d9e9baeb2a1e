package main

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

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
			"HEROKU_API_KEY is missing. Run heroku ",
			"APPS is missing. Write it like ",
		}},
		{"all is wrong", []string{
			"SLACK_APP_TOKEN=xoxb-1-secretbot", "SLACK_BOT_TOKEN=xapp-1-secretapp", "GITHUB_TOKEN=gho_secretsecretsecret", "HEROKU_API_KEY=secretsecret",
			"GITHUB_APP_ID=Iv1.secret", "GITHUB_WRITE_TOKEN=secretsecret", "HEROKU_WRITE_API_KEY=ghp_secretsecret", "SLIPWAY_MODE=wirte", "OPERATORS=@alice,U0BOB,carol@example.com",
			"HEARTBEAT_URL=hc-ping.com/secret", "APPS=penny", "PORT=http", "DATABASE_URL=mysql://u:secret@h/n",
			"SLACK_API_URL=http://slack.example/api/", "GITHUB_API_URL=ftp://127.0.0.1/", "HEROKU_API_URL=http://127.0.0.1.example",
		}, []string{
			"SLACK_APP_TOKEN holds the bot token, and SLACK_BOT_TOKEN the app-level token. Swap ",
			"GITHUB_TOKEN is set, and so is a GitHub App. Use ",
			"GITHUB_TOKEN holds an OAuth token of GitHub (gho_…). Make ",
			"GITHUB_APP_ID holds the App's client id (Iv…) in place of its id. It ",
			"GITHUB_APP_PRIVATE_KEY is missing, and GITHUB_APP_ID is set. Make ",
			"GITHUB_WRITE_TOKEN does not start with github_pat_ or ghp_ or ghs_. Make ",
			"HEROKU_API_KEY neither starts with HRKU- nor is a UUID. Run heroku ",
			"HEROKU_WRITE_API_KEY holds a classic token of GitHub (ghp_…). Run heroku ",
			`APPS "penny" has no “=” between app and repository. Write `,
			`SLIPWAY_MODE has "wirte" for a mode. Did you mean write? `,
			`OPERATORS has "@alice", which is a name and no Slack user id. Take `,
			`OPERATORS has "carol@example.com", which is an e-mail address and no Slack user id. Take `,
			"DATABASE_URL is no address of a Postgres database. ",
			"PORT is no port. Use ",
			"HEARTBEAT_URL is no address that can be called. Take ",
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
			if strings.Contains(c.errs.String(), "secretsecret") || strings.Contains(c.errs.String(), "hc-ping") {
				t.Error("a secret is shown")
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
		{"GitHub, for changes", []string{"GITHUB_WRITE_TOKEN=ghp_nobodyknowsitnobodyknowsitnobodykno"}, []string{"slipway: GITHUB_WRITE_TOKEN is refused: "}},
		{"Heroku, for changes", []string{"HEROKU_WRITE_API_KEY=HRKU-00000000-1111-4222-8333-444444444444"}, []string{"slipway: HEROKU_WRITE_API_KEY is refused: "}},
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

func TestRunAsksGitHubAsAnApp(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c := start(t, how{Args: []string{"run"}, Env: f.app(t, appID), Files: true})
	c.says(c.errs, "connected to Slack")
	f.types(t, "/deploy", "status")
	f.answers(t, "runs *v122*")
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, toStop)
	if text := c.errs.String(); strings.Contains(text, "not tried whether") || strings.Contains(text, "PRIVATE KEY") {
		t.Errorf("it says\n%s", text)
	}
}

// The watchdog is called when slipway is connected, and its address is nowhere to be read.
func TestRunCallsItsWatchdog(t *testing.T) {
	t.Parallel()
	called := make(chan string, 1)
	watchdog := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case called <- r.URL.Path:
		default:
		}
	}))
	t.Cleanup(watchdog.Close)
	f := newFar(t)
	c, _ := f.run(t, "HEARTBEAT_URL="+watchdog.URL+"/ping/hunter4f1d")
	select {
	case path := <-called:
		if path != "/ping/hunter4f1d" {
			t.Errorf("%s is called", path)
		}
	case <-time.After(patience):
		t.Fatal("it is not called")
	}
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, toStop)
	if strings.Contains(c.errs.String()+c.out.String(), "hunter4f1d") {
		t.Errorf("the address is shown:\n%s", c.errs)
	}
}

// In a world that nobody may change anything in, tokens that could are not even tried.
func TestRunThatOnlyReadsDoesNotTryTheWriteTokens(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c, _ := f.run(t, "SLIPWAY_MODE=read", "GITHUB_WRITE_TOKEN=ghp_nobodyknowsitnobodyknowsitnobodykno", "HEROKU_WRITE_API_KEY=HRKU-00000000-1111-4222-8333-444444444444")
	c.says(c.errs, "connected to Slack")
	f.types(t, "/deploy", "status")
	f.answers(t, "runs *v122*")
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, toStop)
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
