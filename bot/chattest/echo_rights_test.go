package chattest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// rights says what Slack and Heroku tell of a person.
func (e *echo) rights(c slackgo.SlashCommand, name string) {
	id, _ := e.stage.World.UserID(name)
	u, err := e.api.GetUserInfo(id)
	e.must(err)
	is := []string{"a member"}
	switch {
	case u.Deleted:
		is[0] = "deactivated"
	case u.IsRestricted:
		is[0] = "a guest"
	case u.IsStranger:
		is[0] = "a stranger"
	}
	for _, channel := range []string{"C0DEPLOYS", "C0GENERAL"} {
		in, _, err := e.api.GetUsersInConversation(&slackgo.GetUsersInConversationParameters{ChannelID: channel})
		e.must(err)
		if slices.Contains(in, id) {
			is = append(is, "in <#"+channel+">")
		}
	}
	groups, err := e.api.GetUserGroups(slackgo.GetUserGroupsOptionIncludeUsers(true))
	e.must(err)
	for _, g := range groups {
		if slices.Contains(g.Users, id) {
			is = append(is, "in the group "+g.Handle)
		}
	}
	for _, app := range e.stage.World.Apps {
		if slices.Contains(e.collaborators(app.Name()), name+"@penny.example") {
			is = append(is, "may change "+app.Name())
		}
	}
	e.post(c.ChannelID, name+": "+strings.Join(is, ", "))
}

// collaborators are the e-mails that Heroku gives, the owner's among them.
func (e *echo) collaborators(app string) []string {
	r, err := http.NewRequest(http.MethodGet, "http://"+herokuAddr+"/apps/"+app+"/collaborators", nil)
	e.must(err)
	for _, l := range e.stage.World.Env() {
		if key, ok := strings.CutPrefix(l, "HEROKU_API_KEY="); ok {
			r.Header.Set("Authorization", "Bearer "+key)
		}
	}
	r.Header.Set("Accept", "application/vnd.heroku+json; version=3")
	answer, err := e.http.Do(r)
	if err != nil {
		e.must(err)
		return nil
	}
	defer answer.Body.Close()
	var list []struct{ User struct{ Email string } }
	e.must(json.NewDecoder(answer.Body).Decode(&list))
	var emails []string
	for _, l := range list {
		emails = append(emails, l.User.Email)
	}
	return emails
}
