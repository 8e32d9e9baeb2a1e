package hooks

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/config"
	"slipway/bot/inbox"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/weather"
	"slipway/integrations/sim/world"
)

func compare(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +printed):\n%s", diff)
	}
}

func TestHooksAreMadeWithFreshSecretsThatSignWhatIsSent(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		text := s.must(nil)
		hub, her := printed(text, "GITHUB_WEBHOOK_SECRET"), printed(text, "HEROKU_WEBHOOK_SECRET")
		if len(hub) < 20 || len(her) < 20 || hub == her {
			s.t.Fatalf("the secrets are %q and %q", hub, her)
		}
		compare(s.t, `penny-university/penny_university on GitHub
  created the webhook to http://127.0.0.1:4004/webhooks/github
penny-qa on Heroku
  created the webhook to http://127.0.0.1:4004/webhooks/heroku
penny-university on Heroku
  created the webhook to http://127.0.0.1:4004/webhooks/heroku

Set this for the bot now; it is not shown again.
GITHUB_WEBHOOK_SECRET=HUB
HEROKU_WEBHOOK_SECRET=HER
`, strings.NewReplacer(hub, "HUB", her, "HER").Replace(text))
		s.receive(hub, her)
		if err := s.Do("merge", []string{"46"}); err != nil {
			s.t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if s.taken["/webhooks/github"] < 20 || s.taken["/webhooks/heroku"] != 14 || s.refused["/webhooks/heroku"] > 0 {
			s.t.Errorf("taken are %v, refused %v", s.taken, s.refused)
		}
	})
}

// The world's own hooks are what the simulators' users get; ours must be the same.
func TestHooksAreThoseThatTheWorldHas(t *testing.T) {
	onStage(t, world.Options{DeliverTo: bot}, func(s *stage) {
		s.receive(world.DefaultSecret, world.DefaultSecret)
		text := s.must(known)
		if strings.Contains(text, "created the") || strings.Contains(text, "events") || strings.Contains(text, "entities") || strings.Contains(text, "level") {
			s.t.Errorf("it is not content with the world's:\n%s", text)
		}
	})
}

func TestASecondRunFindsNothingToDo(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		s.receive("hub", "her")
		if text := s.must(known); strings.Contains(text, "SECRET") {
			s.t.Errorf("a secret that was given is shown:\n%s", text)
		}
		if n := s.changes(); n != 3 {
			s.t.Errorf("%d changes were made", n)
		}
		compare(s.t, `penny-university/penny_university on GitHub
  nothing to do for the webhook to http://127.0.0.1:4004/webhooks/github
    14:00 UTC (just now)  ping → 202 OK
penny-qa on Heroku
  nothing to do for the webhook to http://127.0.0.1:4004/webhooks/heroku
    nothing was delivered in the last days
penny-university on Heroku
  nothing to do for the webhook to http://127.0.0.1:4004/webhooks/heroku
    nothing was delivered in the last days
`, s.must(known))
		if n := s.changes(); n > 0 {
			s.t.Errorf("%d changes were made again", n)
		}
		text := s.must(func(o *Options) { known(o); o.Secrets = true })
		if n := strings.Count(text, "repaired the webhook to"); n != 3 || strings.Count(text, ": secret (as you asked)\n") != 3 {
			s.t.Errorf("the secrets are not written again:\n%s", text)
		}
	})
}

func TestWhatIsWrongWithAHookIsRepaired(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		s.receive("hub", "her")
		s.hub(githubsim.HookSpec{URL: bot + "/webhooks/github", ContentType: "form", Events: inbox.GitHubEvents()[2:]})
		spec := herokusim.WebhookSpec{URL: bot + "/webhooks/heroku", Secret: "her", Level: "notify", Include: []string{"api:release", "dyno"}}
		if _, err := s.Apps[0].AddWebhook(spec); err != nil {
			s.t.Fatal(err)
		}
		want := `penny-university/penny_university on GitHub
  repaired the webhook to http://127.0.0.1:4004/webhooks/github: events (without check_run, check_suite), content type form, secret (the last delivery was refused)
    14:00 UTC (just now)  ping → 401 Invalid HTTP Response: 401
penny-qa on Heroku
  repaired the webhook to http://127.0.0.1:4004/webhooks/heroku: entities (without api:app, api:build, api:formation), level notify
    nothing was delivered in the last days
penny-university on Heroku
  created the webhook to http://127.0.0.1:4004/webhooks/heroku
`
		dry := s.must(func(o *Options) { known(o); o.DryRun = true })
		compare(s.t, strings.NewReplacer("repaired", "would repair", "created", "would create").Replace(want), dry)
		if n := s.changes(); n > 0 {
			s.t.Errorf("%d changes were made dry", n)
		}
		compare(s.t, want, s.must(known))
		if again := s.must(known); strings.Count(again, "nothing to do") != 3 || !strings.Contains(again, "ping → 202 OK") {
			s.t.Errorf("afterwards:\n%s", again)
		}
	})
}

