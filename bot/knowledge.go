package bot

import (
	"context"
	"log/slog"
	"time"

	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/policy"
	"slipway/bot/reader"
	"slipway/bot/store"
)

// StoreWithin is how long a person waits for our own database, once to load and once to keep what was read for them. Without
// it they are answered from what can be read at once.
const StoreWithin = time.Second

// Knowledge is what is known of the apps: what the ledger has, brought up to date by a look when somebody asks.
type Knowledge struct {
	store  *store.Store
	reader *reader.Reader
	trust  func(ctx context.Context, app config.App) reader.Trust
	policy *policy.Policy
	fold   inbox.Fold
	folded func() // after the commit
	log    *slog.Logger
}

// Of gives what is known of an app now, and keeps in the ledger what was read for it. An error says that our own database
// did not answer: then all that is known was read just now.
func (kn *Knowledge) Of(ctx context.Context, app config.App) (*ledger.Known, error) {
	known, trust, away := kn.load(ctx, app)
	read := kn.reader.Know(ctx, app, known, trust)
	err := away
	if err == nil {
		err = kn.keep(ctx, read)
	}
	if err != nil && ctx.Err() == nil {
		kn.log.Warn("what is known is not read from the database, or not kept in it", "app", app.Name, "error", err)
	}
	return known, away
}

// load gives what the ledger has, and what webhooks are worth; without the database both are nothing.
func (kn *Knowledge) load(ctx context.Context, app config.App) (known *ledger.Known, trust reader.Trust, err error) {
	ctx, cancel := context.WithTimeout(ctx, StoreWithin)
	defer cancel()
	err = kn.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if known, err = ledger.Load(ctx, tx, app.Name, app.Repo); err != nil {
			return err
		}
		set, _, err := kn.policy.In(ctx, tx, app)
		known.Way = set.Deploy
		return err
	})
	if err != nil {
		return ledger.New(app.Name, app.Repo), reader.Trust{}, err
	}
	return known, kn.trust(ctx, app), nil
}

// keep folds what was read.
func (kn *Knowledge) keep(ctx context.Context, read []ledger.Fact) error {
	if len(read) == 0 || ctx.Err() != nil { // who is not waited for any more cut the reading off, not the far end
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, StoreWithin)
	defer cancel()
	err := kn.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := kn.fold(ctx, tx, time.Now(), read...)
		return err
	})
	if err == nil {
		kn.folded()
	}
	return err
}
