package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/audit"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/integrations/slack"
)

// standing is the operation that has an app, with what Slack says of it.
type standing struct {
	op.Standing
	by   string // the name of who confirmed it, fit to be shown
	link string // to its message; "" where Slack does not say
	gone bool   // there is no such message
}

// namingWithin is how long is waited for Slack's names and addresses, without which all else is said as well.
const namingWithin = 2 * time.Second

// standingOf gives the operation that has an app, nil if none does. An error says that our own database did not answer.
func standingOf(ctx context.Context, c *bot.Clients, app string) (*standing, error) {
	reading, cancel := context.WithTimeout(ctx, bot.StoreWithin)
	defer cancel()
	list, err := c.Operations.Standing(reading)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(s op.Standing) bool { return s.App == app })
	if i < 0 {
		return nil, nil
	}
	s := &standing{Standing: list[i]}
	ctx, stop := context.WithTimeout(ctx, namingWithin)
	defer stop()
	abreast.Do(
		func() { s.by = namesOf(ctx, c, []audit.Row{{Entry: audit.Entry{Who: s.By}}})[s.By] },
		func() { s.link, s.gone = messageOf(ctx, c, s.Standing) },
	)
	return s, nil
}

// messageOf is the address of the message at which people say what became of an operation; gone: there is none, since it was never
// posted or somebody has deleted it.
func messageOf(ctx context.Context, c *bot.Clients, s op.Standing) (link string, gone bool) {
	if !s.Unknown || s.TS == "" {
		return "", true
	}
	link, err := c.Slack.Link(ctx, slack.Posted{Channel: s.Channel, TS: s.TS})
	e, ok := errors.AsType[*slack.Error](err)
	return link, ok && e.Code == "message_not_found"
}

// openWords say of an operation that is open how it stands; "": there is none.
func (s *status) openWords() string {
	if s.standing == nil || s.standing.Unknown {
		return ""
	}
	return fmt.Sprintf("“%s”, %s, confirmed by %s at %s", s.standing.Title, s.standing.State, s.standing.by, say.At(s.now, s.standing.Confirmed))
}

// unknownWords say of an operation that ended as unknown that it holds the app, and what to do; "": there is none.
func (s *status) unknownWords() string {
	if s.standing == nil || !s.standing.Unknown {
		return ""
	}
	restart := say.Code("/deploy restart " + s.app.Name)
	press := fmt.Sprintf("presses a button: %s is refused with them.", restart)
	if !s.standing.gone {
		message := "its message"
		if s.standing.link != "" {
			message = say.Link(s.standing.link, message)
		}
		press = fmt.Sprintf("presses a button at %s in <#%s>; %s is refused with the same buttons.", message, s.standing.Channel, restart)
	}
	return fmt.Sprintf("Nobody knows whether “%s” was done: confirmed by %s, it ended at %s. Nothing else is changed until somebody who may has looked, and %s",
		s.standing.Title, s.standing.by, say.At(s.now, s.standing.Ended), press)
}
