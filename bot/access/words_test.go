package access_test

import (
	"errors"
	"strings"
	"testing"

	"slipway/bot/access"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/say"
	slacksim "slipway/integrations/sim/slack"
)

// refusals are what people are told, and how it goes on.
var refusals = []struct {
	name    string
	prepare func(s *stage)
	user    string
	verb    settings.Verb
	words   string
}{
	{"a member", nil, mona, settings.Restore, "You are no collaborator of *penny-university* on Heroku, so you cannot change it here. Carl Cole or Oona Oz can."},
	{
		"a member, and nobody else is in the channel", func(s *stage) { s.in(mona) }, mona, settings.Restore,
		"You are no collaborator of *penny-university* on Heroku, so you cannot change it here. Ask one who may: it has 2 such collaborators, and `heroku access -a penny-university` lists all.",
	},
	{
		"a member, narrowed", set(`[U0OONA, "@dba"]`), mona, settings.Restore,
		"You are no collaborator of *penny-university* on Heroku, so you cannot change it here. Of those who may, `.slipway.yml` lets only `@dba` and Oona Oz restore *penny-university*. Ask one of them.",
	},
	{
		"a member, and nobody may", set("none"), mona, settings.Restore,
		"You are no collaborator of *penny-university* on Heroku, so you cannot change it here. `.slipway.yml` lets nobody restore *penny-university* from Slack. It goes by hand, or once the file is changed on the default branch.",
	},
	{
		"a member, before the settings were read", func(s *stage) { s.unread() }, mona, settings.Restore,
		"You are no collaborator of *penny-university* on Heroku, so you cannot change it here. Ask one who may: `heroku access -a penny-university` lists all.",
	},
	{
		"who may only view", permitted("view"), mona, settings.Operate,
		"Your access to *penny-university* on Heroku is without the permission `operate`, which this takes. Carl Cole or Oona Oz can.",
	},
	{
		"who may only view, to roll back", permitted("view"), mona, settings.Rollback,
		"Your access to *penny-university* on Heroku is without the permission `deploy`, which this takes. Carl Cole or Oona Oz can.",
	},
	{"narrowed to one", set("U0OONA"), carl, settings.Restore, "`.slipway.yml` lets only Oona Oz restore *penny-university*. Ask them."},
	{"narrowed to a group and one", set(`[U0OONA, "@dba"]`), carl, settings.Rollback, "`.slipway.yml` lets only `@dba` and Oona Oz roll back *penny-university*. Ask one of them."},
	{
		"narrowed to many", set(`[U0OONA, U0MONA, U0GONE, U0FOUR, "@dba"]`), carl, settings.Hold,
		"`.slipway.yml` lets only `@dba`, Oona Oz, Mona May and 2 more hold deploys of *penny-university*. Ask one of them.",
	},
	{"narrowed to nobody that Slack knows", set("U0GONE"), carl, settings.Schedule, "`.slipway.yml` lets only `U0GONE` change the schedule of *penny-university*. Ask them."},
	{"none", set("none"), oona, settings.Restore, "`.slipway.yml` lets nobody restore *penny-university* from Slack. It goes by hand, or once the file is changed on the default branch."},
	{
		"a group that is not there", set(`"@nobody"`), carl, settings.Restore,
		"`.slipway.yml` lets only certain people restore *penny-university*, and I cannot tell who is in `@nobody`. There is no such group: ask whoever may merge to set `.slipway.yml` right.",
	},
	{"a group that cannot be read", func(s *stage) {
		set(`"@dba"`)(s)
		failing("usergroups.users.list")(s)
	}, carl, settings.Restore, "`.slipway.yml` lets only certain people restore *penny-university*, and I cannot tell who is in `@dba`. Try again in a moment."},
	{
		"not in the channel", func(s *stage) { s.in(oona) }, carl, settings.Restore,
		"You are not in <#C0DEPLOYS>, the channel of *penny-university*, so I change nothing. Join it, or have somebody invite you, and ask again.",
	},
	{
		"to read, not in the channel", func(s *stage) { s.in(oona) }, carl, "",
		"You are not in <#C0DEPLOYS>, the channel of *penny-university*, so I show nothing. Join it, or have somebody invite you, and ask again.",
	},
	{"a private channel", func(s *stage) {
		s.slack.AddChannel(slacksim.Channel{ID: room, Name: "deploys", Private: true, Members: []string{carl}})
	}, carl, "", "Slack does not tell me who is in the channel of *penny-university*, so I show nothing. If it is private, somebody in it must invite me. Then ask again."},
	{
		"no e-mail", func(s *stage) { s.is(slacksim.User{ID: carl, Name: "carl"}) }, carl, settings.Restore,
		"Slack shows me no e-mail address of yours, so I cannot tell who you are on Heroku. Enter into your Slack profile the one that Heroku knows you by. Until then: Oona Oz can.",
	},
	{"Slack down", slackDown, carl, settings.Restore, "I could not ask Slack who you are, so I change nothing. Try again in a moment."},
	{"to read, Slack down", slackDown, carl, "", "I could not ask Slack who you are, so I show nothing. Try again in a moment."},
	{
		"Heroku down", herokuDown, carl, settings.Restore,
		"Heroku does not tell me who may change *penny-university*, so I change nothing. Try again in a moment. Meanwhile Oona Oz can: slipway's operators need no answer of Heroku's.",
	},
	{"Heroku down, and no operators", func(s *stage) {
		herokuDown(s)
		s.made.Operators = nil
	}, carl, settings.Restore, "Heroku does not tell me who may change *penny-university*, so I change nothing. Try again in a moment."},
	{"the token is no collaborator", func(s *stage) {
		s.of.Name, s.of.Channel, s.made.Operators = "penny-unseen", room, nil
	}, carl, settings.Restore, "Heroku does not tell me who may change *penny-unseen*, so I change nothing. The account of `HEROKU_API_KEY` sees no such app: ask who looks after slipway to make it a collaborator."},
	{"the account is suspended", func(s *stage) {
		s.made.Operators = nil
		if err := s.heroku.RefuseAccount("owner@penny.example", "suspended"); err != nil {
			s.t.Fatal(err)
		}
	}, carl, settings.Restore, "Heroku does not tell me who may change *penny-university*, so I change nothing. It refuses the account of `HEROKU_API_KEY` (account suspended): ask who looks after slipway."},
	{"a guest", mighty(slacksim.User{Guest: true}), mona, settings.Restore, "Guests cannot use slipway: it shows what runs in production. Ask a full member of the workspace."},
	{"a stranger", mighty(slacksim.User{Stranger: true, TeamID: elsewhere}), mona, settings.Restore, "slipway answers members of its own workspace only. Ask one of them to look for you."},
	{"a bot", mighty(slacksim.User{Bot: true}), mona, settings.Restore, "I answer people, not bots. Let a person ask."},
	{"deactivated", mighty(slacksim.User{Deleted: true}), mona, settings.Restore, "Your account is deactivated. Ask an admin of the workspace."},
	{"names that would call, link and turn", func(s *stage) {
		s.is(slacksim.User{ID: carl, Name: "carl", RealName: "<!channel> *c*\u202e", Email: "carl@penny.example"})
		s.is(slacksim.User{ID: oona, Name: "oona", RealName: "@here " + strings.Repeat("o", 100)})
	}, mona, settings.Restore, "You are no collaborator of *penny-university* on Heroku, so you cannot change it here. &lt;!channel&gt; ∗c∗ or ＠here " + strings.Repeat("o", 53) + "… can."},
}

