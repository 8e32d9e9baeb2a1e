package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"slipway/bot/doctor"
	"slipway/bot/inbox"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
)

// well makes of a world one that has no faults, and gives what is to be set for that. The tokens of a sandbox may do more than a
// careful team lets them, so there are others here.
func (f *far) well(t *testing.T, receiver string) (env []string) {
	t.Helper()
	const repo = "penny-university/penny_university"
	f.GitHub.AddFineToken("github_pat_reads", "slipway-bot", githubsim.Permissions{
		"actions": "read", "contents": "read", "pull_requests": "read", "statuses": "read", "repository_hooks": "read",
	}, repo)
	f.GitHub.AddHook(repo, githubsim.HookSpec{URL: receiver + inbox.GitHubPath, Secret: signing, ContentType: "json", Events: inbox.GitHubEvents()})
	if _, err := f.Apps[0].AddWebhook(herokusim.WebhookSpec{URL: receiver + inbox.HerokuPath, Secret: signing, Include: inbox.HerokuEntities()}); err != nil {
		t.Fatal(err)
	}
	return []string{
		"GITHUB_TOKEN=github_pat_reads", "SLIPWAY_MODE=read", "HEARTBEAT_URL=https://hc-ping.com/2f0e51f1-secret",
		"GITHUB_WEBHOOK_SECRET=" + signing, "HEROKU_WEBHOOK_SECRET=" + signing,
	}
}

// signing signs the webhooks of a world that is well.
const signing = "Zx8Qw3Er5Ty7Ui9Op1As"

// The real program on real sockets. The exit status tells how bad it is.
func TestDoctorSaysHowTheSetUpIs(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	to := newCatcher(t, signing)
	env := f.well(t, to.URL)
	for _, tc := range []struct {
		name   string
		change string // of the environment
		args   []string
		status int
		says   []string // on stdout, in this order
	}{
		{"well", "", nil, 0, []string{"ok       SLIPWAY_MODE  ", "ok       Database  ", "there is none yet; slipway run makes slipway.db\n", "ok       Slack bot token  ", "ok       Clock  "}},
		{"a test post", "", []string{"--post"}, 0, []string{"ok       Test post for penny-university  ", "posted and deleted in #deploys\n"}},
		{"a warning", "HEARTBEAT_URL", nil, 1, []string{"\nwarning  HEARTBEAT_URL  ", "\n         Make a check at a watchdog", "\nok       Slack bot token "}},
		{"a fault", "HEROKU_API_KEY=HRKU-5a5a5a5a-0000-4000-8000-00000000dead", nil, 2, []string{"\nok       GitHub with GITHUB_TOKEN ", "\nfault    Heroku with HEROKU_API_KEY ", "Heroku refuses it"}},
		{"settings that cannot be read", "SLACK_BOT_TOKEN=xapp-1-A-wrong", nil, 2, []string{"fault    SLACK_BOT_TOKEN ", "holds an app-level token of Slack", "\nok       GitHub with GITHUB_TOKEN ", "\nok       Heroku app penny-university "}},
		{"no apps", "APPS", nil, 2, []string{"fault    APPS ", "is missing", "\nok       Slack bot token "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: append([]string{"doctor"}, tc.args...), Env: f.env(slices.Concat(env, []string{tc.change})...)})
			c.exits(tc.status, patience)
			inOrder(t, c.out.String(), tc.says...)
			for _, secret := range append(c.secrets, "2f0e51f1") {
				if strings.Contains(c.out.String(), secret) {
					t.Errorf("it prints %s", secret)
				}
			}
		})
	}
}

func TestDoctorSpeaksJSON(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c := start(t, how{Args: []string{"doctor", "--json"}, Env: f.env("FALLBACK_USER=U0CAROL")})
	c.exits(2, patience)
	var found []doctor.Finding
	if err := json.Unmarshal([]byte(c.out.String()), &found); err != nil {
		t.Fatal(err)
	}
	for _, one := range found {
		if one.Subject == "FALLBACK_USER" && one.Level == doctor.Fault && one.Text == "@carol is a guest" && one.Fix != "" {
			return
		}
	}
	t.Errorf("no finding tells of the guest: %+v", found)
}

// It runs beside a bot, whose file it reads and leaves alone.
func TestDoctorRunsBesideTheBot(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	bot, _ := f.run(t)
	bot.says(bot.errs, "connected to Slack")
	before := filesIn(t, bot.folder)
	c := start(t, how{Args: []string{"doctor"}, Env: f.env(), Files: true, Cmd: func(c *exec.Cmd) { c.Dir = bot.folder }})
	c.exits(1, patience) // for what is wrong with this world
	inOrder(t, c.out.String(), " Database ", "tables up to date", "in use by a running slipway (process ", ", as it should be")
	if after := filesIn(t, bot.folder); after != before {
		t.Errorf("there were %s, and are %s", before, after)
	}
}

func filesIn(t *testing.T, folder string) string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}
