package access_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/policy"
	githubsim "slipway/integrations/sim/github"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestOnlyFullMembersAreMembers(t *testing.T) {
	for name, tt := range map[string]struct {
		user slacksim.User
		team string // that the request says; "home" for ours
		rule string
	}{
		"a member":                               {slacksim.User{}, "home", ""},
		"a member, where Slack names no team":    {slacksim.User{}, "", ""},
		"a member who is in no channel":          {slacksim.User{ID: "U0FAR"}, "home", ""},
		"a member whose request names another":   {slacksim.User{}, elsewhere, access.RuleWorkspace},
		"a guest":                                {slacksim.User{Guest: true}, "home", access.RuleGuest},
		"a stranger":                             {slacksim.User{Stranger: true, TeamID: elsewhere}, elsewhere, access.RuleWorkspace},
		"a stranger whose request names ours":    {slacksim.User{Stranger: true, TeamID: elsewhere}, "home", access.RuleWorkspace},
		"of another team, though not a stranger": {slacksim.User{TeamID: elsewhere}, "home", access.RuleWorkspace},
		"someone who left":                       {slacksim.User{Deleted: true}, "home", access.RuleDeactivated},
		"a bot":                                  {slacksim.User{Bot: true}, "home", access.RuleBot},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				if tt.user.ID == "" {
					tt.user.ID = mona
				}
				s.is(tt.user)
				team := tt.team
				if team == "home" {
					team = s.slack.TeamID()
				}
				s.refuses(s.Member(s.t.Context(), access.Who{User: tt.user.ID, Team: team}), tt.rule)
			})
		})
	}
}

func TestWhoeverNamesAnotherWorkspaceCostsNoQuestion(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.refuses(s.Member(s.t.Context(), access.Who{User: mona, Team: elsewhere}), access.RuleWorkspace)
		if n := s.asked("users.info"); n != 0 {
			s.t.Errorf("Slack was asked %d times", n)
		}
	})
}

func TestReadingStopsTwoMinutesAfterItsReason(t *testing.T) {
	for name, tt := range map[string]struct {
		lose func(s *stage)
		rule string
	}{
		"a guest by now":        {func(s *stage) { s.mona(slacksim.User{Guest: true}) }, access.RuleGuest},
		"taken out of #deploys": {func(s *stage) { s.in(carl) }, access.RuleChannel},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.refuses(s.reads(mona, ""), "")
				tt.lose(s)
				time.Sleep(2*time.Minute - time.Millisecond)
				s.refuses(s.reads(mona, ""), "")
				time.Sleep(time.Millisecond)
				s.refuses(s.reads(mona, ""), tt.rule)
			})
		})
	}
}

func TestBeforeWeKnowWhoWeAreNobodyMay(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.made.Home = func(context.Context) (slack.Identity, error) { return slack.Identity{}, errors.New("no answer yet") }
		s.process()
		s.refuses(s.Member(s.t.Context(), access.Who{User: mona}), access.RulePersonUnknown)
		s.says(s.now(carl, settings.Deploy), "I have not reached Slack's API yet, so I cannot tell who you are. Try again in a moment.")
		s.refuses(s.reads(mona, ""), access.RulePersonUnknown)
		s.logs("no answer yet", 3)
	})
}

func TestAChannelThatIsNotFoundYetLetsNobodyIn(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.of.Channel = "qa"
		const words = "I have not found #qa yet, the channel of *penny-university*, so I show nothing. " +
			"If it is private, somebody in it must invite me; if its name is wrong, it is set right in `APPS`. Then ask again."
		s.says(s.reads(mona, ""), words)
		s.refuses(s.now(oona, settings.Deploy), access.RuleChannelUnknown)
	})
}

func TestWhoAsksRightAfterAStartWaitsForTheChannel(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		starting := channels.Options{Store: s.empty(), Slack: s.made.Slack, Log: s.made.Log, Apps: config.Apps{s.of}}
		s.made.Channels = channels.New(starting)
		s.process()
		time.AfterFunc(2*time.Second, s.resolve)
		asked := time.Now()
		s.refuses(s.reads(carl, ""), "")
		if took := time.Since(asked); took != 2*time.Second {
			s.t.Errorf("the answer came after %v", took)
		}

		starting.Store = s.empty()
		s.made.Channels = channels.New(starting)
		s.process()
		asked = time.Now()
		s.refuses(s.reads(carl, ""), access.RuleChannelUnknown)
		if took := time.Since(asked); took != 5*time.Second {
			s.t.Errorf("the refusal came after %v", took)
		}
	})
}

