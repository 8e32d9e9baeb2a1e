package world

import (
	"slices"
	"strings"

	slacksim "slipway/integrations/sim/slack"
)

// strangersTeam is the workspace that strangers are from.
const strangersTeam = "T0STRANGER"

// person is somebody of the story. The name is what lines call them, on GitHub as in Slack.
type person struct {
	name, real   string
	collaborator bool
	guest        bool
	stranger     bool
}

var people = []person{
	{name: "alice", real: "Alice Arden", collaborator: true},
	{name: "bob", real: "Bob Brandt", collaborator: true},
	{name: "carol", real: "Carol Cole", guest: true},
	{name: "dave", real: "Dave Dunn"},
	{name: "erin", real: "Erin Eady", stranger: true},
}

// deployer is the account whose Heroku key the deploying job uses.
const deployer = "ci@penny.example"

func email(name string) string { return name + "@penny.example" }

// People are the names of everybody in the story.
func People() []string {
	var names []string
	for _, p := range people {
		names = append(names, p.name)
	}
	return names
}

// UserID is a person's id in Slack; false for somebody who is not in the story.
func (w *World) UserID(name string) (string, bool) {
	if !slices.Contains(People(), name) {
		return "", false
	}
	return userID(name), true
}

func userID(name string) string { return "U0" + strings.ToUpper(name) }

// Names gives the names of the story by their ids in Slack, the bot's included.
func (w *World) Names() map[string]string {
	names := map[string]string{w.Slack.BotUserID(): "slipway"}
	for _, p := range people {
		names[userID(p.name)] = p.name
	}
	return names
}

// DirectWith names the person of a direct conversation with the bot, "" for any other channel.
func (w *World) DirectWith(channel string) string {
	for _, p := range people {
		if w.Slack.DM(userID(p.name)) == channel {
			return p.name
		}
	}
	return ""
}

// addTeam fills the workspace: full members, a guest, a stranger in the shared channel.
func (w *World) addTeam() {
	var everybody []string
	for _, p := range people {
		id := userID(p.name)
		team := w.Slack.TeamID()
		if p.stranger {
			team = strangersTeam
		}
		w.Slack.AddUser(slacksim.User{
			ID: id, Name: p.name, RealName: p.real, Email: email(p.name), TeamID: team,
			Guest: p.guest, Stranger: p.stranger, TZ: "Etc/UTC",
		})
		everybody = append(everybody, id)
	}
	w.Slack.AddChannel(slacksim.Channel{ID: homeID, Name: "deploys", ExtShared: true, Members: everybody, BotIn: true})
	w.Slack.AddChannel(slacksim.Channel{ID: generalID, Name: "general", Members: everybody[:len(everybody)-1], BotIn: true})
}
