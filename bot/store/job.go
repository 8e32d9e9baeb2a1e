package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Job is work to be done after the transaction that asks for it. It is stored as JSON: add fields, never rename them. It may be worked
// more than once: when its process dies, or is thought dead, another takes it.
type Job interface {
	// Kind is a name without spaces, stored for ever. The zero value has it, too.
	Kind() string
}

// Handle says who works jobs of J's kind. It is called before Start, once for each kind. When work gives an error or panics, the job is
// tried again after 1 s, 2 s, 4 s … 10 min, for about a day. Work may take a minute; then its context ends.
func Handle[J Job](s *Store, work func(ctx context.Context, j J) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var zero J
	switch err := river.AddWorkerSafely(s.workers, &worker[J]{work: work}); {
	case s.started:
		s.wrong = errors.Join(s.wrong, fmt.Errorf("jobs of kind %s were given a worker after the store's start", zero.Kind()))
	case err != nil:
		s.wrong = errors.Join(s.wrong, err)
	}
}

const (
	working      = time.Minute // one attempt
	longestPause = 10 * time.Minute
	attempts     = 150 // the pauses between them add up to 24 hours
)

type worker[J Job] struct {
	river.WorkerDefaults[J]
	work func(context.Context, J) error
}

// Work is for River.
func (w *worker[J]) Work(ctx context.Context, j *river.Job[J]) error { return w.work(ctx, j.Args) }

// retries doubles the pause with each attempt. There is nothing random in it: jobs of one store seldom fail together, and few do.
type retries struct {
	remind func(at time.Time) // nil: nobody wants to know
}

// NextRetry is for River.
func (r retries) NextRetry(j *rivertype.JobRow) time.Time {
	at := time.Now().Add(pause(len(j.Errors) + 1))
	if r.remind != nil {
		r.remind(at)
	}
	return at
}

// pause is how long to wait after the nth failure.
func pause(n int) time.Duration {
	if n > 10 { // 2^9 s is 8.5 min
		return longestPause
	}
	return time.Second << max(n-1, 0)
}
