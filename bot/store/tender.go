package store

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"
)

// tender looks after the jobs in a SQLite file. River's own maintenance looks every few seconds, elects a leader and keeps both in the
// database, for there may be several processes; here there is one, which knows when its next job is due.
type tender struct {
	db   *sql.DB
	log  *slog.Logger
	wake func()
	due  chan time.Time
	end  context.CancelFunc
	done sync.WaitGroup
}

const (
	sweep   = time.Minute            // how often what went unnoticed is put in order
	given   = 7 * 24 * time.Hour     // how long jobs that were given up stay to be looked at
	latency = 100 * time.Millisecond // from a failed attempt until the row says so
)

func newTender(db *sql.DB, log *slog.Logger, wake func()) *tender {
	return &tender{db: db, log: log, wake: wake, due: make(chan time.Time, 64)}
}

// remind tells that a job is to be tried again at a time. When too much is told at once, the next sweep finds the job.
func (t *tender) remind(at time.Time) {
	select {
	case t.due <- at:
	default:
	}
}

// start puts in order what the process before this one left.
func (t *tender) start(ctx context.Context) error {
	next, err := t.tidy(ctx)
	if err != nil {
		return err
	}
	ctx, t.end = context.WithCancel(ctx)
	t.done.Go(func() { t.run(ctx, next) })
	return nil
}

func (t *tender) stop() {
	if t.end != nil {
		t.end()
		t.done.Wait()
	}
}

func (t *tender) run(ctx context.Context, next time.Time) {
	timer := time.NewTimer(until(next))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case at := <-t.due:
			if at = at.Add(latency); !at.Before(next) {
				continue
			}
			next = at
		case <-timer.C:
			var err error
			if next, err = t.tidy(ctx); err != nil {
				if ctx.Err() != nil {
					return
				}
				t.log.Warn("Jobs could not be put in order", "error", err)
			}
			t.wake()
		}
		timer.Reset(until(next))
	}
}

// until is how long to wait for a time: never nothing.
func until(at time.Time) time.Duration { return max(time.Until(at), latency) }

// tidy makes jobs available whose time has come, or whose end was lost, and forgets old ones. It gives the time at which to do so again.
func (t *tender) tidy(ctx context.Context) (next time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	now := time.Now()
	next = now.Add(sweep)
	if err := t.release(ctx, now); err != nil {
		return next, err
	}
	_, err = t.db.ExecContext(ctx, `delete from river_job
		where (state = 'completed' and unixepoch(finalized_at) < $1) or (state in ('cancelled', 'discarded') and unixepoch(finalized_at) < $2)`,
		now.Add(-sweep).Unix(), now.Add(-given).Unix())
	if err != nil {
		return next, err
	}
	var due sql.NullFloat64 // in seconds
	err = t.db.QueryRowContext(ctx, `select min(unixepoch(scheduled_at, 'subsec')) from river_job
		where state in ('retryable', 'available') and unixepoch(scheduled_at, 'subsec') > $1`, float64(now.UnixMilli())/1000).Scan(&due)
	if at := time.UnixMilli(int64(due.Float64 * 1000)).Add(latency); due.Valid && at.Before(next) {
		next = at
	}
	return next, err
}

// release makes jobs available. River begins none before its time, so a second too early does not matter.
func (t *tender) release(ctx context.Context, now time.Time) error {
	_, err := t.db.ExecContext(ctx, `update river_job set state = 'available'
		where (state = 'retryable' and unixepoch(scheduled_at) <= $1) or (state = 'running' and unixepoch(attempted_at) < $2)`,
		now.Unix(), now.Add(-2*working).Unix())
	return err
}
