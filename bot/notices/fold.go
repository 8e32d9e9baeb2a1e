package notices

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/store"
)

// Fold joins facts with what the ledger knows, and marks the apps of which something else is known then, in one
// transaction: whatever dies in between, what became known is told. After the commit comes Nudge.
func (n *Notices) Fold(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) ([]ledger.Subject, error) {
	changed, err := ledger.Fold(ctx, tx, now, facts...)
	if err != nil {
		return nil, err
	}
	for _, app := range n.Apps {
		if !concerned(app, changed, facts) {
			continue
		}
		if err := markNews(ctx, tx, app, now); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// markNews has an app's notices drawn anew. The first time it is from then on that news are told.
func markNews(ctx context.Context, tx *store.Tx, app config.App, now time.Time) error {
	_, err := tx.Exec(ctx, `insert into news (app, since, turn) values ($1, $2, 1)
		on conflict (app) do update set turn = news.turn + 1`, app.Name, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("mark %s: %w", app.Name, err)
	}
	return nil
}

// concerned tells whether something else is known of an app, or it was looked whether there is: that nothing came is news
// only when somebody has looked.
func concerned(app config.App, changed []ledger.Subject, facts []ledger.Fact) bool {
	about := func(s ledger.Subject) bool {
		return s.Scope == ledger.RepoScope(app.Repo) || strings.EqualFold(s.Scope, app.Name)
	}
	return slices.ContainsFunc(changed, about) || slices.ContainsFunc(facts, func(f ledger.Fact) bool {
		s := f.Subject()
		return s.Kind == ledger.KindReading && about(s)
	})
}
