package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"slipway/bot"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// restartOf is the restart of an app as it stands.
func restartOf(app string, dynos []heroku.Dyno, formation []heroku.Process) restart {
	r := restart{App: app}
	for _, p := range formation {
		if p.Quantity > 0 && p.Type != "release" {
			r.Types = append(r.Types, p.Type)
		}
	}
	for _, d := range dynos {
		if slices.Contains(r.Types, d.Type) {
			r.Dynos = append(r.Dynos, d.ID)
		}
	}
	slices.Sort(r.Dynos)
	slices.Sort(r.Types)
	return r
}

// split counts the dynos of the formation that are those of the plan, and those that came later.
func (r restart) split(now []heroku.Dyno) (old, fresh int) {
	for _, d := range now {
		switch {
		case !slices.Contains(r.Types, d.Type):
		case slices.Contains(r.Dynos, d.ID):
			old++
		default:
			fresh++
		}
	}
	return old, fresh
}

// guard refuses when the dynos are not those of the plan any more.
func (r restart) guard(ctx context.Context, c *bot.Clients) error {
	dynos, err := c.Heroku.Dynos(ctx, r.App)
	if _, fresh := r.split(dynos); err == nil && fresh > 0 {
		return say.Refuse("Some dynos of %s were restarted since this plan was made. Type `/deploy restart` again if it is still wanted.", say.Code(r.App))
	}
	return err
}

// between is for how long dynos may be about to change places.
const between = 2 * time.Minute

var errBetween = errors.New("some dynos have changed and some have not")

// find looks whether the restart was made.
func (r restart) find(ctx context.Context, c *bot.Clients, since time.Time) (done, found bool, err error) {
	dynos, err := c.Heroku.Dynos(ctx, r.App)
	if err != nil {
		return false, false, err
	}
	done, err = r.made(dynos, time.Since(since))
	return done, done, err
}

// made tells whether all dynos are others than before. Heroku puts a new dyno in the place of an old one by itself, too, one at a time:
// some new ones do not say that the restart was made.
func (r restart) made(now []heroku.Dyno, waited time.Duration) (bool, error) {
	old, fresh := r.split(now)
	switch {
	case old == 0 && fresh >= len(r.Dynos):
		return true, nil
	case fresh == 0 && old >= len(r.Dynos):
		return false, nil
	case waited < between:
		return false, errBetween
	}
	return false, say.Refuse("Of %s, %d run as before and %d are new, which Heroku may have done by itself. %s shows since when each runs.",
		say.Count(len(r.Dynos), "dyno", "dynos"), old, fresh, say.Code("heroku ps -a "+r.App))
}

// up tells whether all dynos of the formation are new and up. One that crashed ends the wait: it needs a person.
func (r restart) up(ctx context.Context, c *bot.Clients) (bool, bool, error) {
	dynos, err := c.Heroku.Dynos(ctx, r.App)
	if err != nil {
		return false, false, err
	}
	up := map[string]bool{}
	for _, d := range dynos {
		switch {
		case !slices.Contains(r.Types, d.Type):
		case slices.Contains(r.Dynos, d.ID), d.State == "starting":
			return false, false, nil
		case d.State == "crashed":
			return false, false, crashed(d, r.App)
		case d.State == "up":
			up[d.Type] = true
		}
	}
	return true, len(up) == len(r.Types), nil
}

// crashed is how a restart ends that a dyno did not survive. The same release ran before, so what the dyno logged comes first.
func crashed(d heroku.Dyno, app string) error {
	return say.Refuse("%s crashed after the restart.\nIts log: %s\nIf the release is at fault, choose an earlier one: %s\nand go back to it: %s",
		say.ForeignCode(d.Name, phrase.NameLimit),
		say.Code("heroku logs --tail -a "+app), say.Code("heroku releases -a "+app), say.Code("heroku rollback v<number> -a "+app))
}
