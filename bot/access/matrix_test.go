package access_test

import (
	"strings"
	"testing"

	"slipway/bot/access"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

// A place to ask from is no part of the question: where rights are concerned, a direct message is like any other. Mode “read”
// takes the confirmation away and gives nobody anything: the plan is shown to whom it is shown without it.

// circles are what .slipway.yml may say of a verb. WHO is who asks.
var circles = [...]struct{ name, access string }{
	{"default", ""},
	{"narrowed to who asks", "[WHO]"},
	{"narrowed to somebody else", "[U0OTHER]"},
	{"narrowed to their group", `["@theirs"]`},
	{"narrowed to another group", `["@others"]`},
	{"narrowed to them and to no group", `[WHO, "@none"]`},
	{"none", "none"},
}

// yes is the rule that refuses nobody.
const yes = ""

// wherever are the rules of somebody whom the settings help as little as they hurt.
func wherever(rule string) [len(circles)]string {
	var all [len(circles)]string
	for i := range all {
		all[i] = rule
	}
	return all
}

// matrix is who may do what: the rule that refuses, for each of the circles.
var matrix = []struct {
	who     string
	prepare func(s *stage) // what is so before they ask
	user    string
	reads   string               // to read
	changes [len(circles)]string // deploy, rollback, schedule, hold
	runs    [len(circles)]string // restore, operate; the zero value: as changes
}{
	{who: "operator, of whom Slack knows no e-mail address", user: oona, changes: entitled},
	{who: "Heroku collaborator", user: carl, changes: entitled},
	{who: "owner of the app", user: mona, changes: entitled, prepare: func(s *stage) { s.mona(slacksim.User{Email: "owner@penny.example"}) }},
	{who: "collaborator whose address is spelt otherwise", user: mona, changes: entitled, prepare: func(s *stage) {
		s.mona(slacksim.User{Email: " Carl@PENNY.example "})
	}},
	{who: "member without", user: mona, changes: wherever(access.RuleCollaborator)},
	{who: "member with a collaborator's address but for a letter that becomes one of A to Z", user: mona, changes: wherever(access.RuleCollaborator), prepare: func(s *stage) {
		s.app.AddCollaborator("mike@penny.example")
		s.mona(slacksim.User{Email: "mi\u212ae@penny.example"}) // the sign of kelvin
	}},
	{who: "collaborator with view only", user: mona, changes: wherever(access.RulePermission), prepare: permitted("view")},
	{who: "collaborator who manages only", user: mona, changes: wherever(access.RulePermission), prepare: permitted("view", "manage")},
	{who: "collaborator who deploys", user: mona, changes: entitled, runs: wherever(access.RulePermission), prepare: permitted("view", "deploy")},
	{who: "collaborator who operates", user: mona, changes: wherever(access.RulePermission), runs: entitled, prepare: permitted("view", "operate")},
	{who: "guest", user: mona, reads: access.RuleGuest, changes: wherever(access.RuleGuest), prepare: mighty(slacksim.User{Guest: true})},
	{who: "of another workspace", user: mona, reads: access.RuleWorkspace, changes: wherever(access.RuleWorkspace), prepare: mighty(slacksim.User{Stranger: true, TeamID: elsewhere})},
	{who: "bot", user: mona, reads: access.RuleBot, changes: wherever(access.RuleBot), prepare: mighty(slacksim.User{Bot: true})},
	{who: "deactivated", user: mona, reads: access.RuleDeactivated, changes: wherever(access.RuleDeactivated), prepare: mighty(slacksim.User{Deleted: true})},
	{who: "somebody Slack does not know", user: "U0NOBODY", reads: access.RulePersonUnknown, changes: wherever(access.RulePersonUnknown), prepare: func(s *stage) { s.in("U0NOBODY") }},
	{who: "nobody", user: "", reads: access.RulePersonUnknown, changes: wherever(access.RulePersonUnknown)},
	{who: "collaborator by direct message, not in the channel", user: carl, reads: access.RuleChannel, changes: wherever(access.RuleChannel), prepare: func(s *stage) {
		s.slack.DM(carl)
		s.in(oona)
	}},
	{who: "operator not in the channel", user: oona, reads: access.RuleChannel, changes: wherever(access.RuleChannel), prepare: func(s *stage) { s.in(carl) }},
	{who: "collaborator by direct message, in the channel", user: carl, changes: entitled, prepare: func(s *stage) { s.slack.DM(carl) }},
	{who: "collaborator, but no e-mail", user: carl, changes: wherever(access.RuleEmail), prepare: func(s *stage) { s.is(slacksim.User{ID: carl, Name: "carl"}) }},
	{who: "collaborator, Slack down", user: carl, reads: access.RulePersonUnknown, changes: wherever(access.RulePersonUnknown), prepare: slackDown},
	{who: "operator, Slack down", user: oona, reads: access.RulePersonUnknown, changes: wherever(access.RulePersonUnknown), prepare: slackDown},
	{who: "operator, Slack does not say who is in the channel", user: oona, reads: access.RuleChannelUnknown, changes: wherever(access.RuleChannelUnknown), prepare: failing("conversations.members")},
	{who: "operator, the bot was thrown out of the private channel", user: oona, reads: access.RuleChannelUnknown, changes: wherever(access.RuleChannelUnknown), prepare: func(s *stage) {
		s.slack.AddChannel(slacksim.Channel{ID: room, Name: "deploys", Private: true, Members: []string{oona}})
	}},
	{who: "operator, Slack does not list groups", user: oona, changes: ungrouped, prepare: failing("usergroups.list")},
	{who: "operator, Slack does not say who is in a group", user: oona, changes: unlisted, prepare: failing("usergroups.users.list")},
	{who: "collaborator, Heroku down", user: carl, changes: wherever(access.RuleRightsUnknown), prepare: herokuDown},
	{who: "operator, Heroku down", user: oona, changes: entitled, prepare: herokuDown},
	{who: "collaborator, the token sees no such app", user: carl, changes: wherever(access.RuleRightsUnknown), prepare: func(s *stage) {
		s.of.Name, s.of.Channel = "penny-unseen", room
	}},
}

var (
	entitled  = [...]string{yes, yes, access.RuleCircle, yes, access.RuleCircle, yes, access.RuleNobody}
	ungrouped = [...]string{yes, yes, access.RuleCircle, access.RuleGroupUnknown, access.RuleGroupUnknown, yes, access.RuleNobody}
	unlisted  = ungrouped
)

// mona makes mona somebody else.
func (s *stage) mona(u slacksim.User) {
	u.ID, u.Name = mona, "mona"
	s.is(u)
}

// permitted makes mona a collaborator of an app of a team.
func permitted(permissions ...string) func(s *stage) {
	return func(s *stage) {
		s.may("carl@penny.example", "view", "deploy", "operate")
		s.may("mona@penny.example", permissions...)
	}
}

// mighty gives mona all rights there are, and makes her somebody who may not use them.
func mighty(u slacksim.User) func(s *stage) {
	return func(s *stage) {
		u.Email = "mona@penny.example"
		s.mona(u)
		s.app.AddCollaborator(u.Email)
		s.made.Operators = []config.User{mona}
	}
}

func slackDown(s *stage)  { s.slack.SetDown(true) }
func herokuDown(s *stage) { s.heroku.Weather().SetDown(true) }

func failing(method string) func(s *stage) {
	return func(s *stage) {
		s.slack.Weather().Add(weather.Fault{Method: "POST", Path: "/api/" + method, Kind: weather.HTML503, Always: true})
	}
}

func TestTheRightsMatrix(t *testing.T) {
	for _, row := range matrix {
		t.Run(row.who, func(t *testing.T) {
			onStage(t, slacksim.Options{NoLimits: true}, func(s *stage) {
				s.slack.AddGroup(slacksim.Group{ID: "S0THEIRS", Handle: "theirs", Members: []string{row.user}})
				s.slack.AddGroup(slacksim.Group{ID: "S0OTHERS", Handle: "others", Members: []string{"U0OTHER"}})
				if row.prepare != nil {
					row.prepare(s)
				}
				if row.runs == [len(circles)]string{} {
					row.runs = row.changes
				}
				for i, c := range circles {
					s.set(narrowed(c.access, row.user))
					s.asks(c.name, row.user, row.reads, row.changes[i], row.runs[i])
				}
				s.set(narrowed("", row.user))
				s.process()
				for _, verb := range settings.Verbs() {
					s.confirms("write", row.user, verb, ruleFor(verb, row.changes[0], row.runs[0]))
					s.confirms("read", row.user, verb, inReadMode)
				}
			})
		})
	}
}

// narrowed is a .slipway.yml that says the same of every verb.
func narrowed(circle, user string) string {
	if circle == "" {
		return "# all who may\n"
	}
	if user == "" {
		user = "U0EMPTY"
	}
	text := "access:\n"
	for _, verb := range settings.Verbs() {
		text += "  " + string(verb) + ": " + strings.ReplaceAll(circle, "WHO", user) + "\n"
	}
	return text
}

// asks tries everything that can be asked, with a door that remembers nothing from another circle.
func (s *stage) asks(circle, user, reads, changes, runs string) {
	s.t.Helper()
	s.process()
	s.found(circle+", to read", s.reads(user, ""), reads)
	for _, verb := range settings.Verbs() {
		want := ruleFor(verb, changes, runs)
		s.found(circle+", to "+string(verb), s.changes(user, verb), want)
		s.found(circle+", to confirm "+string(verb), s.now(user, verb), want)
	}
}

// ruleFor is the rule of two that a verb is under: to restore and to operate take another permission of Heroku's than the rest.
func ruleFor(verb settings.Verb, changes, runs string) string {
	if verb == settings.Restore || verb == settings.Operate {
		return runs
	}
	return changes
}

func (s *stage) found(what string, err error, rule string) {
	s.t.Helper()
	if got := access.RuleOf(err); got != rule || (err == nil) != (rule == yes) {
		s.t.Errorf("%s: refused by %q (%v), want %q", what, got, err, rule)
	}
}
