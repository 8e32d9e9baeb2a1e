package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// isEntitled refuses whoever is neither an operator nor a collaborator who may do this on Heroku: their rights here are their
// rights there. Of an operator Heroku is not asked.
func (q *inquiry) isEntitled(ctx context.Context) *Refused {
	if slices.Contains(q.Operators, config.User(q.who.User)) {
		return nil
	}
	list, unsaid := q.collaborating()
	u, err := q.user()
	if err != nil {
		return q.strange(err)
	}
	email := address(u.Email)
	if email == "" {
		return q.nameless(ctx)
	}
	if unsaid != nil {
		return q.unsaid(ctx, unsaid)
	}
	known := false
	for _, c := range list {
		if address(c.Email) == email {
			known = true
			if c.May(permission(q.verb)) {
				return nil
			}
		}
	}
	could := q.whoCould(ctx)
	if known {
		return q.refuse(RulePermission, func(v voice) string {
			return fmt.Sprintf("%s access to *%s* on Heroku is without the permission `%s`, which this takes. %s", v.your(), q.app.Name, permission(q.verb), could)
		})
	}
	return q.refuse(RuleCollaborator, func(v voice) string {
		return fmt.Sprintf("%s no collaborator of *%s* on Heroku%s, so %s cannot change it here. %s", v.are(), q.app.Name, v.pick("", " any more"), v.they(), could)
	})
}

// nameless is the refusal when Slack shows no e-mail address of who asks.
func (q *inquiry) nameless(ctx context.Context) *Refused {
	missing := len(q.home.Scopes) > 0 && !slices.Contains(q.home.Scopes, emailScope)
	could := q.whoCould(ctx)
	return q.refuse(RuleEmail, func(v voice) string {
		shows, how := "no e-mail address of yours", "Enter into your Slack profile the one that Heroku knows you by. Until then: "
		if v.user != "" {
			shows, how = "no e-mail address of "+v.name(), ""
		}
		if missing {
			shows, how = "no e-mail addresses", fmt.Sprintf("The scope `%s` is missing: %s Until then: ", emailScope, addScope)
		}
		return fmt.Sprintf("Slack shows me %s, so I cannot tell who %s on Heroku. %s%s", shows, v.pick("you are", v.name()+" is"), how, could)
	})
}

const emailScope = "users:read.email"

// unsaid is the refusal when Heroku does not say who may.
func (q *inquiry) unsaid(ctx context.Context, err error) *Refused {
	how := "Try again in a moment."
	switch kind := heroku.KindOf(err); kind {
	case heroku.NotFound:
		how = "The account of `HEROKU_API_KEY` sees no such app: ask who looks after slipway to make it a collaborator."
	case heroku.Unauthorized, heroku.Forbidden, heroku.TwoFactor, heroku.Suspended, heroku.PaymentRequired:
		how = fmt.Sprintf("It refuses the account of `HEROKU_API_KEY` (%s): ask who looks after slipway.", kind)
	}
	if names := q.operators(ctx); len(names) > 0 {
		how += " Meanwhile " + series(names, "or") + " can: slipway's operators need no answer of Heroku's."
	}
	return refuse(RuleRightsUnknown, fmt.Sprintf("Heroku does not tell me who may change *%s*, so I change nothing. %s", q.app.Name, how)).because(err)
}

// findCollaborators asks Heroku who has access to the app, without the team that owns it.
func (q *inquiry) findCollaborators(ctx context.Context) ([]heroku.Collaborator, error) {
	return q.collaborators.ask(q.app.Name, q.since, func() ([]heroku.Collaborator, error) {
		list, err := q.Heroku.Collaborators(ctx, q.app.Name)
		return slices.DeleteFunc(list, func(c heroku.Collaborator) bool { return !c.Person() }), err
	})
}

// address makes e-mail addresses comparable: without white space around them, and without the case of A to Z. Other letters
// stay as they are, as some become one of A to Z when their case is dropped, and would make one address of two.
func address(email string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(email))
}

// permission is the one of Heroku's that a verb takes where an app has them: who deploys may push code, roll back and run
// one-off dynos, in which jobs run too; who operates may restart and turn maintenance mode on, which a restored database
// needs too (heroku.MayDeploy, heroku.MayOperate, and the articles named there). Heroku gives some of this to both; as
// nobody's word for which is at hand, one of the two stands here. To view is never enough, nor is to manage.
func permission(verb settings.Verb) string {
	switch verb {
	case settings.Deploy, settings.Rollback, settings.Schedule, settings.Hold:
		return heroku.MayDeploy
	}
	return heroku.MayOperate
}

// deed is a verb in a sentence, before the app's name.
func deed(verb settings.Verb) string {
	switch verb {
	case settings.Rollback:
		return "roll back"
	case settings.Schedule:
		return "change the schedule of"
	case settings.Hold:
		return "hold deploys of"
	}
	return say.Escape(string(verb)) // deploy, restore, operate
}
