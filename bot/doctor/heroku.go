package doctor

import (
	"context"
	"fmt"
	"strings"

	"slipway/bot/config"
	"slipway/integrations/heroku"
)

const herokuAway = "Look at https://status.heroku.com, and whether this machine reaches it. Then try again."

func lookAtHerokuKey(ctx context.Context, p *Patient) []Finding {
	variable, writing := p.Config.HerokuVariables()
	scopes := config.HerokuReads
	if p.Config.WritesAny() && variable == writing {
		scopes = config.HerokuWrites
	}
	found, lost := keyOf(ctx, p.Heroku, variable, config.NewHerokuKey(scopes, variable))
	if lost {
		return p.lose(found...)
	}
	return append(found, p.herokuQuota())
}

// lookAtHerokuWriteKey looks at the key for changes, if it is another one.
func lookAtHerokuWriteKey(ctx context.Context, p *Patient) []Finding {
	reading, variable := p.Config.HerokuVariables()
	if p.HerokuWrite == nil || variable == reading || !p.Config.WritesAny() {
		return nil
	}
	found, lost := keyOf(ctx, p.HerokuWrite, variable, config.NewHerokuKey(config.HerokuWrites, variable))
	if lost {
		return found
	}
	return append(found, p.eachApp(func(app config.App) []Finding {
		if _, err := p.HerokuWrite.App(ctx, app.Name); err != nil {
			return []Finding{refusedByHeroku("Heroku changes of "+app.Name, variable, app.Name, err)}
		}
		return nil
	})...)
}

// keyOf looks at one key. Lost: there is no use in asking with it again.
func keyOf(ctx context.Context, client *heroku.Client, variable, fix string) (found []Finding, lost bool) {
	subject := "Heroku with " + variable
	account, err := client.Account(ctx)
	if heroku.KindOf(err) == heroku.Forbidden { // it is taken, and not global; all else that it is for may work
		return []Finding{well(subject, "Heroku takes it, and it is not a global one; whose it is takes the scope identity")}, false
	}
	if err != nil {
		return []Finding{refusedKey(subject, variable, fix, err)}, true
	}
	key, err := client.Key(ctx)
	switch {
	case err != nil:
		found = append(found, unknown(subject, err, herokuAway))
	case key.Global:
		found = append(found, warning(subject, "it is a global one of "+account.Email+": whoever has it may do all that this account may, billing and other apps included", fix))
	default:
		found = append(found, well(subject, "account %s, and it is not a global one", account.Email))
	}
	if f, ends := ending(subject, key.Expires, fix); ends {
		found = append(found, f)
	}
	return found, false
}

func refusedKey(subject, variable, fix string, err error) Finding {
	switch heroku.KindOf(err) {
	case heroku.Unauthorized:
		return fault(subject, "Heroku refuses it: it was revoked, has expired or is none", fix)
	case heroku.TwoFactor:
		return fault(subject, "Heroku asks its account for a second factor", "Use the token of an authorization, which needs none. "+fix)
	case heroku.Suspended, heroku.PaymentRequired:
		return fault(subject, "Heroku does not serve its account: "+err.Error(), "Settle it at https://dashboard.heroku.com/account, or use another account for "+variable+".")
	case heroku.OutOfQuota:
		return warning(subject, "could not be checked: its account has used up Heroku's rate limit", "Wait a few minutes. Give slipway an account of its own: all tools of one share its 4500 requests an hour.")
	}
	return unknown(subject, err, herokuAway)
}

// fewTokens is a tenth of what an account has.
const fewTokens = 450

func (p *Patient) herokuQuota() Finding {
	const subject = "Heroku rate limit"
	left := p.Heroku.Tokens()
	if left >= 0 && left < fewTokens {
		return warning(subject, fmt.Sprintf("%d of 4500 requests are left", left), "Find who else uses this account, or give slipway one of its own: all tools of one account share them.")
	}
	return well(subject, "%d of 4500 requests are left", max(left, 0))
}

func lookAtApps(ctx context.Context, p *Patient) []Finding {
	variable, _ := p.Config.HerokuVariables()
	return p.eachApp(func(app config.App) []Finding {
		subject := "Heroku app " + app.Name
		found, err := p.Heroku.App(ctx, app.Name)
		if err == nil {
			_, err = p.Heroku.Releases(ctx, app.Name, 1)
		}
		if err == nil {
			_, err = p.Heroku.Collaborators(ctx, app.Name)
		}
		if err != nil {
			p.pass(app.Name)
			return []Finding{refusedByHeroku(subject, variable, app.Name, err)}
		}
		return []Finding{well(subject, "is read, with its releases and collaborators (%s)", strings.TrimSpace("stack "+found.Stack))}
	})
}

func refusedByHeroku(subject, variable, app string, err error) Finding {
	switch heroku.KindOf(err) {
	case heroku.NotFound:
		return fault(subject, "there is none, or the account of "+variable+" is no collaborator of it",
			"Look at its name in APPS, or run heroku access:add THE-ACCOUNT -a "+app+".")
	case heroku.Forbidden:
		return fault(subject, "the key of "+variable+" may not read it: "+err.Error(), config.NewHerokuKey(config.HerokuReads, variable))
	}
	return unknown(subject, err, herokuAway)
}
