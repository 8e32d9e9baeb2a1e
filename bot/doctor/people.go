package doctor

import (
	"context"
	"errors"
	"fmt"

	"slipway/bot/config"
	"slipway/integrations/slack"
)

const memberID = "Take the id of a full member from their profile in Slack, under “Copy member ID”, and put it into "

// lookAtPeople looks whether those whom the environment names are who they should be.
func lookAtPeople(ctx context.Context, p *Patient) []Finding {
	found := p.fallback(ctx)
	return append(found, together(p.Config.Operators, func(id config.User) []Finding { return p.operator(ctx, id) })...)
}

func (p *Patient) fallback(ctx context.Context) []Finding {
	const subject = "FALLBACK_USER"
	id := string(p.Config.FallbackUser)
	if id == "" {
		return []Finding{warning(subject, "is not set, so that nobody hears of a channel that takes no messages", memberID+subject+".")}
	}
	u, err := p.Slack.User(ctx, id)
	if p.told(err) {
		return nil
	}
	if f, bad := notAMember(subject, id, memberID+subject+".", u, err); bad {
		return []Finding{f}
	}
	_, err = p.Slack.Direct(ctx, id)
	e, answered := errors.AsType[*slack.Error](err)
	switch {
	case p.told(err):
		return nil
	case answered && e.Code != "" && !e.RateLimited():
		return []Finding{fault(subject, fmt.Sprintf("@%s takes no direct message of ours (%s)", u.Name, e.Code), memberID+subject+".")}
	case err != nil:
		return []Finding{unknown(subject, err, slackAway)}
	}
	return []Finding{well(subject, "@%s, reached by direct message", u.Name)}
}

func (p *Patient) operator(ctx context.Context, id config.User) []Finding {
	subject := "Operator " + string(id)
	u, err := p.Slack.User(ctx, string(id))
	if p.told(err) {
		return nil
	}
	if f, bad := notAMember(subject, string(id), memberID+"OPERATORS in place of "+string(id)+".", u, err); bad {
		return []Finding{f}
	}
	return []Finding{well(subject, "@%s, a full member", u.Name)}
}

// notAMember says why somebody is no full member of the workspace, as they would have to be.
func notAMember(subject, id, fix string, u slack.User, err error) (Finding, bool) {
	if e, ok := errors.AsType[*slack.Error](err); ok && e.Nobody() {
		return fault(subject, id+" is nobody whom Slack knows", fix), true
	}
	what := ""
	switch {
	case err != nil:
		return unknown(subject, err, slackAway), true
	case u.Deleted:
		what = "is deactivated"
	case u.Bot:
		what = "is a bot"
	case u.Stranger:
		what = "belongs to another workspace"
	case u.Guest:
		what = "is a guest"
	default:
		return Finding{}, false
	}
	return fault(subject, fmt.Sprintf("@%s %s", u.Name, what), fix), true
}