func TestADryRunMakesNoSecrets(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		text := s.must(func(o *Options) { o.DryRun = true; o.HerokuSecret = config.NewSecret("her") })
		if !strings.HasSuffix(text, "\nwould print a fresh GITHUB_WEBHOOK_SECRET\n") || strings.Contains(text, "SECRET=") || strings.Contains(text, "HEROKU_WEBHOOK_SECRET") {
			s.t.Errorf("it prints\n%s", text)
		}
		if n := s.changes(); n > 0 {
			s.t.Errorf("%d changes were made", n)
		}
	})
}

func TestWithoutASecretAllHooksOfASenderGetTheSameFreshOne(t *testing.T) {
	onStage(t, world.Options{DeliverTo: bot}, func(s *stage) {
		text := s.must(func(o *Options) { o.GitHubSecret = config.NewSecret("hub"); o.Apps, o.Fewer = o.Apps[:1], true })
		if !strings.Contains(text, "The webhooks of the other apps keep their secrets: put those behind it") || strings.Contains(text, "penny-university on Heroku") {
			s.t.Errorf("it prints\n%s", text)
		}
		her := printed(text, "HEROKU_WEBHOOK_SECRET")
		if qa, other := s.Apps[0].Webhooks()[0], s.Apps[1].Webhooks()[0]; qa.Secret != her || other.Secret != world.DefaultSecret {
			s.t.Errorf("the secrets are %q and %q, printed is %q", qa.Secret, other.Secret, her)
		}
		text = s.must(func(o *Options) { o.GitHubSecret = config.NewSecret("hub") })
		her = printed(text, "HEROKU_WEBHOOK_SECRET")
		for _, app := range s.Apps {
			if hooks := app.Webhooks(); len(hooks) != 1 || hooks[0].Secret != her {
				s.t.Errorf("%s has %+v, printed is %q", app.Name(), hooks, her)
			}
		}
	})
}

func TestHooksAreShownWithTheirLastDeliveries(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		show := func(o *Options) { o.To = "" }
		s.hub(githubsim.HookSpec{URL: "https://hooks.example.com/secret-path", Events: []string{"push"}})
		compare(s.t, `penny-university/penny_university on GitHub
  no webhook for slipway; `+"`slipway hooks --to https://…`"+` makes it. 1 webhook is for somebody else
penny-qa on Heroku
  no webhook for slipway; `+"`slipway hooks --to https://…`"+` makes it
penny-university on Heroku
  no webhook for slipway; `+"`slipway hooks --to https://…`"+` makes it
`, s.must(show))
		s.receive("hub", "her")
		s.must(known)
		for _, line := range []string{"fault heroku deliver api:release.update drop", "push 45", "config A=1"} {
			words := strings.Fields(line)
			if err := s.Do(words[0], words[1:]); err != nil {
				s.t.Fatal(err)
			}
		}
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		s.changes()
		compare(s.t, `penny-university/penny_university on GitHub
  webhook to http://127.0.0.1:4004/webhooks/github: 12 events
    14:01 UTC (28 min ago)  check_suite.completed → 202 OK
    14:01 UTC (28 min ago)  workflow_run.completed → 202 OK
    14:01 UTC (28 min ago)  check_run.completed → 202 OK
    14:01 UTC (28 min ago)  workflow_job.completed → 202 OK
    14:01 UTC (28 min ago)  check_run.completed → 202 OK
  1 webhook is for somebody else
penny-qa on Heroku
  webhook to http://127.0.0.1:4004/webhooks/heroku: api:app, api:build, api:formation, api:release, dyno; level sync
    nothing was delivered in the last days
penny-university on Heroku
  webhook to http://127.0.0.1:4004/webhooks/heroku: api:app, api:build, api:formation, api:release, dyno; level sync
    14:00 UTC (29 min ago)  dyno → succeeded after 1 try, 202
    14:00 UTC (29 min ago)  api:release → succeeded after 2 tries, 202
    14:00 UTC (29 min ago)  dyno → succeeded after 1 try, 202
    14:00 UTC (29 min ago)  dyno → succeeded after 1 try, 202
    14:00 UTC (30 min ago)  api:release → succeeded after 1 try, 202
`, s.must(show))
		if n := s.changes(); n > 0 {
			s.t.Errorf("%d changes were made", n)
		}
	})
}

