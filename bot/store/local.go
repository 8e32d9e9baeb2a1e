package store

import (
	"context"
	"sync/atomic"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivershared/baseservice"
	"github.com/riverqueue/river/rivershared/riverpilot"
	"github.com/riverqueue/river/rivertype"
)

// localDriver is a driver that does not listen, so that River tells its own workers of new jobs when it is asked to: at once, on both
// engines, and also behind PgBouncer. It is what River calls a plugin; a test holds it to that.
type localDriver[T any] struct {
	riverdriver.Driver[T]
	pilot pilot
}

// GetExecutor is for River.
func (d *localDriver[T]) GetExecutor() riverdriver.Executor { return executor{d.Driver.GetExecutor()} }

// SupportsListener is for River.
func (d *localDriver[T]) SupportsListener() bool { return false }

// SupportsListenNotify is for River.
func (d *localDriver[T]) SupportsListenNotify() bool { return false }

// PluginInit is for River.
func (d *localDriver[T]) PluginInit(*baseservice.Archetype) {}

// PluginPilot is for River.
func (d *localDriver[T]) PluginPilot() riverpilot.Pilot { return &d.pilot }

type fetchWork = func(context.Context, []inserted)

// pilot is River's own, but it remembers how to look for jobs, and it can be told that the database is not coming back.
type pilot struct {
	riverpilot.StandardPilot
	fetch fetchWork
	gone  atomic.Bool
}

// JobSetStateIfRunningMany is for River, which otherwise tries for long, and forever on SQLite, to write down how jobs ended.
func (p *pilot) JobSetStateIfRunningMany(
	ctx context.Context, exec riverdriver.Executor, params *riverdriver.JobSetStateIfRunningManyParams,
) ([]*rivertype.JobRow, error) {
	if p.gone.Load() {
		return nil, riverdriver.ErrClosedPool
	}
	return p.StandardPilot.JobSetStateIfRunningMany(ctx, exec, params)
}

// PilotInit is for River.
func (p *pilot) PilotInit(_ *baseservice.Archetype, params *riverpilot.PilotInitParams) {
	p.fetch = params.NotifyNonTxJobInsert
}

// executor answers by itself how the queue is set, for which River asks every two seconds: nobody pauses it.
type executor struct{ riverdriver.Executor }

// QueueGet is for River.
func (executor) QueueGet(_ context.Context, params *riverdriver.QueueGetParams) (*rivertype.Queue, error) {
	return &rivertype.Queue{Name: params.Name, Metadata: []byte("{}")}, nil
}
