package access

import (
	"context"
	"time"

	"slipway/integrations/slack"
)

// isMember refuses whoever is no full member of our workspace.
func (q *inquiry) isMember(context.Context) *Refused {
	if q.who.Team != "" && q.who.Team != q.home.TeamID {
		return q.outsider(RuleWorkspace)
	}
	u, err := q.user()
	if err != nil {
		return q.strange(err)
	}
	if rule := q.outside(u); rule != "" {
		return q.outsider(rule)
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
	case u.Stranger || u.TeamID != q.home.TeamID:
		return RuleWorkspace
	case u.Deleted:
		return RuleDeactivated
	case u.Guest:
		return RuleGuest
	}
	return ""
}

func (q *inquiry) outsider(rule string) *Refused {
	return q.refuse(rule, func(v voice) string {
		switch rule {
		case RuleBot:
			return "I answer people, not bots. Let a person ask."
		case RuleDeactivated:
			return v.your() + " account is deactivated." + v.pick(" Ask an admin of the workspace.", "")
		case RuleGuest:
			return v.pick("", v.are()+" a guest now. ") + "Guests cannot use slipway: it shows what runs in production." +
				v.pick(" Ask a full member of the workspace.", "")
		}
		return v.pick("", v.are()+" of another workspace. ") + "slipway answers members of its own workspace only." +
			v.pick(" Ask one of them to look for you.", "")
	})
}

// person asks who somebody is.
func (d *Door) person(ctx context.Context, id string, since time.Time) (slack.User, error) {
	return d.people.ask(id, since, func() (slack.User, error) { return d.Slack.User(ctx, id) })
}
