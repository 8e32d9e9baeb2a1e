package inbox

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

// Options are what an inbox needs.
type Options struct {
	Store *store.Store
	Log   *slog.Logger

	// The webhooks' secrets; several while they are rotated. Without any, the sender's receiver is off.
	GitHubSecrets, HerokuSecrets [][]byte

	// Fold joins facts with what the ledger knows, in the transaction that marks their deliveries worked; nil: ledger.Fold.
	Fold Fold

	// Folded is told what a transaction changed in the ledger, after it; nil: nobody is told. The next delivery waits for it.
	Folded func(changed []ledger.Subject)
}

// Inbox receives deliveries and works them.
type Inbox struct {
	store     *store.Store
	log       *slog.Logger
	receivers []*receiver
	bodies    *bodies
	commits   *commits
	told      func(changed []ledger.Subject)

	nudge   chan struct{} // has something in it when there may be work
	open    atomic.Int64  // requests under way
	stored  atomic.Int64  // looks for work that are due: the first, and one for each delivery stored
	settled atomic.Int64  // those of them after which nothing was left
	counts  counts

	// Tests stand between these.
	read func(delivery) news
	fold Fold
}

// Fold is ledger.Fold, or what does more in the same transaction.
type Fold func(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) ([]ledger.Subject, error)

// New makes an inbox. Its handler needs no Run; what it takes is worked when there is one.
func New(o Options) *Inbox {
	in := &Inbox{
		store: o.Store, log: o.Log, told: o.Folded,
		bodies: newBodies(),
		nudge:  make(chan struct{}, 1),
		read:   read, fold: o.Fold,
	}
	if in.fold == nil {
		in.fold = ledger.Fold
	}
	in.commits = newCommits(func(ctx context.Context, batch []*delivery) error {
		err := guard(func() error { return in.storeBatch(ctx, batch) })
		if isPanic(err) {
			in.log.Error("deliveries were not stored, their senders were told so", "deliveries", len(batch), "error", err)
		}
		return err
	})
	in.stored.Store(1)
	in.receivers = []*receiver{
		newReceiver(in, fromGitHub, o.GitHubSecrets),
		newReceiver(in, fromHeroku, o.HerokuSecrets),
	}
	return in
}

// Handler answers POST /webhooks/github and POST /webhooks/heroku.
func (in *Inbox) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range in.receivers {
		mux.Handle("POST /webhooks/"+strings.ToLower(string(r.sender)), r)
	}
	return mux
}

// Run works deliveries and deletes old ones until ctx ends.
func (in *Inbox) Run(ctx context.Context) {
	for _, r := range in.receivers {
		r.announce()
	}
	var parts sync.WaitGroup
	parts.Go(func() { in.work(ctx) })
	parts.Go(func() { in.prune(ctx) })
	parts.Wait()
}

// Busy is 0 when no request is under way and everything that this process took is worked. It is above 0 before the first
// look at what an earlier process left, and while the database is away with work in it.
func (in *Inbox) Busy() int {
	settled := in.settled.Load()
	return int(in.open.Load() + in.stored.Load() - settled)
}
