package access

import (
	"context"
	"errors"
	"time"

	"slipway/bot/abreast"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
	"slipway/integrations/slack"
)

// question is what the door is asked.
type question struct {
	who   Who
	app   config.App
	verb  settings.Verb // "": to read
	since time.Time     // answers must have been asked for after it
}

// inquiry is the answering of one question. What several rules want to know is asked once.
type inquiry struct {
	*Door
	question
	home slack.Identity

	user          func() (slack.User, error)
	channel       func() (string, error) // its id
	members       func() (set, error)    // who is in the channel
	collaborating func() ([]heroku.Collaborator, error)
	circle        func() (*settings.Circle, error) // nil: not narrowed
	only          func() privileged                // whom the settings let; they must be known to narrow it
}

func (d *Door) inquire(ctx context.Context, ask question) (*inquiry, error) {
	q := &inquiry{Door: d, question: ask}
	home, err := d.Home(ctx)
	if err != nil {
		no := refuse(RulePersonUnknown, "I have not reached Slack's API yet, so I cannot tell who you are. Try again in a moment.").because(err)
		q.note(ctx, no)
		return nil, no
	}
	q.home = home
	q.user = onceValues(func() (slack.User, error) { return q.person(ctx, q.who.User, q.since) })
	q.channel = onceValues(func() (string, error) { return q.findChannel(ctx) })
	q.members = onceValues(func() (set, error) { return q.findMembers(ctx) })
	q.collaborating = onceValues(func() ([]heroku.Collaborator, error) { return q.findCollaborators(ctx) })
	q.circle = onceValues(func() (*settings.Circle, error) { return q.findCircle(ctx) })
	q.only = onceValue(func() privileged {
		circle, _ := q.circle()
		return q.findOnly(ctx, *circle)
	})
	return q, nil
}

// rule refuses, or gives nil.
type rule func(ctx context.Context) *Refused

// judge asks the rules side by side, and gives the refusal of the first of them that refuses. First is who comes first in the
// list, so that the same facts always give the same answer.
func (q *inquiry) judge(ctx context.Context, rules ...rule) error {
	said := make([]*Refused, len(rules))
	abreast.Each(len(rules), func(i int) { said[i] = rules[i](ctx) })
	for _, no := range said {
		if no != nil {
			q.note(ctx, no)
			return no
		}
	}
	return nil
}

// note logs a refusal for which nobody is to blame but somebody who did not say.
func (q *inquiry) note(ctx context.Context, no *Refused) {
	if no.cause != nil && ctx.Err() == nil {
		q.Log.Warn("it cannot be told who may, so nobody may", "rule", no.Rule, "app", q.app.Name, "user", q.who.User, "error", no.cause)
	}
}

// nothing is what is done for somebody of whom it cannot be told whether they may.
func (q *inquiry) nothing() string {
	if q.verb == "" {
		return "I show nothing"
	}
	return "I change nothing"
}

// again is what to do when Slack did not say.
func again(err error) string {
	if e, ok := errors.AsType[*slack.Error](err); ok && e.Code == "missing_scope" {
		return "The scope " + say.ForeignCode(e.Needed, phrase.NameLimit) + " is missing: " + addScope
	}
	return "Try again in a moment."
}

const addScope = "ask who looks after slipway to add it and to install the app again."
