package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// secretOf is the value of a variable among printed lines.
func secretOf(t *testing.T, text, variable string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "\n"+variable+"=")
	value, _, ended := strings.Cut(rest, "\n")
	if !ok || !ended || len(value) < 20 {
		t.Fatalf("there is no %s in:\n%s", variable, text)
	}
	return value
}

// The real program, on real sockets: it makes the hooks, GitHub and Heroku send what they sign with the secrets that it
// printed, and a second run with these in the environment finds nothing to do.
func TestHooksAreMadeOnceAndShown(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	to := newCatcher(t, "")
	first := start(t, how{Args: []string{"hooks", "--to", to.URL + "/"}, Env: f.env()})
	first.exits(exitOK, patience)
	inOrder(t, first.out.String(), "on GitHub\n  created the webhook to "+to.URL+"/webhooks/github\n", "on Heroku\n  created the webhook to "+to.URL+"/webhooks/heroku\n")
	hub, her := secretOf(t, first.out.String(), "GITHUB_WEBHOOK_SECRET"), secretOf(t, first.out.String(), "HEROKU_WEBHOOK_SECRET")
	if first.errs.String() != "" {
		t.Errorf("stderr says %q", first.errs)
	}

	for _, secret := range []struct{ value, path, line string }{{hub, "/webhooks/github", "push 45"}, {her, "/webhooks/heroku", "config A=1"}} {
		to.mu.Lock()
		to.secrets[secret.path] = secret.value
		to.mu.Unlock()
		words := strings.Fields(secret.line)
		if err := f.Do(words[0], words[1:]); err != nil {
			t.Fatal(err)
		}
		to.signs(t, secret.path)
	}

	env := f.env("GITHUB_WEBHOOK_SECRET="+hub+",older", "HEROKU_WEBHOOK_SECRET="+her)
	second := start(t, how{Args: []string{"hooks", "--to", to.URL, "--app", "penny-university"}, Env: env})
	second.exits(exitOK, patience)
	if text := second.out.String(); strings.Contains(text, "created the") || strings.Contains(text, hub) || strings.Contains(text, her) {
		t.Errorf("the second run prints\n%s", text)
	}
	shown := start(t, how{Args: []string{"hooks"}, Env: f.env()})
	shown.exits(exitOK, patience)
	inOrder(t, shown.out.String(), "webhook to "+to.URL+"/webhooks/github: 12 events\n", " → ", "webhook to "+to.URL+"/webhooks/heroku: api:app, api:build, api:formation, api:release, dyno; level sync\n", " → ")
}

// signs waits until something rightly signed has come to a path.
func (c *catcher) signs(t *testing.T, path string) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		c.mu.Lock()
		n := c.signed[path]
		c.mu.Unlock()
		if n > 0 {
			return
		}
	}
	t.Fatalf("nothing that is rightly signed came to %s", path)
}

func TestHooksTellsWhatIsWrongWithItsSettings(t *testing.T) {
	t.Parallel()
	const github, heroku, apps = "GITHUB_TOKEN=ghp_secretsecretsecret", "HEROKU_API_KEY=HRKU-secret", "APPS=penny=o/r#c,other=o/r#c"
	for _, tc := range []struct {
		args string
		env  []string
		want []string // how the lines on stderr begin
	}{
		{"", nil, []string{"slipway hooks: cannot start with these settings:", "GITHUB_TOKEN is missing", "HEROKU_API_KEY is missing", "APPS is missing"}},
		{"", []string{"GITHUB_TOKEN=xoxb-secretsecret", heroku, apps, "GITHUB_API_URL=ftp://x"}, []string{
			"slipway hooks: cannot start with these settings:", "GITHUB_TOKEN holds a bot token of Slack", "GITHUB_API_URL is no address",
		}},
		{"", []string{github, heroku, apps, "HEROKU_WEBHOOK_SECRET=two words"}, []string{
			"slipway hooks: cannot start with these settings:", "HEROKU_WEBHOOK_SECRET has a space",
		}},
		{"--app penny-qa", []string{github, heroku, apps}, []string{
			"slipway hooks: cannot start with these settings:", `--app: APPS has no "penny-qa"; it has penny, other`,
		}},
		{"--to bot.example.com", nil, []string{"slipway hooks: --to: it is no address"}},
		{"--to http://bot.example.com", nil, []string{"slipway hooks: --to: what is sent over http can be read"}},
		{"--to https://bot.example.com?a=b", nil, []string{"slipway hooks: --to: it holds more than an address"}},
		{"--to https://bot.example.com/webhooks/github", nil, []string{"slipway hooks: --to: leave out the path"}},
	} {
		t.Run(tc.args+fmt.Sprint(len(tc.env)), func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: append([]string{"hooks"}, strings.Fields(tc.args)...), Env: tc.env})
			c.exits(exitSettings, patience)
			lines := strings.Split(strings.TrimSuffix(c.errs.String(), "\n"), "\n")
			if len(lines) != len(tc.want) {
				t.Fatalf("stderr says %q, want %q", lines, tc.want)
			}
			for i, want := range tc.want {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("line %d is %q, want %q", i+1, lines[i], want)
				}
			}
		})
	}
}

func TestHooksExitsByWhatFailed(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	for name, tc := range map[string]struct {
		env    []string
		status int
		want   string
	}{
		"a refused token":     {f.env("GITHUB_TOKEN=ghp_nobody"), exitSettings, "GITHUB_TOKEN is refused"},
		"one that writes":     {f.env("GITHUB_WRITE_TOKEN=ghp_nobody"), exitSettings, "GITHUB_WRITE_TOKEN is refused"},
		"Heroku's":            {f.env("HEROKU_WRITE_API_KEY=HRKU-nobody"), exitSettings, "HEROKU_WRITE_API_KEY is refused"},
		"a refused App":       {f.app(t, 1234), exitSettings, "GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY is refused"},
		"an app that is none": {f.env("APPS=penny-none=penny-university/penny_university#c"), exitFailed, "slipway: penny-none on Heroku: "},
		"nobody is there":     {f.env("HEROKU_API_URL=http://127.0.0.1:1"), exitFailed, "slipway: penny-university on Heroku: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: []string{"hooks"}, Env: tc.env})
			c.exits(tc.status, patience)
			if !strings.Contains(c.errs.String(), tc.want) {
				t.Errorf("stderr says %q, want %q", c.errs, tc.want)
			}
		})
	}
}

// Who reads need not be able to make webhooks, and need not even be let in here.
func TestHooksAsksAsWhoMayWrite(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	to := newCatcher(t, "")
	tokens := map[string]string{}
	for _, l := range f.Env() {
		name, value, _ := strings.Cut(l, "=")
		tokens[name] = value
	}
	for name, env := range map[string][]string{
		"write tokens": f.env(
			"GITHUB_TOKEN=ghp_nobody", "GITHUB_WRITE_TOKEN="+tokens["GITHUB_TOKEN"],
			"HEROKU_API_KEY=HRKU-nobody", "HEROKU_WRITE_API_KEY="+tokens["HEROKU_API_KEY"],
		),
		"an App": f.app(t, appID),
	} {
		c := start(t, how{Args: []string{"hooks", "--to", to.URL}, Env: append(env, "GITHUB_WEBHOOK_SECRET=hub", "HEROKU_WEBHOOK_SECRET=her")})
		c.exits(exitOK, patience)
		if text := c.out.String(); !strings.Contains(text, "on GitHub") || c.errs.String() != "" {
			t.Errorf("%s: it says\n%s%s", name, text, c.errs)
		}
	}
}
