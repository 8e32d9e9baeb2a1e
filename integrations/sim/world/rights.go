package world

import (
	"fmt"
	"slices"
	"strings"

	herokusim "slipway/integrations/sim/heroku"
	slacksim "slipway/integrations/sim/slack"
)

func (w *World) doLeave(args []string) error { return w.turnMember(args[0], args[1], false) }

func (w *World) doJoin(args []string) error { return w.turnMember(args[0], args[1], true) }

// turnMember lets a person be in a channel, or not. Only a channel that is shared has people of other workspaces.
func (w *World) turnMember(name, word string, to bool) error {
	u, err := w.user(name)
	if err != nil {
		return err
	}
	c, err := w.meantChannel(word)
	if err != nil {
		return err
	}
	switch in := slices.Contains(c.Members, u.ID); {
	case in == to && to:
		return fmt.Errorf("%s is in %s already", name, word)
	case in == to:
		return fmt.Errorf("%s is not in %s", name, word)
	case to && u.Stranger && !c.ExtShared:
		return fmt.Errorf("%s is of another workspace, and %s is shared with none", name, word)
	case to:
		c.Members = append(c.Members, u.ID)
	default:
		c.Members = slices.DeleteFunc(c.Members, func(id string) bool { return id == u.ID })
	}
	w.Slack.AddChannel(c)
	return nil
}

func (w *World) doGuest(args []string) error {
	return w.turnUser(args[0], "a guest", func(u *slacksim.User) *bool { return &u.Guest }, true)
}

func (w *World) doMember(args []string) error {
	return w.turnUser(args[0], "a guest", func(u *slacksim.User) *bool { return &u.Guest }, false)
}

func (w *World) doDeactivate(args []string) error {
	return w.turnUser(args[0], "deactivated", func(u *slacksim.User) *bool { return &u.Deleted }, true)
}

// turnUser gives a person a state that the person is not in.
func (w *World) turnUser(name, state string, of func(*slacksim.User) *bool, to bool) error {
	u, err := w.user(name)
	if err != nil {
		return err
	}
	at := of(&u)
	switch {
	case u.Stranger:
		return fmt.Errorf("%s is of another workspace, where this one changes nothing", name)
	case *at == to && to:
		return fmt.Errorf("%s is %s already", name, state)
	case *at == to:
		return fmt.Errorf("%s is not %s", name, state)
	}
	*at = to
	w.Slack.AddUser(u)
	return nil
}

// doCollaborator lets a person change an app on Heroku, or no longer.
func (w *World) doCollaborator(args []string) error {
	if args[0] != "add" && args[0] != "remove" {
		return errForm
	}
	if _, err := w.user(args[1]); err != nil {
		return err
	}
	app, err := w.meantApp(args[2:])
	if err != nil {
		return err
	}
	add := args[0] == "add"
	switch is := slices.Contains(app.Collaborators(), email(args[1])); {
	case app.Owner() == email(args[1]):
		return fmt.Errorf("%s owns %s, and stays", args[1], app.Name())
	case is == add && add:
		return fmt.Errorf("%s is a collaborator of %s already", args[1], app.Name())
	case is == add:
		return fmt.Errorf("%s is no collaborator of %s", args[1], app.Name())
	case add:
		app.AddCollaborator(email(args[1]))
	default:
		app.RemoveCollaborator(email(args[1]))
	}
	return nil
}

// meantApp is the one that a word names, or that lines mean which name none.
func (w *World) meantApp(word []string) (*herokusim.App, error) {
	if len(word) == 0 {
		return w.app(), nil
	}
	i := slices.IndexFunc(w.Apps, func(a *herokusim.App) bool { return a.Name() == word[0] })
	if i < 0 {
		return nil, unknown("app", word[0], w.plan.apps()...)
	}
	return w.Apps[i], nil
}

// doGroup makes a Slack user group of just these people, or makes these people the group's.
func (w *World) doGroup(args []string) error {
	if strings.Trim(args[0], "abcdefghijklmnopqrstuvwxyz") != "" {
		return errForm
	}
	ids, err := userIDs(args[1])
	if err != nil {
		return err
	}
	w.Slack.AddGroup(slacksim.Group{ID: "S0" + strings.ToUpper(args[0]), Handle: args[0], Name: args[0], Members: ids})
	return nil
}

// user is a person of the story as Slack knows them now.
func (w *World) user(name string) (slacksim.User, error) {
	ids, err := userIDs(name)
	if err != nil {
		return slacksim.User{}, err
	}
	users := w.Slack.Users()
	return users[slices.IndexFunc(users, func(u slacksim.User) bool { return u.ID == ids[0] })], nil
}

// userIDs reads names with commas between them.
func userIDs(names string) ([]string, error) {
	var ids []string
	for name := range strings.SplitSeq(names, ",") {
		if !slices.Contains(People(), name) {
			return nil, unknown("person", name, People()...)
		}
		ids = append(ids, userID(name))
	}
	return ids, nil
}
