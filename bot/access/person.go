package access

import (
	"context"
	"time"

	"slipway/integrations/slack"
)

// isMember refuses whoever is no full member of our workspace.
func (q *inquiry) isMember(context.Context) *Refused {
	if q.who.Team != "" && q.who.Team != q.home.TeamID {
		return outsider(RuleWorkspace)
	}
	u, err := q.user()
	if err != nil {
		return q.strange(err)
	}
	if rule := q.outside(u); rule != "" {
		return outsider(rule)
	}
	return nil
}

// strange is the refusal when Slack does not say who asks.
func (q *inquiry) strange(err error) *Refused {
	return refuse(RulePersonUnknown, "I could not ask Slack who you are, so "+q.nothing()+". "+again(err)).because(err)
}

// outside gives the rule by which a person has no part in anything here, "" for a full member.
func (q *inquiry) outside(u slack.User) string {
	switch {
	case u.Bot:
		return RuleBot
	case u.Deleted:
		return RuleDeactivated
	case u.Stranger || u.TeamID != q.home.TeamID:
		return RuleWorkspace
	case u.Guest:
		return RuleGuest
	}
	return ""
}

func outsider(rule string) *Refused {
	switch rule {
	case RuleBot:
		return refuse(rule, "I answer people, not bots. Let a person ask.")
	case RuleDeactivated:
		return refuse(rule, "Your account is deactivated. Ask an admin of the workspace.")
	case RuleGuest:
		return refuse(rule, "Guests cannot use slipway: it shows what runs in production. Ask a full member of the workspace.")
	}
	return refuse(RuleWorkspace, "slipway answers members of its own workspace only. Ask one of them to look for you.")
}

// person asks who somebody is.
func (d *Door) person(ctx context.Context, id string, since time.Time) (slack.User, error) {
	return d.people.ask(id, since, func() (slack.User, error) { return d.Slack.User(ctx, id) })
}
