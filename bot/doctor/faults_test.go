package doctor_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/bot/config"
	"slipway/bot/doctor"
	"slipway/bot/inbox"
	"slipway/bot/op"
	"slipway/bot/store"
	"slipway/integrations/heroku"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

func TestASetUpThatIsWellHasNoFaults(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *stage){
		"as it is":       func(*stage) {},
		"on a dyno":      func(s *stage) { s.onDyno("web.1") },
		"with test post": func(s *stage) { s.patient.Post = true },
		"only reading": func(s *stage) {
			must(s.t, s.patient.Config.Mode.Decode("read"))
			s.patient.GitHubWrite, s.patient.HerokuWrite = nil, nil
		},
		"from the command line": func(s *stage) {
			s.patient.Channels, s.patient.Others, s.patient.Standing, s.patient.Refused = nil, nil, nil, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				change(s)
				for _, f := range s.bad() {
					t.Errorf("%s: %s %s (%s)", f.Level, f.Subject, f.Text, f.Fix)
				}
				if n := len(s.look()); n < 15 {
					t.Errorf("only %d findings", n)
				}
			})
		})
	}
}

// Each fault alone is named, with what to do, and nothing else is blamed for it.
func TestEveryFaultIsNamedWithItsFix(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		hurt      func(s *stage)
		level     doctor.Level
		subject   string
		text, fix string // parts of them
	}{
		{
			"the app-level token is revoked", func(s *stage) { s.slack.RefuseAppToken("token_revoked") },
			doctor.Fault, "Slack app-level token", "it was revoked (token_revoked)", "set SLACK_APP_TOKEN.",
		},
		{
			"the bot token is revoked", func(s *stage) { s.slack.RefuseTokens("account_inactive") },
			doctor.Fault, "Slack bot token", "was removed (account_inactive)", "set SLACK_BOT_TOKEN.",
		},
		{
			"a scope is missing", func(s *stage) { s.slack.Revoke("groups:history") },
			doctor.Warning, "Slack scope groups:history", "off: finding a message in a private channel", "install the app again",
		},
		{
			"the scope of direct messages is missing", func(s *stage) { s.slack.Revoke("im:write") },
			doctor.Warning, "Slack scope im:write", "off: telling FALLBACK_USER", "OAuth & Permissions",
		},
		{
			"a scope without which nothing works is missing", func(s *stage) { s.slack.Revoke("users:read") },
			doctor.Fault, "Slack scope users:read", "off: guests are refused", "install the app again",
		},
		{
			"somebody else runs with the token", func(s *stage) { s.patient.Others = func(context.Context) (int, bool) { return 2, true } },
			doctor.Fault, "One slipway for the Slack app", "2 sockets are open that no slipway on this database", "Stop the other slipway",
		},
		{
			"nobody can tell who else runs", func(s *stage) { s.patient.Others = func(context.Context) (int, bool) { return 0, false } },
			doctor.Warning, "One slipway for the Slack app", "could not be checked", "again",
		},
		{
			"an operation ended as unknown", func(s *stage) {
				s.patient.Standing = func(context.Context) ([]op.Standing, error) {
					open := op.Standing{ID: "1a", App: "penny-university", Title: "Restart *penny-university*"}
					unknown, elsewhere := open, open
					unknown.ID, unknown.Unknown, unknown.Ended = "2b", true, time.Now().Add(-time.Hour)
					elsewhere.ID, elsewhere.Unknown, elsewhere.App = "3c", true, "penny-elsewhere"
					return []op.Standing{elsewhere, open, unknown}, nil
				}
			},
			doctor.Warning, "Operation 2b", "“Restart penny-university” ended 1 h ago, and nobody knows whether it was done", "press It happened",
		},
		{
			"nobody can tell which operations stand", func(s *stage) {
				s.patient.Standing = func(context.Context) ([]op.Standing, error) { return nil, errors.New("the table is gone") }
			},
			doctor.Warning, "Operations", "could not be checked: the table is gone", "again",
		},
		{
			"the channel is archived", func(s *stage) { s.channel(func(c *slacksim.Channel) { c.Archived = true }) },
			doctor.Fault, "Channel of penny-university", "#deploys is archived", "Unarchive it",
		},
		{
			"the bot is not in the channel", func(s *stage) { s.channel(func(c *slacksim.Channel) { c.BotIn = false }) },
			doctor.Fault, "Channel of penny-university", "the bot is not in #deploys", "/invite @slipway in #deploys",
		},
		{
			"the channel was renamed", func(s *stage) { s.channel(func(c *slacksim.Channel) { c.Name = "releases" }) },
			doctor.Warning, "Channel of penny-university", "#deploys is called #releases now", "C0DEPLOYS, into APPS",
		},
		{"the channel was renamed, from the command line", func(s *stage) {
			s.patient.Channels = nil
			s.channel(func(c *slacksim.Channel) { c.Name = "releases" })
		}, doctor.Fault, "Channel of penny-university", "there is no #deploys that the bot can see", "into APPS"},
		{
			"the fallback person is not set", func(s *stage) { s.patient.Config.FallbackUser = "" },
			doctor.Warning, "FALLBACK_USER", "nobody hears of a channel", "Copy member ID",
		},
		{
			"the fallback person is nobody", func(s *stage) { s.patient.Config.FallbackUser = "U0NOBODY" },
			doctor.Fault, "FALLBACK_USER", "U0NOBODY is nobody", "into FALLBACK_USER",
		},
		{
			"the fallback person has left", func(s *stage) { s.slack.AddUser(slacksim.User{ID: "U0BOB", Name: "bob", Deleted: true}) },
			doctor.Fault, "FALLBACK_USER", "@bob is deactivated", "into FALLBACK_USER",
		},
		{
			"the fallback person is the bot", func(s *stage) { s.patient.Config.FallbackUser = config.User(s.slack.BotUserID()) },
			doctor.Fault, "FALLBACK_USER", "is a bot", "into FALLBACK_USER",
		},
		{
			"an operator is a guest", func(s *stage) { s.slack.AddUser(slacksim.User{ID: "U0ALICE", Name: "alice", Guest: true}) },
			doctor.Fault, "Operator U0ALICE", "@alice is a guest", "into OPERATORS in place of U0ALICE",
		},
		{"a test post fails", func(s *stage) {
			s.patient.Post = true
			s.slack.Weather().Add(weather.Fault{Method: "POST", Path: "/api/chat.postMessage", Kind: weather.TooManyBare, Always: true})
		}, doctor.Fault, "Test post for penny-university", "failed: Slack chat.postMessage: ratelimited", "posting in #deploys is restricted"},

		{
			"the GitHub token is revoked", func(s *stage) { s.github.RevokeToken(readToken) },
			doctor.Fault, "GitHub with GITHUB_TOKEN", "GitHub refuses the token", "Make a new token",
		},
		{
			"the GitHub token may not see the repository", func(s *stage) {
				s.github.AddFineToken(readToken, "slipway-bot", githubsim.Permissions{"actions": "read"})
			},
			doctor.Fault, "GitHub repository " + name, "may not see it", "give the token that repository",
		},
		{
			"the GitHub token is not authorized for single sign-on", func(s *stage) { s.github.RequireSSO(readToken) },
			doctor.Fault, "GitHub repository " + name, "single sign-on", "Configure SSO",
		},
		{
			"the GitHub token ends in ten days", func(s *stage) { s.github.ExpireToken(readToken, time.Now().AddDate(0, 0, 10)) },
			doctor.Warning, "GitHub with GITHUB_TOKEN, its end", "(in 10 days)", "Make a new token",
		},
		{
			"the GitHub token ends tomorrow", func(s *stage) { s.github.ExpireToken(readToken, time.Now().AddDate(0, 0, 1)) },
			doctor.Fault, "GitHub with GITHUB_TOKEN, its end", "the token ends", "Make a new token",
		},
		{"the GitHub token for reading may write", func(s *stage) {
			s.github.AddToken(readToken, "slipway-bot", name)
			s.github.ScopeToken(readToken, "repo", "workflow")
		}, doctor.Warning, "GitHub with GITHUB_TOKEN", "a classic token with the scopes repo, workflow: it may write", "GITHUB_WRITE_TOKEN"},
		{"the GitHub token may not read Actions", func(s *stage) {
			s.github.AddFineToken(readToken, "slipway-bot", githubsim.Permissions{"contents": "read", "pull_requests": "read", "statuses": "read", "repository_hooks": "write"}, name)
		}, doctor.Fault, "GitHub permissions in " + name, "Actions may not be read, so this is off: runs", "permission Actions (read)"},
		{
			"GitHub's quota is nearly spent", func(s *stage) { s.github.SetQuota(300, time.Now().Add(time.Hour)) },
			doctor.Warning, "GitHub quota", "of 5000 requests an hour are left", "Find who else uses",
		},
		{
			"the repository was renamed", func(s *stage) { s.team.Rename("penny_college") },
			doctor.Warning, "GitHub repository " + name, "is called penny-university/penny_college now", "new name into APPS",
		},
		{"the GitHub token for changes may not write", func(s *stage) {
			s.github.AddFineToken(writeToken, "slipway-bot", githubsim.Permissions{"contents": "read"}, name)
		}, doctor.Warning, "GitHub changes with GITHUB_WRITE_TOKEN", "it may not write to " + name, "read and write"},
		{
			"the GitHub token for changes lacks the scope", func(s *stage) {
				s.github.AddToken(writeToken, "slipway-bot", name)
				s.github.ScopeToken(writeToken, "read:org")
			}, doctor.Warning, "GitHub changes with GITHUB_WRITE_TOKEN", "without the scope repo, so changes of " + name + " are off", "Give it the scope repo",
		},
		{
			"the GitHub token for changes is revoked", func(s *stage) { s.github.RevokeToken(writeToken) },
			doctor.Fault, "GitHub changes with GITHUB_WRITE_TOKEN", "GitHub refuses the token", "Make a new token",
		},
		{
			".slipway.yml has a fault", func(s *stage) { s.settings("notify:\n  silense: true\n") },
			doctor.Fault, ".slipway.yml of " + name, "is not taken: line 2: ", "on the default branch",
		},
		{
			"no app of a repository is production", func(s *stage) { s.pair("notify:\n  silence: true\n") },
			doctor.Warning, ".slipway.yml of " + name, "marks none of penny-university, penny-slipway", "“apps:”, “  penny-university:”, “    production: yes”",
		},
		{
			"the deploy branch does not exist", func(s *stage) { s.settings("branch: main\n") },
			doctor.Fault, "Deploy branch main of " + name, "does not exist", "name another",
		},
		{
			"branch protection requires slipway/hold", func(s *stage) { s.team.RequireChecks("master", "ci", "slipway/hold") },
			doctor.Warning, "Deploy branch master of " + name, "a dead slipway stops all merges", "out of the required checks",
		},
		{
			"a ruleset requires slipway/hold", func(s *stage) { s.team.RequireByRule("master", "slipway/hold") },
			doctor.Warning, "Deploy branch master of " + name, "a dead slipway stops all merges", "Branches or Rules",
		},
		{"the GitHub token may not see webhooks", func(s *stage) {
			s.github.AddFineToken(readToken, "slipway-bot", githubsim.Permissions{"actions": "read", "contents": "read", "pull_requests": "read", "statuses": "read"}, name)
		}, doctor.Warning, "GitHub webhook of " + name, "may not see it", "Webhooks (read and write)"},
		{
			"there is no GitHub webhook", func(s *stage) { s.gitHubHook("DELETE", "") },
			doctor.Warning, "GitHub webhook of " + name, "there is none for slipway", "Run slipway hooks",
		},
		{
			"the GitHub webhook is not active", func(s *stage) { s.gitHubHook("PATCH", `{"active": false}`) },
			doctor.Warning, "GitHub webhook of " + name, "not active", "Run slipway hooks",
		},
		{
			"the GitHub webhook lacks events", func(s *stage) { s.gitHubHook("PATCH", `{"events": ["push", "workflow_run"]}`) },
			doctor.Warning, "GitHub webhook of " + name, "without check_run, ", "Run slipway hooks",
		},
		{
			"the GitHub webhook sends forms", func(s *stage) {
				s.gitHubHook("PATCH", `{"config": {"url": "http://bot.test:80/webhooks/github", "content_type": "form", "insecure_ssl": "1"}}`)
			},
			doctor.Warning, "GitHub webhook of " + name, "content type form, certificates not checked", "Run slipway hooks",
		},
		{
			"GitHub's webhooks come with another secret", func(s *stage) { s.pushed(http.StatusUnauthorized) },
			doctor.Fault, "GitHub webhook of " + name, "slipway refused it (401)", "slipway hooks --secrets",
		},
		{
			"GitHub's webhooks do not arrive", func(s *stage) { s.pushed(http.StatusBadGateway) },
			doctor.Fault, "GitHub webhook of " + name, "answered 502", "whether slipway runs",
		},
		{"GITHUB_WEBHOOK_SECRET is not set", func(s *stage) {
			s.gitHubHook("DELETE", "")
			s.patient.Config.GitHubSecrets = nil
		}, doctor.Warning, "GITHUB_WEBHOOK_SECRET", "read every 45 s", "slipway hooks"},
		{"requests come with a wrong signature", func(s *stage) {
			s.patient.Refused = func(from doctor.Sender) int { return map[doctor.Sender]int{doctor.FromGitHub: 3}[from] }
		}, doctor.Warning, "GITHUB_WEBHOOK_SECRET", "3 requests have come with a wrong signature", "slipway hooks --secrets"},

		{
			"the Heroku key is revoked", func(s *stage) { s.heroku.RevokeToken(readKey) },
			doctor.Fault, "Heroku with HEROKU_API_KEY", "Heroku refuses it", "authorizations:create -d slipway -s identity,read, and set its Token as HEROKU_API_KEY",
		},
		{
			"the Heroku key is global", func(s *stage) { s.heroku.GrantToken(readKey, time.Time{}, "global") },
			doctor.Warning, "Heroku with HEROKU_API_KEY", "it is a global one of " + account, "-s identity,read, and set its Token as HEROKU_API_KEY",
		},
		{
			"the Heroku key for changes is global", func(s *stage) { s.heroku.GrantToken(writeKey, time.Time{}, "global") },
			doctor.Warning, "Heroku with HEROKU_WRITE_API_KEY", "it is a global one", "-s identity,read,write-protected, and set its Token as HEROKU_WRITE_API_KEY",
		},
		{
			"the Heroku key for changes is revoked", func(s *stage) { s.heroku.RevokeToken(writeKey) },
			doctor.Fault, "Heroku with HEROKU_WRITE_API_KEY", "Heroku refuses it", "set its Token as HEROKU_WRITE_API_KEY",
		},
		{
			"the Heroku account is suspended", func(s *stage) { must(s.t, s.heroku.RefuseAccount(account, "suspended")); s.patient.HerokuWrite = nil },
			doctor.Fault, "Heroku with HEROKU_API_KEY", "Heroku does not serve its account", "dashboard.heroku.com",
		},
		{
			"the Heroku account is no collaborator", func(s *stage) { s.app.RemoveCollaborator(account); s.patient.HerokuWrite = nil },
			doctor.Fault, "Heroku app penny-university", "is no collaborator of it", "heroku access:add",
		},
		{
			"Heroku's rate limit is nearly spent", func(s *stage) { s.heroku.SetTokens(60) },
			doctor.Warning, "Heroku rate limit", "of 4500 requests are left", "Find who else uses",
		},
		{
			"there is no Heroku webhook", func(s *stage) { s.herokuHook(nil) },
			doctor.Warning, "Heroku webhook of penny-university", "there is none for slipway", "Run slipway hooks",
		},
		{"the Heroku webhook lacks entities", func(s *stage) {
			s.herokuHook(&heroku.WebhookSpec{URL: "http://bot.test:80/webhooks/heroku", Secret: "her", Level: heroku.Notify, Include: []string{"api:release"}})
		}, doctor.Warning, "Heroku webhook of penny-university", "without api:app, api:build, api:formation, dyno), level notify", "Run slipway hooks"},
		{
			"Heroku's webhooks come with another secret", func(s *stage) { s.maintained(http.StatusUnauthorized) },
			doctor.Fault, "Heroku webhook of penny-university", "slipway refused it (401)", "with the HEROKU_WEBHOOK_SECRET",
		},
		{
			"Heroku's webhooks do not arrive", func(s *stage) { s.maintained(0) },
			doctor.Fault, "Heroku webhook of penny-university", "no answer from http://bot.test:80/webhooks/heroku", "delete that webhook",
		},
		{
			"slipway's dyno sleeps", func(s *stage) { s.onDyno("worker.1") },
			doctor.Fault, "slipway's own dyno", "worker of penny-slipway is an Eco dyno", "heroku ps:type worker=basic -a penny-slipway",
		},
		{
			"it is not known which app slipway is", func(s *stage) { s.onDyno("web.1"); s.patient.OwnApp = "" },
			doctor.Warning, "slipway's own dyno", "HEROKU_APP_NAME is not set", "runtime-dyno-metadata",
		},
		{
			"slipway may not see its own app", func(s *stage) { s.onDyno("web.1"); s.patient.OwnApp = "somebody-elses" },
			doctor.Warning, "slipway's own dyno", "the key may not read the app somebody-elses", "heroku ps:type -a somebody-elses",
		},

		{"the clock is slow", func(s *stage) { s.skew(45 * time.Second) }, doctor.Warning, "Clock", "45 s behind", "timedatectl"},
		{"the clock is fast", func(s *stage) { s.skew(-3 * time.Minute) }, doctor.Fault, "Clock", "3 min ahead of", "timedatectl"},
		{"the database is a file on a dyno", func(s *stage) {
			s.onDyno("web.1")
			s.patient.Database = s.store.Vitals
		}, doctor.Fault, "Database", "lost at its next restart", "heroku-postgresql"},
		{
			"the database is newer", func(s *stage) { s.tables("insert into migrations (version, name, at) values (9999, 'later', 0)") },
			doctor.Fault, "Database", "a newer slipway has changed its tables", "Run that version again",
		},
		{
			"the database is older", func(s *stage) { s.tables("delete from migrations where version > 5") },
			doctor.Warning, "Database", "those of an older slipway (0005; ", "Start slipway run",
		},
		{"the database is slow", func(s *stage) {
			s.patient.Database = func(ctx context.Context) (store.Vitals, error) {
				v, err := s.store.Vitals(ctx)
				v.Took = 2 * time.Second
				return v, err
			}
		}, doctor.Warning, "Database", "takes 2 s for a few small questions", "region"},
		{
			"nobody would miss slipway", func(s *stage) { s.patient.Config.HeartbeatURL = config.SecretURL{} },
			doctor.Warning, "HEARTBEAT_URL", "nobody notices when slipway is dead", "watchdog",
		},
		{
			"the heartbeat goes over http", func(s *stage) { must(s.t, s.patient.Config.HeartbeatURL.Decode("http://hc-ping.com/2f0e51f1")) },
			doctor.Warning, "HEARTBEAT_URL", "over http", "https:// address of hc-ping.com",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				tc.hurt(s)
				bad := s.bad()
				if len(bad) != 1 {
					t.Fatalf("%d findings that are not well:\n%s", len(bad), lines(bad))
				}
				f := bad[0]
				if f.Level != tc.level || f.Subject != tc.subject || !strings.Contains(f.Text, tc.text) || !strings.Contains(f.Fix, tc.fix) {
					t.Errorf("got\n%swant\n%s", lines(bad), lines([]doctor.Finding{{Level: tc.level, Subject: tc.subject, Text: "… " + tc.text + " …", Fix: "… " + tc.fix + " …"}}))
				}
			})
		})
	}
}

