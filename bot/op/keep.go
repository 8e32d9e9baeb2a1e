package op

import (
	"context"
	"errors"
	"time"

	"slipway/bot/store"
)

const (
	// A dead process's operations are taken up after a lease and a look, within 10 s.
	lease      = 8 * time.Second
	renewEvery = 2 * time.Second
	renewLimit = 5 * time.Second // after so long without a renewal others may take our operations before we look again

	// actWithin bounds one effect from when it was written down, and is below a lease: none goes on when another process may have the
	// operation. What takes longer is looked for.
	actWithin = 6 * time.Second
)

// keepLeases renews the leases of the attempts under way. One that cannot be renewed is recalled before others may take it.
func (e *Engine) keepLeases(ctx context.Context) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		e.renew(ctx)
	}
}

func (e *Engine) renew(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, renewEvery)
	defer cancel()
	for _, o := range e.fleet.All() {
		err := o.renew(ctx)
		if errors.Is(err, errLost) || left(o.leased()) < lease-renewLimit {
			e.fleet.Recall(o)
		}
	}
}

func (o *Operation) renew(ctx context.Context) error {
	return o.write(ctx, func(context.Context, *store.Tx, int64) error { return nil })
}

// errLost says that another process has the operation now.
var errLost = errors.New("another process has taken the operation up")

// write runs a transaction under the attempt's epoch, and renews its lease: no other attempt began before it, or it fails with
// errLost.
func (o *Operation) write(ctx context.Context, work func(ctx context.Context, tx *store.Tx, now int64) error) error {
	asked := time.Now()
	err := o.engine.do(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		// Of two writes on their way the later one may be that which read the time first.
		n, err := tx.Exec(ctx, `update operations set lease = case when lease > $1 then lease else $1 end
			where id = $2 and epoch = $3 and state = 'open'`, in(now, lease), o.ID, o.epoch)
		if err != nil {
			return err
		}
		if n == 0 {
			return errLost
		}
		return work(ctx, tx, now)
	})
	if err == nil {
		o.held(asked.Add(lease))
	}
	return err
}

// held notes until when the lease lasts, by this process's clock.
func (o *Operation) held(until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if until.After(o.until) {
		o.until = until
	}
}

// left is how much time there is until a moment, by the one of this machine's clocks that says less. While a virtual machine is
// suspended the clock stands still by which Go measures and ends contexts, and the other one is set right afterwards. A suspension in
// the midst of an effect is noticed at the next renewal only.
func left(until time.Time) time.Duration {
	now := time.Now()
	return min(until.Sub(now), until.Round(0).Sub(now.Round(0)))
}

func (o *Operation) leased() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.until
}
