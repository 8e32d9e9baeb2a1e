package inbox

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

const (
	lookEvery    = 8 * time.Second        // for what another process stored before it died
	firstPause   = 250 * time.Millisecond // after the database failed; it doubles
	longestPause = 10 * time.Second

	mostWork      = 64      // deliveries folded in one transaction
	pressedWork   = 16      // while requests wait for the database
	mostWorkBytes = 4 << 20 // of their bodies; one may be larger

	// giveWay is how many times as long as a transaction took the worker pauses after it, while requests wait for the
	// database: their senders give up after 10 s, the ledger may be late.
	giveWay      = 3
	longestYield = 200 * time.Millisecond
)

// look has the worker look for work, now or when it is done with what it has.
func (in *Inbox) look() {
	select {
	case in.nudge <- struct{}{}:
	default:
	}
}

// work folds deliveries until ctx ends.
func (in *Inbox) work(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	w := worker{Inbox: in, tries: map[int64]int{}}
	for {
		w.sweep(ctx)
		select {
		case <-in.nudge:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// worker folds deliveries in the order in which they were stored.
type worker struct {
	*Inbox
	tries map[int64]int // how often the ledger refused a delivery, by seq
}

// sweep works deliveries until none waits.
func (w *worker) sweep(ctx context.Context) {
	var pause time.Duration
	for ctx.Err() == nil {
		due, began := w.stored.Load(), time.Now()
		n, err := w.next(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			pause = min(max(2*pause, firstPause), longestPause)
			w.log.Error("deliveries wait to be folded", "again_in", pause, "error", err)
			sleep(ctx, pause)
		case n == 0:
			w.settled.Store(due)
			return
		default:
			pause = 0
			if w.commits.pressed() {
				sleep(ctx, min(giveWay*time.Since(began), longestYield))
			}
		}
	}
}

// next works a batch and tells how many deliveries were in it.
func (w *worker) next(ctx context.Context) (int, error) {
	batch, err := w.waiting(ctx)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	all := make([]news, len(batch))
	for i, d := range batch {
		all[i] = w.understand(d)
	}
	err = w.settle(ctx, all)
	if err != nil && !store.Away(err) && ctx.Err() == nil {
		err = w.oneByOne(ctx, all)
	}
	return len(batch), err
}

// waiting reads those that wait longest.
func (w *worker) waiting(ctx context.Context) ([]delivery, error) {
	var batch []delivery
	limit := mostWork
	if w.commits.pressed() {
		limit = pressedWork
	}
	err := w.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		batch = nil
		rows, err := tx.Query(ctx, `select d.seq, d.sender, d.id, d.event, d.arrived, d.size, b.body
			from deliveries d join delivery_bodies b on b.seq = d.seq
			where d.worked is null order by d.seq limit $1`, limit)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // they need not be read to their end
		for bytes := 0; rows.Next() && bytes < mostWorkBytes; {
			var d delivery
			var arrived int64
			if err := rows.Scan(&d.seq, &d.sender, &d.id, &d.event, &arrived, &d.size, &d.body); err != nil {
				return err
			}
			d.arrived = time.UnixMilli(arrived)
			batch = append(batch, d)
			bytes += d.size
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read deliveries that wait: %w", err)
	}
	return batch, nil
}

// understand reads a delivery. A fault of ours in it is this delivery's trouble alone.
func (w *worker) understand(d delivery) (n news) {
	err := guard(func() error {
		n = w.read(d)
		return nil
	})
	if err != nil {
		w.fault(d, err)
		n = news{delivery: d, trouble: err.Error()}
	}
	n.body = nil // from here on it is not needed, and others need the memory
	return n
}

// mostTries is how often the ledger may refuse a delivery until it is given up. A refusal may pass: Postgres ends one of
// two transactions that wait for each other.
const mostTries = 3

// oneByOne works each delivery of a batch for itself, so that one that the ledger refuses does not stop the others.
func (w *worker) oneByOne(ctx context.Context, all []news) error {
	var last error
	for _, n := range all {
		err := w.settle(ctx, []news{n})
		switch {
		case err == nil:
			delete(w.tries, n.seq)
			continue
		case store.Away(err) || ctx.Err() != nil:
			return err
		}
		w.tries[n.seq]++
		if isPanic(err) || w.tries[n.seq] >= mostTries {
			w.fault(n.delivery, err)
			n.facts, n.trouble = nil, "the ledger did not take it: "+err.Error()
			if err = w.settle(ctx, []news{n}); err == nil {
				delete(w.tries, n.seq)
				continue
			}
		}
		last = err
	}
	return last
}

// fault logs what is wrong with a delivery, or with us. The text is ours or the database's, never the payload.
func (w *worker) fault(d delivery, err error) {
	w.log.Error("a delivery was given up", "sender", d.sender, "delivery", d.id, "event", d.event, "error", err)
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// tell hands on what changed. A fault in whoever listens does not stop the worker.
func (in *Inbox) tell(changed []ledger.Subject) {
	if in.told == nil || len(changed) == 0 {
		return
	}
	err := guard(func() error {
		in.told(changed)
		return nil
	})
	if err != nil {
		in.log.Error("what changed could not be told", "error", err)
	}
}
