package access_test

import (
	"fmt"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/config/settings"
	slacksim "slipway/integrations/sim/slack"
)

// losses are what may happen to carl between a plan and its confirmation.
var losses = []struct {
	name string
	lose func(s *stage)
	rule string
	kept bool // by Changes, for 2 minutes
}{
	{"removed from Heroku", func(s *stage) { s.app.RemoveCollaborator("carl@penny.example") }, access.RuleCollaborator, true},
	{"left with view on Heroku", func(s *stage) { s.may("carl@penny.example", "view") }, access.RulePermission, true},
	{"out of the channel", func(s *stage) { s.in(mona, oona) }, access.RuleChannel, true},
	{"made a guest", func(s *stage) { s.carl(slacksim.User{Guest: true}) }, access.RuleGuest, true},
	{"deactivated", func(s *stage) { s.carl(slacksim.User{Deleted: true}) }, access.RuleDeactivated, true},
	{"with another e-mail", func(s *stage) { s.is(slacksim.User{ID: carl, Name: "carl", Email: "carl@else.example"}) }, access.RuleCollaborator, true},
	{"out of the group", func(s *stage) { s.group("dba", mona) }, access.RuleCircle, true},
	{"the group is gone", func(s *stage) { s.group("former-dba") }, access.RuleCircle, true},
	{"narrowed to others", func(s *stage) { s.set("access: {restore: U0MONA}\n") }, access.RuleCircle, false},
}

// carl makes carl somebody else, whose address stays.
func (s *stage) carl(u slacksim.User) {
	u.ID, u.Name, u.Email = carl, "carl", "carl@penny.example"
	s.is(u)
}

// group makes these people those of a group.
func (s *stage) group(handle string, ids ...string) {
	s.slack.AddGroup(slacksim.Group{ID: "S0DBA", Handle: handle, Members: ids})
}

func TestWhoLosesTheirRightAfterThePlanConfirmsNothing(t *testing.T) {
	for _, loss := range losses {
		t.Run(loss.name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.group("dba", carl)
				s.set("access: {restore: \"@dba\"}\n")
				s.refuses(s.changes(carl, settings.Restore), "")
				time.Sleep(time.Second)
				loss.lose(s)
				if loss.kept {
					s.refuses(s.changes(carl, settings.Restore), "")
				}
				s.refuses(s.now(carl, settings.Restore), loss.rule)
				s.refuses(s.changes(carl, settings.Restore), loss.rule) // what was learnt is not forgotten
			})
		})
	}
}

func TestAPlanBelievesAnswersForTwoMinutesAtMost(t *testing.T) {
	for _, loss := range losses {
		if !loss.kept {
			continue
		}
		t.Run(loss.name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.group("dba", carl)
				s.set("access: {restore: \"@dba\"}\n")
				s.refuses(s.changes(carl, settings.Restore), "")
				before := s.requests()
				loss.lose(s)
				time.Sleep(2*time.Minute - time.Millisecond)
				s.refuses(s.changes(carl, settings.Restore), "")
				if s.requests() != before {
					s.t.Error("somebody was asked again within 2 minutes")
				}
				time.Sleep(time.Millisecond)
				s.refuses(s.changes(carl, settings.Restore), loss.rule)
			})
		})
	}
}

// requests counts what Slack and Heroku were asked so far.
func (s *stage) requests() int {
	_, slack := s.slack.Weather().Requests(0)
	_, heroku := s.heroku.Weather().Requests(0)
	return slack + heroku
}

func TestWhoIsGivenARightMayAtOnceWhenItIsConfirmed(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.refuses(s.changes(mona, settings.Restore), access.RuleCollaborator)
		s.app.AddCollaborator("mona@penny.example")
		s.refuses(s.now(mona, settings.Restore), "") // within the same instant
		time.Sleep(time.Second)
		s.refuses(s.changes(mona, settings.Restore), access.RuleCollaborator) // as the answer of that instant is no newer
		time.Sleep(2 * time.Minute)
		s.refuses(s.changes(mona, settings.Restore), "")
	})
}

