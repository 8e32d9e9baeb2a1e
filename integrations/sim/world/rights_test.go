package world_test

import (
	"slices"
	"strings"
	"testing"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// member tells whether a person is in #deploys.
func (s story) member(id string) bool {
	channels := s.Slack.Channels()
	i := slices.IndexFunc(channels, func(c slacksim.Channel) bool { return c.ID == s.Home() })
	return slices.Contains(channels[i].Members, id)
}

func (s story) user(id string) slacksim.User {
	users := s.Slack.Users()
	return users[slices.IndexFunc(users, func(u slacksim.User) bool { return u.ID == id })]
}

func TestInTheBeginningEverybodyIsInTheAppsChannelAndTwoMayChangeTheApps(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"default", "pair"} {
		t.Run(kind, func(t *testing.T) {
			in(t, []string{"world " + kind}, func(s story) {
				for _, name := range world.People() {
					if id, _ := s.UserID(name); !s.member(id) {
						s.t.Errorf("%s is not in #deploys", name)
					}
				}
				for _, app := range s.Apps {
					for name, want := range map[string]bool{"alice": true, "bob": true, "carol": false, "dave": false, "erin": false} {
						mail := name + "@penny.example"
						if may := app.Owner() == mail || slices.Contains(app.Collaborators(), mail); may != want {
							s.t.Errorf("%s may change %s: %v", name, app.Name(), may)
						}
					}
				}
				if u := s.user("U0CAROL"); !u.Guest {
					s.t.Errorf("carol is %+v", u)
				}
				if u := s.user("U0ERIN"); !u.Stranger || u.TeamID == s.Slack.TeamID() {
					s.t.Errorf("erin is %+v", u)
				}
			})
		})
	}
}

func TestPeopleComeAndGo(t *testing.T) {
	in(t, nil, func(s story) {
		s.do("leave dave #deploys")
		if s.member("U0DAVE") {
			s.t.Error("dave is still in #deploys")
		}
		s.do("join dave #deploys")
		if !s.member("U0DAVE") || !s.member("U0ALICE") {
			s.t.Error("dave or alice is not in #deploys")
		}
		s.do("guest alice")
		if u := s.user("U0ALICE"); !u.Guest || u.Email != "alice@penny.example" {
			s.t.Errorf("alice is %+v", u)
		}
		s.do("member alice")
		if s.user("U0ALICE").Guest {
			s.t.Error("alice is still a guest")
		}
		s.do("deactivate alice")
		if !s.user("U0ALICE").Deleted {
			s.t.Error("alice is still active")
		}
	})
}

func TestHerokusCollaboratorsChange(t *testing.T) {
	in(t, []string{"world pair"}, func(s story) {
		may := func(app int, name string) bool {
			return slices.Contains(s.Apps[app].Collaborators(), name+"@penny.example")
		}
		s.do("collaborator remove bob") // of the last app
		if !may(0, "bob") || may(1, "bob") {
			s.t.Error("bob was to be removed from penny-university only")
		}
		s.do("collaborator remove bob penny-qa")
		if may(0, "bob") {
			s.t.Error("bob is still a collaborator of penny-qa")
		}
		s.do("collaborator add dave penny-qa")
		if !may(0, "dave") || may(1, "dave") {
			s.t.Error("dave was to be added to penny-qa only")
		}
	})
}

func TestAGroupIsThoseWhoWereNamedLast(t *testing.T) {
	in(t, []string{"group dba alice,bob"}, func(s story) {
		members := func() string {
			for _, g := range s.Slack.Groups() {
				if g.Handle == "dba" {
					return strings.Join(g.Members, " ")
				}
			}
			return "nobody"
		}
		if got := members(); got != "U0ALICE U0BOB" {
			s.t.Errorf("@dba is %s", got)
		}
		s.do("group dba dave")
		if got := members(); got != "U0DAVE" {
			s.t.Errorf("@dba is then %s", got)
		}
	})
}

func TestTheEnvironmentSaysWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"mode read", "mode penny-university=read", "operators dave,alice", "world default"} {
		t.Run(line, func(t *testing.T) {
			in(t, []string{line}, func(s story) {
				var got []string
				for _, l := range s.Env() {
					if strings.HasPrefix(l, "SLIPWAY_MODE=") || strings.HasPrefix(l, "OPERATORS=") {
						got = append(got, l)
					}
				}
				want := map[string][]string{
					"mode read": {"SLIPWAY_MODE=read"}, "mode penny-university=read": {"SLIPWAY_MODE=penny-university=read"},
					"operators dave,alice": {"OPERATORS=U0DAVE,U0ALICE"},
				}[line]
				if !slices.Equal(got, want) {
					s.t.Errorf("%q, want %q", got, want)
				}
			})
		})
	}
}

func TestALineAboutPeopleThatCannotBePlayedSaysWhy(t *testing.T) {
	in(t, []string{"world pair"}, func(s story) {
		for line, want := range map[string]string{
			"leave zoe #deploys":            `"zoe" is no person; there are alice, bob, carol, dave, erin`,
			"leave dave deploys":            "write it as !leave dave #deploys",
			"leave dave #moon":              "there is no channel #moon; there are #deploys and #general",
			"join dave #deploys":            "dave is in #deploys already",
			"leave erin #general":           "erin is not in #general",
			"join erin #general":            "erin is of another workspace, and #general is shared with none",
			"guest carol":                   "carol is a guest already",
			"member alice":                  "alice is not a guest",
			"guest erin":                    "erin is of another workspace, where this one changes nothing",
			"deactivate zoe":                `"zoe" is no person`,
			"collaborator fire bob":         "write it as !collaborator add dave",
			"collaborator add zoe":          `"zoe" is no person`,
			"collaborator add bob":          "bob is a collaborator of penny-university already",
			"collaborator remove dave":      "dave is no collaborator of penny-university",
			"collaborator remove alice":     "alice owns penny-university, and stays",
			"collaborator remove bob penny": `"penny" is no app; there are penny-qa, penny-university`,
			"group dba zoe":                 `"zoe" is no person`,
			"group @dba bob":                "write it as !group dba alice,bob",
		} {
			if err := s.try(line); err == nil || !strings.Contains(err.Error(), want) {
				s.t.Errorf("!%s: %v, want %s", line, err, want)
			}
		}
	})
}
