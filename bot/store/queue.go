package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// queue is River over one driver, whose transaction is T.
type queue[T any] struct {
	driver  riverdriver.Driver[T]
	config  river.Config
	inserts *river.Client[T]          // works nothing, so that jobs can be enqueued before Start
	works   *river.Client[T]          // nil before Start
	local   *localDriver[T]           // nil before Start
	waker   atomic.Pointer[fetchWork] // nil before Start
}

// cooldown is between two looks for jobs, however many wake the workers.
const cooldown = 10 * time.Millisecond

type inserted = *rivertype.JobInsertResult

func newQueue[T any](driver riverdriver.Driver[T], o Options, adapt func(*river.Config)) (*queue[T], error) {
	q := &queue[T]{driver: driver}
	q.config = river.Config{
		CompletedJobRetentionPeriod: time.Minute, // nobody asks what is done
		ErrorHandler:                failures{o.Log},
		FetchPollInterval:           o.Poll,
		FetchCooldown:               min(cooldown, o.Poll),
		JobTimeout:                  working,
		Logger:                      slog.New(warnings{o.Log.Handler()}),
		MaxAttempts:                 attempts,
		PollOnly:                    true, // PgBouncer has no LISTEN
		RescueStuckJobsAfter:        2 * working,
		RetryPolicy:                 retries{},
		SoftStopTimeout:             stopping,
	}
	adapt(&q.config)
	var err error
	if q.inserts, err = river.NewClient(driver, &q.config); err != nil {
		return nil, err
	}
	q.config.ID = q.inserts.ID() // one process, one name
	return q, nil
}

func (q *queue[T]) start(ctx context.Context, workers *river.Workers, o Options) error {
	config := q.config
	config.Workers = workers
	config.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}}
	q.local = &localDriver[T]{Driver: q.driver}
	works, err := river.NewClient[T](q.local, &config)
	if err != nil {
		return err
	}
	if err := works.Start(ctx); err != nil {
		return err
	}
	q.works = works
	q.waker.Store(&q.local.pilot.fetch)
	return nil
}

// wake lets this store's workers look for jobs that it has just committed, rather than at their next poll.
func (q *queue[T]) wake(jobs []inserted) {
	if fetch := q.waker.Load(); fetch != nil {
		(*fetch)(context.Background(), jobs)
	}
}

// look lets this store's workers look for jobs, whoever has enqueued them.
func (q *queue[T]) look() {
	q.wake([]inserted{{Job: &rivertype.JobRow{Queue: river.QueueDefault}}})
}

// stop waits for jobs, then cancels them, then leaves them. When the database is away it begins with the second: how they end cannot be
// written down.
func (q *queue[T]) stop(away bool) error {
	if q.works == nil {
		return nil
	}
	q.waker.Store(nil)
	ctx, cancel := context.WithTimeout(context.Background(), 2*stopping)
	defer cancel()
	if !away && q.works.Stop(ctx) == nil {
		return nil
	}
	q.local.pilot.gone.Store(true)
	ctx, cancel = context.WithTimeout(context.Background(), 2*stopping)
	defer cancel()
	if q.works.StopAndCancel(ctx) != nil {
		return errors.New("jobs did not end when they were told to, and were left behind")
	}
	return nil
}

func (q *queue[T]) insert(ctx context.Context, tx T, j Job) (inserted, error) {
	return q.inserts.InsertTx(ctx, tx, j, nil)
}

// migrate brings River's own tables up to date. It gives the newest version that this River knows.
func (q *queue[T]) migrate(ctx context.Context) (newest int, err error) {
	m, err := rivermigrate.New(q.driver, &rivermigrate.Config{Logger: q.config.Logger})
	if err != nil {
		return 0, err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return 0, fmt.Errorf("the jobs' tables: %w", err)
	}
	all := m.AllVersions()
	return all[len(all)-1].Version, nil
}

// standardClock makes River use this process's clock, which tests can simulate, instead of the database's.
type standardClock struct{}

// Now is for River.
func (standardClock) Now() time.Time { return time.Now() }

// NowOrNil is for River.
func (c standardClock) NowOrNil() *time.Time {
	now := c.Now()
	return &now
}