func TestARenamedChannelStaysAndAnImpostorGainsNothing(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.slack.AddChannel(slacksim.Channel{ID: room, Name: "shipping", Members: []string{carl}, BotIn: true})
		s.slack.AddChannel(slacksim.Channel{ID: "C0IMPOSTOR", Name: "deploys", Members: []string{mona, oona}, BotIn: true})
		s.resolve()
		s.refuses(s.reads(carl, ""), "")
		s.refuses(s.reads(mona, ""), access.RuleChannel)
		s.refuses(s.now(oona, settings.Deploy), access.RuleChannel)
	})
}

func TestWithoutTheDatabaseNobodyChangesAnything(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.refuses(s.changes(carl, settings.Restore), "")
		if err := s.made.Store.Close(); err != nil {
			s.t.Fatal(err)
		}
		for _, user := range []string{carl, oona} {
			s.refuses(s.changes(user, settings.Restore), access.RuleSettingsUnknown)
		}
		s.says(s.now(carl, settings.Restore), "My database does not answer, so I cannot tell whom `.slipway.yml` lets for *penny-university*, and I change nothing. Try again in a moment.")
		s.refuses(s.reads(carl, ""), "") // the channel is known
		s.of.Channel = "qa"
		s.refuses(s.reads(carl, ""), access.RuleChannelUnknown)
	})
}

func TestBeforeTheSettingsWereReadNobodyChangesAnything(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.unread()
		s.refuses(s.changes(oona, settings.Restore), access.RuleSettingsUnknown)
		s.says(s.now(carl, settings.Restore), "I have not read `.slipway.yml` of *penny-university* yet, so I cannot tell whom it lets, and I change nothing. Try again in a minute.")
		s.refuses(s.reads(carl, ""), "")
		s.read()
		s.refuses(s.changes(oona, settings.Restore), "")
	})
}

func TestWhoAsksRightAfterAStartWaitsForTheSettings(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		starting := s.made.Policy.Options
		for _, c := range []struct {
			read time.Duration // when the file is read
			rule string
			took time.Duration
		}{{2 * time.Second, "", 2 * time.Second}, {time.Minute, access.RuleSettingsUnknown, 5 * time.Second}} {
			s.unread()
			s.made.Policy = policy.New(starting)
			s.process()
			time.AfterFunc(c.read, s.read)
			asked := time.Now()
			s.refuses(s.changes(carl, settings.Restore), c.rule)
			if took := time.Since(asked); took != c.took {
				s.t.Errorf("the answer came after %v, want %v", took, c.took)
			}
		}
		time.Sleep(time.Minute) // until the file is read at last
	})
}

func TestAFaultyFileLeavesTheLastGoodOneInForce(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.set("access: {restore: U0OONA}\n")
		s.set("access: {restore: everyone}\n") // which would widen
		s.refuses(s.now(carl, settings.Restore), access.RuleCircle)
		s.refuses(s.now(oona, settings.Restore), "")
	})
}

func TestAFileOnABranchMeansNothing(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.set("access: {restore: none}\n")
		s.repo.Branch("master", "mine")
		s.repo.Commit("mine", githubsim.CommitSpec{Author: "carl", Message: "Help myself", Files: []githubsim.File{{Path: ".slipway.yml", Text: "access: {restore: U0CARL}\n"}}})
		s.read()
		s.refuses(s.now(carl, settings.Restore), access.RuleNobody)
	})
}

func TestTheSettingsOfOneAppAreNotThoseOfAnother(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.set("access: {restore: none}\napps: {penny-university: {access: {restore: U0CARL}}}\n")
		s.refuses(s.now(carl, settings.Restore), "")
		s.refuses(s.now(oona, settings.Restore), access.RuleCircle)
	})
}

func TestAPanicGoesOnInTheCallerAndNobodyMay(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.made.Policy = nil
		s.process()
		defer func() {
			if recover() == nil {
				s.t.Error("there was no panic")
			}
		}()
		s.t.Errorf("the answer is %v", s.now(oona, settings.Restore))
	})
}
