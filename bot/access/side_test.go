package access_test

import (
	"sync"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/config/settings"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

func TestTheDoorTakesNoLongerThanTwoCalls(t *testing.T) {
	const call = 200 * time.Millisecond
	for name, tt := range map[string]struct {
		access, user string
		verb         settings.Verb
		rule         string
		calls        time.Duration
	}{
		"reading":                       {"", mona, "", "", 1},
		"a collaborator":                {"", carl, settings.Restore, "", 1},
		"in a group":                    {`["@dba", "@oncall"]`, carl, settings.Restore, "", 2},
		"refused, with names":           {"", mona, settings.Restore, access.RuleCollaborator, 2},
		"refused by groups, with names": {`["@oncall", U0OONA, U0MONA]`, carl, settings.Restore, access.RuleCircle, 2},
		"refused by both":               {`["@oncall", U0OONA]`, mona, settings.Restore, access.RuleCollaborator, 2},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.slack.AddGroup(slacksim.Group{ID: "S0DBA", Handle: "dba", Members: []string{carl}})
				s.slack.AddGroup(slacksim.Group{ID: "S0ONCALL", Handle: "oncall"})
				s.set(narrowed(tt.access, ""))
				s.slack.Weather().SetLatency(call)
				s.heroku.Weather().SetLatency(call)
				ask := s.now
				if tt.verb == "" {
					ask = s.reads
				}
				began := time.Now()
				err := ask(tt.user, tt.verb)
				took := time.Since(began)
				s.refuses(err, tt.rule)
				if took != tt.calls*call {
					s.t.Errorf("it took %v, want %v", took, tt.calls*call)
				}
			})
		})
	}
}

// wrong is what may be wrong with carl, the last first: whatever is added, it comes before what was there.
var wrong = []struct {
	rule string
	make func(s *stage)
}{
	{access.RuleCircle, func(s *stage) { s.set(narrowed(`"@dba"`, "")) }},
	{access.RuleCollaborator, func(s *stage) { s.app.RemoveCollaborator("carl@penny.example") }},
	{access.RuleEmail, func(s *stage) { s.is(slacksim.User{ID: carl, Name: "carl"}) }},
	{access.RuleChannel, func(s *stage) { s.in(oona) }},
	{access.RuleGuest, func(s *stage) { s.carl(slacksim.User{Guest: true}) }},
}

func TestOfSeveralRulesTheFirstRefusesWhicheverAnswersFirst(t *testing.T) {
	for _, slow := range []string{"users.info", "conversations.members", "usergroups.list", "usergroups.users.list", "collaborators"} {
		t.Run(slow, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.group("dba", mona)
				late := weather.Fault{Method: "*", Path: "/api/" + slow, Kind: weather.Delay, D: time.Second, Always: true}
				s.slack.Weather().Add(late)
				late.Path = "/apps/*/" + slow
				s.heroku.Weather().Add(late)
				for _, w := range wrong {
					w.make(s)
					s.process()
					s.refuses(s.now(carl, settings.Restore), w.rule)
					s.process()
					s.refuses(s.changes(carl, settings.Restore), w.rule)
				}
			})
		})
	}
}

func TestManyAskAtOnce(t *testing.T) {
	onStage(t, slacksim.Options{NoLimits: true}, func(s *stage) {
		s.group("dba", carl)
		s.set("access: {restore: \"@dba\"}\n")
		rules := map[string]string{carl: "", mona: access.RuleCollaborator, oona: access.RuleCircle}
		var asking sync.WaitGroup
		for user, rule := range rules {
			for range 10 {
				asking.Go(func() { s.refuses(s.now(user, settings.Restore), rule) })
				asking.Go(func() { s.refuses(s.changes(user, settings.Restore), rule) })
				asking.Go(func() { s.refuses(s.reads(user, ""), "") })
			}
		}
		asking.Wait()
	})
}
