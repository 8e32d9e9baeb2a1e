package access_test

import (
	"testing"

	"slipway/bot/access"
	"slipway/bot/config/settings"
	"slipway/bot/say"
	slacksim "slipway/integrations/sim/slack"
)

func TestWhoIsRecordedAndWhoIsToldHowToDoItByHand(t *testing.T) {
	all, record := access.Manner{Recorded: true, ByHand: true}, access.Manner{Recorded: true}
	for name, tc := range map[string]struct {
		prepare     func(s *stage)
		fresh, seen access.Manner // to whom the lines are new, and to whom they were shown
	}{
		"a member without rights":      {nil, all, all},
		"a member, Heroku down":        {herokuDown, all, all},
		"without an e-mail address":    {func(s *stage) { s.mona(slacksim.User{}) }, all, all},
		"not in the channel":           {func(s *stage) { s.in(carl) }, record, record},
		"a guest":                      {mighty(slacksim.User{Guest: true}), record, record},
		"deactivated":                  {mighty(slacksim.User{Deleted: true}), record, record},
		"of another workspace":         {mighty(slacksim.User{Stranger: true, TeamID: elsewhere}), access.Manner{}, access.Manner{}},
		"deactivated in another":       {mighty(slacksim.User{Stranger: true, TeamID: elsewhere, Deleted: true}), access.Manner{}, access.Manner{}},
		"a bot":                        {mighty(slacksim.User{Bot: true}), access.Manner{}, access.Manner{}},
		"Slack down":                   {slackDown, access.Manner{}, access.Manner{ByHand: true}},
		"nobody tells who is in there": {failing("conversations.members"), record, all},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{NoLimits: true}, func(s *stage) {
				if tc.prepare != nil {
					tc.prepare(s)
				}
				s.made.Operators = nil
				s.process()
				who := access.Who{User: mona}
				for words, no := range map[string]error{"": s.now(mona, settings.Operate), ", for another reason": say.Refuse("read mode")} {
					if got := s.Manner(s.t.Context(), who, s.of, no, false); got != tc.fresh {
						s.t.Errorf("refused by %q%s: got %+v, want %+v", access.RuleOf(no), words, got, tc.fresh)
					}
					if got := s.Manner(s.t.Context(), who, s.of, no, true); got != tc.seen {
						s.t.Errorf("refused by %q%s, and shown before: got %+v, want %+v", access.RuleOf(no), words, got, tc.seen)
					}
				}
			})
		})
	}
}

func TestOthersAreToldOfThePersonByName(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(s *stage)
		words   string
	}{
		"no collaborator": {func(s *stage) { s.app.RemoveCollaborator("carl@penny.example") }, "<@U0CARL> is no collaborator of *penny-university* on Heroku any more, so they cannot change it here. Oona Oz can."},
		"may only view":   {func(s *stage) { s.may("carl@penny.example", "view") }, "<@U0CARL>'s access to *penny-university* on Heroku is without the permission `operate`, which this takes. Oona Oz can."},
		"left":            {func(s *stage) { s.in(oona) }, "<@U0CARL> is not in <#C0DEPLOYS>, the channel of *penny-university*, any more, so I change nothing."},
		"a guest":         {func(s *stage) { s.carl(slacksim.User{Guest: true}) }, "<@U0CARL> is a guest now. Guests cannot use slipway: it shows what runs in production."},
		"deactivated":     {func(s *stage) { s.carl(slacksim.User{Deleted: true}) }, "<@U0CARL>'s account is deactivated."},
		"no e-mail":       {func(s *stage) { s.is(slacksim.User{ID: carl, Name: "carl"}) }, "Slack shows me no e-mail address of <@U0CARL>, so I cannot tell who <@U0CARL> is on Heroku. Oona Oz can."},
		"narrowed":        {set("U0OONA"), "`.slipway.yml` lets only Oona Oz operate *penny-university*, not <@U0CARL>."},
		"nobody may":      {set("none"), "`.slipway.yml` lets nobody operate *penny-university* from Slack. It goes by hand, or once the file is changed on the default branch."},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				tc.prepare(s)
				s.process()
				no, ok := s.now(carl, settings.Operate).(*access.Refused)
				if !ok || no.Others != tc.words {
					s.t.Errorf("got\n%+v\nwant\n%s", no, tc.words)
				}
			})
		})
	}
}