// set puts a .slipway.yml in force that says this of all verbs.
func set(circle string) func(s *stage) { return func(s *stage) { s.set(narrowed(circle, "")) } }

func TestARefusalSaysWhichRuleAndHowItGoesOn(t *testing.T) {
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.slack.AddGroup(slacksim.Group{ID: "S0DBA", Handle: "dba"})
				if tt.prepare != nil {
					tt.prepare(s)
				}
				s.process()
				ask := s.now
				if tt.verb == "" {
					ask = s.reads
				}
				err := ask(tt.user, tt.verb)
				s.says(err, tt.words)
				var refusal *say.Refusal
				if !errors.As(err, &refusal) || refusal.Text != tt.words {
					s.t.Errorf("%v holds no refusal with these words", err)
				}
			})
		})
	}
}

func TestAScopeThatIsMissingIsNamed(t *testing.T) {
	const add = " is missing: ask who looks after slipway to add it and to install the app again."
	for lacks, words := range map[string]string{
		"users:read":       "I could not ask Slack who you are, so I change nothing. The scope `users:read`" + add,
		"channels:read":    "Slack does not tell me who is in the channel of *penny-university*, so I change nothing. The scope `channels:read`" + add,
		"users:read.email": "Slack shows me no e-mail addresses, so I cannot tell who you are on Heroku. The scope `users:read.email`" + add + " Until then: Oona Oz can.",
		"usergroups:read":  "`.slipway.yml` lets only certain people restore *penny-university*, and I cannot tell who is in `@dba`. The scope `usergroups:read`" + add,
	} {
		t.Run(lacks, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.slack.Revoke(lacks)
				s.install()
				s.process()
				if lacks == "usergroups:read" {
					set(`"@dba"`)(s)
				}
				s.says(s.now(carl, settings.Restore), words)
			})
		})
	}
}

func TestARefusalNamesThreePeopleAtMost(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		ids := []string{mona, oona}
		for _, name := range []string{"zoe", "ann", "ben", "dan", "eva"} {
			id := "U0" + strings.ToUpper(name)
			s.is(slacksim.User{ID: id, Name: name, Email: name + "@penny.example"})
			s.app.AddCollaborator(name + "@penny.example")
			ids = append(ids, id)
		}
		s.in(ids...)
		s.made.Operators = []config.User{oona}
		s.process()
		s.says(s.now(mona, settings.Deploy), "You are no collaborator of *penny-university* on Heroku, so you cannot change it here. ann, ben or Oona Oz can.")
		if n := s.asked("users.lookupByEmail"); n != 3 { // of whom carl is not in the channel
			s.t.Errorf("%d addresses were looked up", n)
		}
		s.refuses(s.now(mona, settings.Deploy), access.RuleCollaborator)
		if n := s.asked("users.lookupByEmail"); n != 3 {
			s.t.Errorf("%d addresses were looked up, though they were known", n)
		}
	})
}

func TestRuleOfKnowsRefusalsOnly(t *testing.T) {
	t.Parallel()
	if got := access.RuleOf(nil) + access.RuleOf(errors.New("guest")) + access.RuleOf(say.Refuse("guest")); got != "" {
		t.Errorf("got %q", got)
	}
}
