package commands

import (
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// denied puts into words that Heroku does not let us change something, and who can mend that; any other error stays as it is.
func denied(err error) error {
	switch heroku.KindOf(err) {
	case heroku.TwoFactor, heroku.Suspended, heroku.PaymentRequired:
		return say.Refuse("Heroku lets the account of my token change nothing now (%s). Whoever runs slipway looks at it at https://dashboard.heroku.com/account.",
			heroku.KindOf(err))
	case heroku.Unauthorized, heroku.Forbidden:
		return say.Refuse("Heroku does not let my token change this (%s), so changes are off. Whoever runs slipway makes one that may,"+
			" with `heroku authorizations:create -s "+config.HerokuWrites+"`, and sets it as `HEROKU_WRITE_API_KEY`.", heroku.KindOf(err))
	}
	return err
}

// unread refuses a plan that Heroku does not tell enough for.
func unread(err error) error {
	now := time.Now()
	return say.Refuse("%s Without it I cannot show what would happen, so I plan nothing.", herokuTrouble(*ledger.TroubleOf(now, now, err)))
}
