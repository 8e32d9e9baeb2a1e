package world

import (
	"fmt"
	"strings"

	slacksim "slipway/integrations/sim/slack"
)

// The channels' ids. Their names are Slack's, since people may rename them.
const homeID, generalID = "C0DEPLOYS", "C0GENERAL"

// Home is the id of the channel that lines mean which name none: #deploys, whatever it is called now.
func (w *World) Home() string { return homeID }

// ChannelID is a channel's id in Slack.
func (w *World) ChannelID(name string) (string, error) {
	c, err := w.channel(name)
	return c.ID, err
}

func (w *World) channel(name string) (slacksim.Channel, error) {
	var names []string
	for _, c := range w.Slack.Channels() {
		if c.Name == name {
			return c, nil
		}
		names = append(names, "#"+c.Name)
	}
	return slacksim.Channel{}, fmt.Errorf("there is no channel #%s; there are %s", name, strings.Join(names, " and "))
}

// ChannelName is the name of a channel, or "" for a direct conversation.
func (w *World) ChannelName(id string) string {
	for _, c := range w.Slack.Channels() {
		if c.ID == id {
			return c.Name
		}
	}
	return ""
}

func (w *World) doArchive(args []string) error {
	return w.turnChannel(args[0], "archived", func(c *slacksim.Channel) *bool { return &c.Archived }, true)
}

func (w *World) doUnarchive(args []string) error {
	return w.turnChannel(args[0], "archived", func(c *slacksim.Channel) *bool { return &c.Archived }, false)
}

func (w *World) doInviteBot(args []string) error {
	return w.turnChannel(args[0], "a channel of the bot's", func(c *slacksim.Channel) *bool { return &c.BotIn }, true)
}

func (w *World) doRemoveBot(args []string) error {
	return w.turnChannel(args[0], "a channel of the bot's", func(c *slacksim.Channel) *bool { return &c.BotIn }, false)
}

// turnChannel gives a channel a state that it is not in.
func (w *World) turnChannel(word, state string, of func(*slacksim.Channel) *bool, to bool) error {
	c, err := w.meantChannel(word)
	if err != nil {
		return err
	}
	at := of(&c)
	switch {
	case *at == to && to:
		return fmt.Errorf("%s is %s already", word, state)
	case *at == to:
		return fmt.Errorf("%s is not %s", word, state)
	}
	*at = to
	w.Slack.AddChannel(c)
	return nil
}

func (w *World) doRename(args []string) error {
	c, err := w.meantChannel(args[0])
	if err != nil {
		return err
	}
	name, ok := strings.CutPrefix(args[1], "#")
	if !ok || name == "" {
		return errForm
	}
	if other, err := w.channel(name); err == nil {
		return fmt.Errorf("#%s is taken", other.Name) // name_taken of Slack
	}
	c.Name = name
	w.Slack.AddChannel(c)
	return nil
}

// meantChannel reads "#deploys".
func (w *World) meantChannel(word string) (slacksim.Channel, error) {
	name, ok := strings.CutPrefix(word, "#")
	if !ok {
		return slacksim.Channel{}, errForm
	}
	return w.channel(name)
}
