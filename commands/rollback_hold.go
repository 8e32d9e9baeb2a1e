package commands

import (
	"context"
	"encoding/json"
	"fmt"

	"slipway/bot"
	"slipway/bot/hold"
	"slipway/bot/op"
	"slipway/bot/store"
)

// holds tells whether automatic deploys are held once it is confirmed: what goes away must not come back unseen.
func (r rollback) holds() bool { return !r.Config && !r.Forward && (r.Head != "" || len(r.Away) > 0) }

// rollbackHooks set the hold with the confirmation, and take it back where nothing was begun.
func rollbackHooks(c *bot.Clients) op.Hooks {
	of := func(p op.Plan) (r rollback, err error) {
		if err = json.Unmarshal(p.Data, &r); err != nil {
			err = fmt.Errorf("the data of a rollback: %w", err)
		}
		return r, err
	}
	return op.Hooks{
		Confirmed: func(ctx context.Context, tx *store.Tx, by op.Confirmation) error {
			r, err := of(by.Plan)
			if err != nil || !r.holds() {
				return err
			}
			return c.Holds.Set(ctx, tx, hold.Hold{
				App: r.App, Channel: by.Channel, By: by.By.User, At: by.At, Operation: by.ID, Back: r.To, Ran: numberOf(r.Live), Head: r.Head, Away: r.Away, Pulls: r.Pulls,
			})
		},
		Ended: func(ctx context.Context, tx *store.Tx, by op.Confirmation, end op.End) error {
			r, err := of(by.Plan)
			if err != nil || !r.holds() {
				return err
			}
			return c.Holds.Over(ctx, tx, by.ID, end.Begun)
		},
	}
}