// Of two apps one is marked: then nobody is in doubt.
func TestAnAppThatIsProductionIsNotAskedFor(t *testing.T) {
	onStage(t, func(s *stage) {
		s.pair("apps:\n  penny-university:\n    production: yes\n")
		for _, f := range s.bad() {
			t.Errorf("%s: %s %s (%s)", f.Level, f.Subject, f.Text, f.Fix)
		}
	})
}

// Heroku does not tell a token without the scope identity whose it is. All else is looked at.
func TestAKeyThatMayNotSeeItsAccountIsNoFault(t *testing.T) {
	onStage(t, func(s *stage) {
		client, err := heroku.New(heroku.Options{URL: "http://" + herokuAt, Token: readKey, HTTP: anonymous{s.transport}})
		must(s.t, err)
		s.patient.Heroku = client
		found := s.look()
		for _, f := range notWell(found) {
			t.Errorf("%s: %s %s (%s)", f.Level, f.Subject, f.Text, f.Fix)
		}
		text := lines(found)
		for _, want := range []string{"Heroku with HEROKU_API_KEY: Heroku takes it, and it is not a global one; whose it is takes the scope identity", "Heroku app penny-university: is read"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	})
}

// anonymous refuses to tell whose a token is.
type anonymous struct{ far http.RoundTripper }

func (a anonymous) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/account" {
		return a.far.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"id":"forbidden","message":"You do not have access to this resource."}`)),
	}, nil
}

func lines(found []doctor.Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s: %s: %s\n\t%s\n", f.Level, f.Subject, f.Text, f.Fix)
	}
	return b.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// onDyno lets slipway run as a dyno of its own app, where the database is a Postgres.
func (s *stage) onDyno(dyno string) {
	s.patient.Dyno, s.patient.OwnApp = dyno, own
	s.patient.Database = func(ctx context.Context) (store.Vitals, error) {
		v, err := s.store.Vitals(ctx)
		v.Postgres = true
		return v, err
	}
}

func (s *stage) channel(change func(*slacksim.Channel)) {
	c := s.slack.Channels()[0]
	change(&c)
	s.slack.AddChannel(c)
}

// pair adds another app of the same repository, which all looks well but for its settings.
func (s *stage) pair(settings string) {
	s.patient.Config.Apps = nil
	must(s.t, s.patient.Config.Apps.Decode(app+"="+name+"#deploys,"+own+"="+name+"#deploys"))
	_, err := s.ours.AddWebhook(herokusim.WebhookSpec{URL: "http://" + botAt + inbox.HerokuPath, Secret: "her", Include: inbox.HerokuEntities()})
	must(s.t, err)
	s.patient.Channels = nil
	s.settings(settings)
	time.Sleep(time.Minute)
}

func (s *stage) settings(text string) {
	s.team.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Set", Files: []githubsim.File{{Path: ".slipway.yml", Text: text}}})
}

// gitHubHook changes the webhook as somebody does on its page.
func (s *stage) gitHubHook(method, body string) {
	s.t.Helper()
	hooks, err := s.patient.GitHub.Hooks(s.t.Context(), s.patient.Config.Apps[0].Repo)
	must(s.t, err)
	req, err := http.NewRequestWithContext(s.t.Context(), method, fmt.Sprintf("http://%s/repos/%s/hooks/%d", githubAt, name, hooks[0].ID), strings.NewReader(body))
	must(s.t, err)
	req.Header.Set("Authorization", "Bearer "+readToken)
	resp, err := s.transport.RoundTrip(req)
	must(s.t, err)
	must(s.t, resp.Body.Close())
	if resp.StatusCode/100 != 2 {
		s.t.Fatalf("%s: %s", method, resp.Status)
	}
}

// herokuHook changes the webhook; nil deletes it.
func (s *stage) herokuHook(spec *heroku.WebhookSpec) {
	s.t.Helper()
	id := s.app.Webhooks()[0].ID
	if spec == nil {
		must(s.t, s.patient.Heroku.DeleteWebhook(s.t.Context(), app, id))
		return
	}
	_, err := s.patient.Heroku.UpdateWebhook(s.t.Context(), app, id, *spec)
	must(s.t, err)
}

// pushed lets GitHub tell of a push, and the receiver answer so.
func (s *stage) pushed(status int64) {
	s.status.Store(status)
	_, err := s.team.Push("master", githubsim.CommitSpec{Author: "ada", Message: "Go on"})
	must(s.t, err)
	time.Sleep(time.Minute)
}

// maintained does the same with Heroku.
func (s *stage) maintained(status int64) {
	s.status.Store(status)
	s.app.SetMaintenance(true)
	time.Sleep(30 * time.Second)
}

func (s *stage) skew(d time.Duration) {
	for _, w := range []*weather.Weather{s.slack.Weather(), s.github.Weather(), s.heroku.Weather()} {
		w.SetSkew(d)
	}
}

func (s *stage) tables(statement string) {
	s.t.Helper()
	must(s.t, s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, statement)
		return err
	}))
}
