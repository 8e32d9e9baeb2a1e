package inbox

import (
	"context"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

// BeforeReading has f called before each delivery is read by the worker.
func (in *Inbox) BeforeReading(f func()) {
	inner := in.read
	in.read = func(d delivery) news {
		f()
		return inner(d)
	}
}

// AroundFolding puts f in the place of the folding of one transaction; f is given the folding.
func (in *Inbox) AroundFolding(f func(fold func() error) error) {
	inner := in.fold
	in.fold = func(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) (changed []ledger.Subject, err error) {
		err = f(func() error {
			changed, err = inner(ctx, tx, now, facts...)
			return err
		})
		return changed, err
	}
}

// AroundStoring puts f in the place of the storing of one batch; f is given the storing.
func (in *Inbox) AroundStoring(f func(ctx context.Context, store func() error) error) {
	inner := in.commits.store
	in.commits.store = func(ctx context.Context, batch []*delivery) error {
		return f(ctx, func() error { return inner(ctx, batch) })
	}
}

// DeleteOld deletes deliveries that arrived before.
func (in *Inbox) DeleteOld(ctx context.Context, before time.Time) error {
	return in.deleteOld(ctx, before)
}

// Kept and MostBody are what the product promises.
const (
	Kept     = kept
	MostBody = mostBody
)
