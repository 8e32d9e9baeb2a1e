package heroku_test

import (
	"testing"

	"slipway/integrations/heroku"
)

func TestWhatACollaboratorMay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		who             heroku.Collaborator
		deploy, operate bool
	}{
		{"the owner", heroku.Collaborator{Role: "owner"}, true, true},
		{"an admin of the team", heroku.Collaborator{Role: "admin", Permissions: []string{"view"}}, true, true},
		{"of a personal app", heroku.Collaborator{Role: "collaborator"}, true, true},
		{"of whom the API says no role", heroku.Collaborator{}, true, true},
		{"who views", heroku.Collaborator{Role: "member", Permissions: []string{"view"}}, false, false},
		{"who deploys", heroku.Collaborator{Role: "collaborator", Permissions: []string{"view", "deploy"}}, true, false},
		{"who operates", heroku.Collaborator{Role: "member", Permissions: []string{"operate", "view"}}, false, true},
		{"who manages", heroku.Collaborator{Role: "member", Permissions: []string{"manage", "view"}}, false, false},
	} {
		if tt.who.May(heroku.MayDeploy) != tt.deploy || tt.who.May(heroku.MayOperate) != tt.operate {
			t.Errorf("%s: deploy %t, operate %t", tt.name, tt.who.May(heroku.MayDeploy), tt.who.May(heroku.MayOperate))
		}
	}
}

func TestATeamIsNoPerson(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]bool{"acme@herokumanager.com": false, "ann@example.com": true, "herokumanager.com@example.com": true} {
		if got := (heroku.Collaborator{Email: email, Role: "owner"}).Person(); got != want {
			t.Errorf("%s: %t", email, got)
		}
	}
}
