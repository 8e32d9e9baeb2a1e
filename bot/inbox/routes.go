package inbox

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

// Route is what came from one sender about one repository or app.
type Route struct {
	Sender ledger.Sender
	Scope  string    // ledger.RepoScope or ledger.AppScope; "" for deliveries about none
	Event  string    // of the last delivery, in the sender's words: push, api:release
	At     time.Time // when that arrived

	Failed   int       // deliveries of the last 7 days that could not be worked
	Trouble  string    // what was wrong with the newest of them; nothing of a payload is in it
	FailedAt time.Time // when that arrived
}

// Routes lists them by sender and scope.
func (in *Inbox) Routes(ctx context.Context) ([]Route, error) {
	var routes []Route
	err := in.store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if routes, err = lastDeliveries(ctx, tx); err != nil {
			return err
		}
		return addFailures(ctx, tx, routes)
	})
	if err != nil {
		return nil, fmt.Errorf("read the routes: %w", err)
	}
	return routes, nil
}

func lastDeliveries(ctx context.Context, tx *store.Tx) ([]Route, error) {
	rows, err := tx.Query(ctx, `select sender, scope, event, arrived from routes order by sender, scope`)
	if err != nil {
		return nil, err
	}
	var routes []Route
	for rows.Next() {
		var r Route
		var at int64
		if err := rows.Scan(&r.Sender, &r.Scope, &r.Event, &at); err != nil {
			return nil, err
		}
		r.At = time.UnixMilli(at)
		routes = append(routes, r)
	}
	return routes, rows.Err()
}

// addFailures adds what failed. A delivery that did is the last of its route or came before, so its route is there.
func addFailures(ctx context.Context, tx *store.Tx, routes []Route) error {
	at := map[route]*Route{}
	for i := range routes {
		at[route{routes[i].Sender, routes[i].Scope}] = &routes[i]
	}
	rows, err := tx.Query(ctx, `select sender, scope, arrived, trouble from deliveries
		where trouble is not null and arrived >= $1 order by arrived`, time.Now().Add(-kept).UnixMilli())
	if err != nil {
		return err
	}
	for rows.Next() {
		var where route
		var arrived int64
		var trouble string
		if err := rows.Scan(&where.sender, &where.scope, &arrived, &trouble); err != nil {
			return err
		}
		if r := at[where]; r != nil {
			r.Failed++
			r.Trouble, r.FailedAt = trouble, time.UnixMilli(arrived)
		}
	}
	return rows.Err()
}

// Backlog is what waits to be folded.
type Backlog struct {
	Deliveries int
	Oldest     time.Time // when the one arrived that waits longest; zero if none does
}

// Backlog counts what waits, whichever process took it.
func (in *Inbox) Backlog(ctx context.Context) (Backlog, error) {
	var b Backlog
	var oldest *int64
	err := in.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, `select count(*), min(arrived) from deliveries where worked is null`).Scan(&b.Deliveries, &oldest)
	})
	if err != nil {
		return Backlog{}, fmt.Errorf("count what waits: %w", err)
	}
	if oldest != nil {
		b.Oldest = time.UnixMilli(*oldest)
	}
	return b, nil
}
