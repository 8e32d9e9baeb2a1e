package doctor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"slipway/bot/doctor"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

func TestADeadServiceIsOneFindingAndTheRestIsChecked(t *testing.T) {
	t.Parallel()
	hangs := weather.Fault{Method: "*", Path: "*", Kind: weather.Delay, D: 30 * time.Second, Always: true}
	broken := weather.Fault{Method: "*", Path: "*", Kind: weather.HTML503, Always: true}
	slack := []string{"Slack ", "One slipway", "Channel of", "FALLBACK_USER", "Operator "}
	github := []string{"GitHub ", ".slipway.yml", "Deploy branch"}
	heroku := []string{"Heroku ", "slipway's own"}
	for _, tc := range []struct {
		name  string
		kill  func(s *stage)
		level doctor.Level
		says  string   // the finding
		gone  []string // how the subjects begin that cannot be checked
	}{
		{"Slack is down", func(s *stage) { s.slack.SetDown(true) }, doctor.Warning, "Slack bot token could not be checked: Slack auth.test: ", slack},
		{"Slack hangs", func(s *stage) { s.slack.Weather().Add(hangs) }, doctor.Warning, "Slack bot token could not be checked: Slack auth.test: ", slack},
		{"Slack is broken", func(s *stage) { s.slack.Weather().Add(broken) }, doctor.Warning, "Slack bot token could not be checked: Slack auth.test: HTTP 503", slack},
		{"GitHub is down", func(s *stage) { s.github.Weather().SetDown(true) }, doctor.Warning, "GitHub with GITHUB_TOKEN could not be checked: read repository " + name + ": not reached", github},
		{"GitHub hangs", func(s *stage) { s.github.Weather().Add(hangs) }, doctor.Warning, "GitHub with GITHUB_TOKEN could not be checked: read repository " + name + ": not reached", github},
		{"GitHub is broken", func(s *stage) { s.github.Weather().Add(broken) }, doctor.Warning, "GitHub with GITHUB_TOKEN could not be checked: read repository " + name + ": GitHub is unwell", github},
		{"Heroku is down", func(s *stage) { s.heroku.Weather().SetDown(true) }, doctor.Warning, "Heroku with HEROKU_API_KEY could not be checked: heroku: account: unreachable", heroku},
		{"Heroku hangs", func(s *stage) { s.heroku.Weather().Add(hangs) }, doctor.Warning, "Heroku with HEROKU_API_KEY could not be checked: heroku: account: unreachable", heroku},
		{"Heroku is broken", func(s *stage) { s.heroku.Weather().Add(broken) }, doctor.Warning, "Heroku with HEROKU_API_KEY could not be checked: heroku: account: unavailable", heroku},
		{"the database is away", func(s *stage) { s.cable.Cut() }, doctor.Fault, "Database does not answer: the database is away", []string{"Database", "Operations", "One slipway"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				before := s.look()
				tc.kill(s)
				began := time.Now()
				after := s.look()
				if took := time.Since(began); took > 25*time.Second {
					t.Errorf("it takes %s", took)
				}
				bad := notWell(after)
				if len(bad) != 1 || bad[0].Level != tc.level || !strings.HasPrefix(bad[0].Subject+" "+bad[0].Text, tc.says) || bad[0].Fix == "" {
					t.Errorf("want one %s: %s, got\n%s", tc.level, tc.says, lines(bad))
				}
				gone := func(f doctor.Finding) bool {
					return slices.ContainsFunc(tc.gone, func(start string) bool { return strings.HasPrefix(f.Subject, start) })
				}
				if want, got := subjects(slices.DeleteFunc(before, gone)), subjects(slices.DeleteFunc(after, gone)); want != got {
					t.Errorf("what is still checked:\n%s\nwant\n%s", got, want)
				}
			})
		})
	}
}

func TestNothingAnswers(t *testing.T) {
	onStage(t, func(s *stage) {
		s.slack.SetDown(true)
		s.github.Weather().SetDown(true)
		s.heroku.Weather().SetDown(true)
		s.cable.Cut()
		if bad := s.bad(); len(bad) != 4 || doctor.Worst(bad) != doctor.Fault {
			t.Errorf("got\n%s", lines(bad))
		}
	})
}

// At the start of the bot only a few calls are made, and these find what keeps it from its work.
func TestTheQuickChecksFindWhatKeepsTheBotFromItsWork(t *testing.T) {
	onStage(t, func(s *stage) {
		s.channel(func(c *slacksim.Channel) { c.BotIn = false })
		s.github.RevokeToken(readToken)
		s.app.RemoveCollaborator(account)
		before := s.requests()
		var found []string
		for _, f := range doctor.New(s.patient).Quick(s.t.Context()) {
			if f.Level != doctor.OK {
				found = append(found, f.Subject)
			}
		}
		if got := strings.Join(found, ", "); got != "Channel of penny-university, GitHub with GITHUB_TOKEN, Heroku app penny-university" {
			t.Errorf("found %s", got)
		}
		if n := s.requests() - before; n > 12 {
			t.Errorf("it made %d calls", n)
		}
	})
}

func TestOnlyTheRepositoryThatCannotBeReadIsLeftOut(t *testing.T) {
	onStage(t, func(s *stage) {
		must(s.t, s.patient.Config.Apps.Decode("penny-gone=penny-university/gone#deploys"))
		s.patient.Channels = nil
		if bad := subjects(s.bad()); bad != "GitHub repository penny-university/gone\nHeroku app penny-gone" {
			t.Errorf("blamed:\n%s", bad)
		}
		if all := subjects(s.look()); !strings.Contains(all, "Deploy branch master of "+name) || !strings.Contains(all, "Heroku webhook of "+app) {
			t.Errorf("looked at:\n%s", all)
		}
	})
}

func (s *stage) requests() (n int) {
	for _, w := range []*weather.Weather{s.slack.Weather(), s.github.Weather(), s.heroku.Weather()} {
		all, _ := w.Requests(0)
		n += len(all)
	}
	return n
}

func subjects(found []doctor.Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Subject)
	}
	return strings.Join(all, "\n")
}
