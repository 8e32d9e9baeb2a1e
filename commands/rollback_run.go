package commands

import (
	"context"
	"time"

	"slipway/bot"
	"slipway/bot/op"
	"slipway/integrations/heroku"
)

func runRollback(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var r rollback
		if err := o.Data(&r); err != nil {
			return err
		}
		for _, d := range r.Stop {
			if _, err := op.Do(ctx, o, d.step(), r.stop(c, d)); err != nil {
				return err
			}
		}
		made, err := op.Do(ctx, o, r.backStep(), r.back(c))
		if err != nil {
			return err
		}
		return r.follow(ctx, c, o, made)
	}
}

// follow watches what comes of the release that was made.
func (r rollback) follow(ctx context.Context, c *bot.Clients, o *op.Operation, made madeRelease) error {
	if r.Phase != "" {
		if _, err := op.Wait(ctx, o, phaseStep, r.phase(c, made)); err != nil {
			return err
		}
	}
	since, err := op.Wait(ctx, o, currentStep, r.current(c, made))
	if err != nil {
		return err
	}
	since, err = op.Wait(ctx, o, dynosUpStep, r.up(c, made, since))
	if err != nil || r.Health == "" {
		return err
	}
	_, err = op.Wait(ctx, o, healthyStep, r.healthy(c, made, since))
	return err
}

// stop ends a one-off dyno. One that is gone has ended, whoever ended it.
func (r rollback) stop(c *bot.Clients, d oneOff) op.Effect[bool] {
	return op.Effect[bool]{
		Guard: func(ctx context.Context) error { return r.stillLive(ctx, c) },
		Find: func(ctx context.Context, _ time.Time) (gone, found bool, err error) {
			dynos, err := c.Heroku.Dynos(ctx, r.App)
			for _, other := range dynos {
				if other.ID == d.ID {
					return false, false, err
				}
			}
			return err == nil, err == nil, err
		},
		Act: func(ctx context.Context) (bool, error) {
			err := c.HerokuWrite.StopDyno(ctx, r.App, d.ID)
			if heroku.KindOf(err) == heroku.NotFound {
				err = nil
			}
			return true, denied(err)
		},
		Settle: heroku.Settle,
		IDs:    func(bool) map[string]string { return map[string]string{"dyno": d.ID} },
	}
}

// back makes the release that goes back.
func (r rollback) back(c *bot.Clients) op.Effect[madeRelease] {
	return op.Effect[madeRelease]{
		Guard: func(ctx context.Context) error { return r.stillLive(ctx, c) },
		Find: func(ctx context.Context, since time.Time) (madeRelease, bool, error) {
			return r.find(ctx, c, since)
		},
		Act: func(ctx context.Context) (madeRelease, error) {
			release, err := c.HerokuWrite.Rollback(ctx, r.App, r.ToID)
			return madeOf(release), denied(err)
		},
		Settle: heroku.Settle,
		IDs: func(made madeRelease) map[string]string {
			return map[string]string{"release": made.ID, "version": made.name()}
		},
	}
}