func TestEveryConfirmationAsksEverybodyOnceAndListsGroupsRarely(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.group("dba", carl)
		s.set("access: {restore: \"@dba\"}\n")
		for n := 1; n <= 10; n++ {
			s.refuses(s.now(carl, settings.Restore), "")
			for _, method := range []string{"users.info", "conversations.members", "usergroups.users.list", "collaborators"} {
				if got := s.asked(method); got != n {
					s.t.Errorf("after %d confirmations %s was asked %d times", n, method, got)
				}
			}
			time.Sleep(59 * time.Second)
		}
		if got := s.asked("usergroups.list"); got != 1 {
			s.t.Errorf("the groups were listed %d times in ten minutes", got)
		}
		time.Sleep(10 * time.Second)
		s.refuses(s.now(carl, settings.Restore), "")
		if got := s.asked("usergroups.list"); got != 2 {
			s.t.Errorf("the groups were listed %d times in more than ten minutes", got)
		}
	})
}

func TestAGroupThatIsNewIsFoundByAConfirmation(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.set("access: {restore: \"@dba\"}\n")
		s.refuses(s.changes(carl, settings.Restore), access.RuleGroupUnknown)
		s.group("dba", carl)
		s.refuses(s.changes(carl, settings.Restore), access.RuleGroupUnknown)
		if got := s.asked("usergroups.list"); got != 1 {
			s.t.Errorf("the groups were listed %d times", got)
		}
		s.refuses(s.now(carl, settings.Restore), "")
	})
}

func TestAnOperatorIsNotAskedForAtHeroku(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.refuses(s.now(oona, settings.Restore), "")
		if got := s.asked("collaborators"); got != 0 {
			s.t.Errorf("Heroku was asked %d times", got)
		}
	})
}

func TestAFailureIsNotRemembered(t *testing.T) {
	for name, tt := range map[string]struct {
		fail func(s *stage)
		rule string
	}{
		"Slack":    {slackDown, access.RulePersonUnknown},
		"members":  {failing("conversations.members"), access.RuleChannelUnknown},
		"groups":   {failing("usergroups.list"), access.RuleGroupUnknown},
		"in group": {failing("usergroups.users.list"), access.RuleGroupUnknown},
		"Heroku":   {herokuDown, access.RuleRightsUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.group("dba", carl)
				s.set("access: {restore: \"@dba\"}\n")
				tt.fail(s)
				s.refuses(s.changes(carl, settings.Restore), tt.rule)
				s.logs("it cannot be told who may", 1)
				s.slack.SetDown(false)
				s.slack.Weather().Clear()
				s.heroku.Weather().SetDown(false)
				s.refuses(s.changes(carl, settings.Restore), "")
			})
		})
	}
}

func TestAFailureTakesNothingBackFromAPlanAndAllFromAConfirmation(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.refuses(s.changes(carl, settings.Restore), "")
		herokuDown(s)
		s.refuses(s.changes(carl, settings.Restore), "")
		s.refuses(s.now(carl, settings.Restore), access.RuleRightsUnknown)
		slackDown(s)
		s.refuses(s.changes(carl, settings.Restore), "")
		s.refuses(s.now(carl, settings.Restore), access.RulePersonUnknown)
	})
}

func TestThousandsInAChannelAreReadPageByPage(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		var ids []string
		for i := range 4000 {
			ids = append(ids, fmt.Sprintf("U1%05d", i))
		}
		s.in(append(ids, carl)...)
		s.refuses(s.now(carl, settings.Restore), "")
		s.refuses(s.now(oona, settings.Restore), access.RuleChannel)
		s.refuses(s.changes(carl, settings.Restore), "")
		if got := s.asked("conversations.members"); got != 2*5 {
			s.t.Errorf("%d pages were read, want 5 for each confirmation", got)
		}
	})
}

// A yes is believed for two minutes, a no for seconds: whoever is told to join has joined when they ask again.
func TestWhoHasJoinedIsNotSentAwayAgain(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.in(oona)
		s.process()
		s.refuses(s.reads(mona, ""), access.RuleChannel)
		s.in(oona, mona)
		time.Sleep(6 * time.Second)
		if err := s.reads(mona, ""); err != nil {
			t.Error(err)
		}
		asked := s.asked("conversations.members")
		s.in(oona)
		if err := s.reads(mona, ""); err != nil || s.asked("conversations.members") != asked {
			t.Errorf("a yes is asked again: %v", err)
		}
	})
}
