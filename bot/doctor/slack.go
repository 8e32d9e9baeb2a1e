package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"slipway/bot/say"
	"slipway/integrations/slack"
)

const slackAway = "Look at https://slack-status.com, and whether this machine reaches it. Then try again."

func lookAtBotToken(ctx context.Context, p *Patient) []Finding {
	const subject = "Slack bot token"
	id, err := p.Slack.Auth(ctx)
	if err != nil {
		return p.lose(refusedBySlack(subject, err))
	}
	missing := slices.DeleteFunc(slices.Clone(p.Scopes), func(s Scope) bool { return slices.Contains(id.Scopes, s.Name) })
	text := fmt.Sprintf("workspace %s, %s", id.Team, say.Count(len(id.Scopes), "scope", "scopes"))
	if more := len(id.Scopes) - (len(p.Scopes) - len(missing)); more > 0 {
		text += fmt.Sprintf(", %d of them not needed", more)
	}
	found := []Finding{well(subject, "%s", text)}
	for _, s := range missing {
		found = append(found, missingScope(s))
	}
	return found
}

// refusedBySlack tells a refused token from a Slack that does not answer.
func refusedBySlack(subject string, err error) Finding {
	if refused, ok := errors.AsType[*slack.RefusedError](err); ok {
		return fault(subject, "Slack refuses it: "+refused.Why(), refused.Fix())
	}
	return unknown(subject, err, slackAway)
}

// needed are the scopes without which slipway is of no use; without another a part of it is off.
var needed = []string{"chat:write", "commands", "users:read"}

func missingScope(s Scope) Finding {
	f := warning("Slack scope "+s.Name, "is missing, so this is off: "+s.Why,
		"Add it at https://api.slack.com/apps, your app, OAuth & Permissions, and install the app again. slipway manifest prints all that are needed.")
	if slices.Contains(needed, s.Name) {
		f.Level = Fault
	}
	return f
}

// told tells of a refusal that follows from a scope of which the token's own finding tells.
func (p *Patient) told(err error) bool {
	e, ok := errors.AsType[*slack.Error](err)
	return ok && e.Code == "missing_scope" && slices.ContainsFunc(strings.Split(e.Needed, ","), func(name string) bool {
		return slices.ContainsFunc(p.Scopes, func(s Scope) bool { return s.Name == name })
	})
}

func lookAtAppToken(ctx context.Context, p *Patient) []Finding {
	const subject = "Slack app-level token"
	if p.AppToken == nil {
		return []Finding{well(subject, "is in use")}
	}
	if err := p.AppToken(ctx); err != nil {
		return []Finding{refusedBySlack(subject, err)}
	}
	return []Finding{well(subject, "Slack takes it for Socket Mode")}
}

func lookForOthers(ctx context.Context, p *Patient) []Finding {
	const subject = "One slipway for the Slack app"
	if p.Others == nil {
		return nil
	}
	switch n, known := p.Others(ctx); {
	case !known && p.Database != nil && second(p.Database(ctx)) != nil:
		return nil // it is the database that would know, of which there is a finding
	case !known:
		return []Finding{warning(subject, "could not be checked: Slack has not said yet how many sockets are open, or the database does not say which are ours",
			"Try again in a minute.")}
	case n > 0:
		return []Finding{fault(subject, say.Count(n, "socket is", "sockets are")+" open that no slipway on this database has opened: commands go astray, and changing ones are refused",
			"Stop the other slipway (on a laptop, an old dyno, another database), or revoke the app-level token at https://api.slack.com/apps and make a new one.")}
	}
	return []Finding{well(subject, "nobody else has sockets open with its token")}
}

func second[T any](_ T, err error) error { return err }
