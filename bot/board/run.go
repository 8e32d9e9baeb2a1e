package board

import (
	"context"
	"sync"
	"time"

	"slipway/bot/bell"
	"slipway/bot/store"
)

const (
	lookEvery = 3 * time.Second  // for what another process left
	restEvery = 30 * time.Second // where there is no other process: for what was touched without a nudge
	mostOut   = 16               // errands at a time
	grace     = 5 * time.Second  // for errands under way at the end
	awayPause = time.Second      // after the database failed

	// After a nudge: what changes together is shown by one call. It is odd, and the pauses of those who touch boards are even, so that in
	// simulated time nobody changes a board at the instant at which it is drawn.
	moment = 7 * time.Millisecond

	// A dead process's boards are free after a lease and a look, within 9 s.
	lease      = 6 * time.Second
	renewEvery = 2 * time.Second
	renewLimit = lease - time.Second // after so long without a renewal others may soon take our boards
)

// Run keeps boards true until ctx ends. What is in flight then has 5 s to end.
func (b *Boards) Run(ctx context.Context) {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var keeping sync.WaitGroup
	keeping.Go(func() { b.keepLeases(life) })
	well := true
	note := func(err error) {
		if err != nil && well {
			b.log.Error("boards wait for the database", "error", err)
		}
		well = err == nil
	}
	begun := false
	for ctx.Err() == nil {
		wait, err, rung := awayPause, error(nil), b.bell.Rung()
		if !begun {
			err = b.begin(ctx)
			begun = err == nil
		}
		if begun {
			wait, err = b.pass(life)
		}
		note(err)
		if b.bell.Rest(ctx, wait) && b.bell.Rung() > rung {
			bell.Pause(ctx, moment)
		}
	}
	b.fleet.Land(grace)
	end()
	keeping.Wait()
}

// begin frees what has a lease though nobody else can: on SQLite there is no other process, so its owner is dead.
func (b *Boards) begin(ctx context.Context) error {
	if b.store.Shared() {
		return nil
	}
	return b.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "update boards set lease = 0 where lease > 0")
		return err
	})
}

// pass sends out what may begin now, and tells how long to wait for more.
func (b *Boards) pass(life context.Context) (time.Duration, error) {
	for b.fleet.Size() < mostOut {
		rung := b.bell.Rung()
		found, err := b.claim(life)
		switch {
		case err != nil:
			return awayPause, err
		case found.claim != nil:
			b.fleet.Send(life, found.claim, b.errand)
		case found.wait > 0:
			b.waiting.Store(found.waiting)
			b.bell.Settle(rung)
			return found.wait, nil
		}
	}
	return b.patience(), nil // an errand that ends nudges
}

// patience is how long to wait when nothing falls due.
func (b *Boards) patience() time.Duration {
	if b.store.Shared() {
		return lookEvery
	}
	return restEvery
}

// keepLeases renews the leases of the errands under way. When it cannot, they are recalled before others may take their boards.
func (b *Boards) keepLeases(ctx context.Context) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	kept := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if b.fleet.Size() == 0 || b.renew(ctx) == nil {
			kept = time.Now()
		}
		if time.Since(kept) >= renewLimit {
			b.fleet.Recall(b.fleet.All()...)
		}
	}
}

func (b *Boards) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, renewEvery)
	defer cancel()
	return b.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		for _, c := range b.fleet.All() {
			_, err := tx.Exec(ctx, "update boards set lease = $1 where key = $2 and owner = $3 and epoch = $4",
				in(now, lease), string(c.Key), b.id, c.epoch)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
