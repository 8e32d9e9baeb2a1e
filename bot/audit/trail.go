package audit

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"slipway/bot/store"
)

const (
	checkEvery = 24 * time.Hour
	tryAgain   = time.Minute // when the database was away
)

// Trail is the audit trail of a database.
type Trail struct {
	store *store.Store
	log   *slog.Logger

	mu   sync.Mutex
	last Check
}

// Check is what a walk along the whole chain found.
type Check struct {
	At     time.Time // when it ended; the zero time if there was none yet
	Head   Head
	Broken *Broken // nil if the chain was whole
}

// New gives the trail in a store.
func New(s *store.Store, log *slog.Logger) *Trail { return &Trail{store: s, log: log} }

// Write adds an entry in a transaction of its own: for what changes nothing else, such as a refusal.
func (t *Trail) Write(ctx context.Context, e Entry) error {
	return t.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return Write(ctx, tx, e) })
}

// Run checks the whole chain at once and each day, and writes its head to the log, until ctx ends.
func (t *Trail) Run(ctx context.Context) {
	for ctx.Err() == nil {
		next := checkEvery
		if err := t.check(ctx); err != nil {
			if ctx.Err() == nil {
				t.log.Warn("the audit trail was not checked, it is tried again", "error", err)
			}
			next = tryAgain
		}
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// check logs the head of a chain that is whole: who has the log can tell later that the rows up to it are still the same.
func (t *Trail) check(ctx context.Context) error {
	var w Walk
	if last := t.Checked(); !last.At.IsZero() && last.Broken == nil {
		w.Known = []Head{last.Head} // what was whole before must still be its beginning
	}
	head, err := t.walk(ctx, w, betweenPages)
	var broken *Broken
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	if broken != nil {
		t.log.Error("the audit trail is broken", "row", broken.Seq, "error", broken, "seq", head.Seq, "hash", head.Hash)
	} else {
		t.log.Info("the audit trail is whole", "seq", head.Seq, "hash", head.Hash)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = Check{time.Now(), head, broken}
	return nil
}

// Checked gives what the last check by this process found.
func (t *Trail) Checked() Check {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}
