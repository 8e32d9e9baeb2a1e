package store

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A process on Postgres shows every two seconds that it lives. The jobs of one that has not for six are given to the others: River
// would wait for two minutes. A process that only seemed dead may then work a job at the same time as another.
const (
	beat = 2 * time.Second
	dead = 6 * time.Second
)

// pulse is the life of this process as others see it.
type pulse struct {
	pool *pgxpool.Pool
	id   string // as River writes it to the jobs that this process works
	log  *slog.Logger
	wake func()
	end  context.CancelFunc
	done sync.WaitGroup
}

func newPulse(pool *pgxpool.Pool, id string, log *slog.Logger, wake func()) *pulse {
	return &pulse{pool: pool, id: id, log: log, wake: wake}
}

func (p *pulse) start(ctx context.Context) error {
	if err := p.beat(ctx); err != nil {
		return err
	}
	ctx, p.end = context.WithCancel(ctx)
	p.done.Go(func() { p.run(ctx) })
	return nil
}

func (p *pulse) run(ctx context.Context) {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	well := true
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := p.beat(ctx)
		if err != nil && well && ctx.Err() == nil {
			p.log.Warn("The database does not hear that this process lives", "error", err)
		}
		well = err == nil
	}
}

// stop also says so to the others, if they can be reached.
func (p *pulse) stop() {
	if p.end == nil {
		return
	}
	p.end()
	p.done.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), beat)
	defer cancel()
	_, _ = p.pool.Exec(ctx, "delete from processes where id = $1", p.id) // else they notice by themselves
}

// beat shows that this process lives, and takes what dead ones had.
func (p *pulse) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, dead-beat) // or others take this one for dead
	defer cancel()
	_, err := p.pool.Exec(ctx, `insert into processes (id, seen) values ($1, `+databaseTime+`)
		on conflict (id) do update set seen = excluded.seen`, p.id)
	if err != nil {
		return err
	}
	taken, err := p.pool.Exec(ctx, `update river_job set state = 'available', scheduled_at = now()
		where state = 'running' and attempt < max_attempts
		and attempted_by[array_upper(attempted_by, 1)] not in (select id from processes where seen > `+databaseTime+` - $1)`, dead.Milliseconds())
	if err != nil {
		return err
	}
	if taken.RowsAffected() > 0 {
		p.log.Warn("Jobs of a process that died are begun again", "jobs", taken.RowsAffected())
		p.wake()
	}
	_, err = p.pool.Exec(ctx, `with gone as (delete from processes where seen <= `+databaseTime+` - $1 returning id)
		delete from river_leader where leader_id in (select id from gone)`, dead.Milliseconds())
	return err
}