func TestHooksThatGoElsewhereAreToldAndLeftAlone(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		s.receive("hub", "her")
		for _, spec := range []githubsim.HookSpec{
			{URL: bot + "/old/webhooks/github", ContentType: "json", Events: []string{"push"}},
			{URL: bot + "/webhooks/github", Secret: "hub", ContentType: "json", Events: inbox.GitHubEvents()},
			{URL: bot + "/webhooks/github", Secret: "hub", ContentType: "json", Events: []string{"push"}},
		} {
			s.hub(spec)
		}
		text := s.must(func(o *Options) { known(o); o.Apps = o.Apps[:1] })
		for _, want := range []string{
			"  another webhook goes to http://127.0.0.1:4004/old/webhooks/github. If nobody is there any more: delete it at https://github.com/" + repoName + "/settings/hooks/",
			"  a second webhook goes to the same place: delete it at https://github.com/" + repoName + "/settings/hooks/",
			"  nothing to do for the webhook to http://127.0.0.1:4004/webhooks/github\n",
		} {
			if !strings.Contains(text, want) {
				s.t.Errorf("there is no %q in\n%s", want, text)
			}
		}
		if n := s.changes(); n != 1 { // the one of penny-qa
			s.t.Errorf("%d changes were made", n)
		}
	})
}

func TestWhatIsRefusedIsToldWithWhatIsMissing(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		s.GitHub.AddFineToken(fineToken+"0", "slipway-bot", githubsim.Permissions{"contents": "read"}, repoName)
		s.GitHub.AddFineToken(fineToken+"1", "slipway-bot", githubsim.Permissions{"repository_hooks": "read"}, repoName)
		s.GitHub.AddFineToken(fineToken+"2", "slipway-bot", githubsim.Permissions{"repository_hooks": "write"}, "penny-university/other")
		s.Heroku.AddAccount("stranger@example.com", "HRKU-stranger")
		for _, tc := range []struct {
			name, token, heroku string
			change              func(o *Options)
			want                []string
			refused             bool
		}{
			{"nothing may be read", fineToken + "0", "", func(o *Options) { o.To = "" }, []string{"the repository permission Webhooks (read; to change them read and write)"}, false},
			{"nothing may be changed", fineToken + "1", "", known, []string{"not allowed", "the repository permission Webhooks (read and write)"}, false},
			{"not this repository", fineToken + "2", "", known, []string{"not found", "Webhooks (read and write), a classic one the scope admin:repo_hook"}, false},
			{"nobody at GitHub", "ghp_nobody", "", known, []string{"GITHUB_TOKEN is refused"}, true},
			{"no collaborator", "", "HRKU-stranger", known, []string{"penny-qa on Heroku: ", "penny-university on Heroku: ", "is no collaborator of it"}, false},
			{"nobody at Heroku", "", "HRKU-nobody", known, []string{"HEROKU_API_KEY is refused"}, true},
		} {
			s.token, s.heroku = tc.token, tc.heroku
			_, err := s.run(tc.change)
			failed, ok := err.(Failures)
			if !ok || failed.Refused() != tc.refused {
				s.t.Errorf("%s: %v", tc.name, err)
				continue
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					s.t.Errorf("%s: %v, want %q", tc.name, err, want)
				}
			}
		}
	})
}

// What is not reached at one of them does not keep the other from being done. What may have been done is not done twice.
func TestAnAnswerThatIsCutIsNoSecondHook(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		s.GitHub.Weather().Add(weather.Fault{Method: "POST", Path: "/repos/*/*/hooks", Kind: weather.Cut})
		text, err := s.run(nil)
		if err == nil || !strings.Contains(err.Error(), repoName+" on GitHub: create a hook") || !strings.Contains(err.Error(), "it may have been done") {
			s.t.Errorf("it fails with %v", err)
		}
		hub, her := printed(text, "GITHUB_WEBHOOK_SECRET"), printed(text, "HEROKU_WEBHOOK_SECRET")
		if strings.Count(text, "created the") != 2 || hub == "" || her == "" {
			s.t.Fatalf("it prints\n%s", text)
		}
		s.receive(hub, her)
		text = s.must(func(o *Options) {
			o.GitHubSecret, o.HerokuSecret = config.NewSecret(hub), config.NewSecret(her)
		})
		if strings.Contains(text, "created the") || strings.Contains(text, "second") {
			s.t.Errorf("then it prints\n%s", text)
		}
		s.must(func(o *Options) {
			o.GitHubSecret, o.HerokuSecret, o.Secrets = config.NewSecret(hub), config.NewSecret(her), true
		})
		synctest.Wait()
		if s.taken["/webhooks/github"] == 0 {
			s.t.Error("what was printed does not sign")
		}
	})
}

func TestASecretThatIsInNoHookIsNotPrinted(t *testing.T) {
	onStage(t, world.Options{}, func(s *stage) {
		s.GitHub.Weather().SetDown(true)
		s.Heroku.Weather().SetDown(true)
		text, err := s.run(nil)
		if err == nil || strings.Contains(text, "SECRET") || strings.Count(text, "  failed\n") != 3 {
			s.t.Errorf("%v, and it prints\n%s", err, text)
		}
	})
}
