package board

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/store"
)

// errand is what there is to do for a board.
type errand int

const (
	showing   errand = iota // draw, then post or edit
	searching               // look for a post of which nobody knows whether it was done
	checking                // see to what may have arrived late
	judging                 // draw ahead, while it waits in the queue
)

// claim is a board that this process works on, under a lease.
type claim struct {
	row
	errand   errand
	places   []place
	probing  bool  // its channel refused posts so far
	strained bool  // Slack did not answer lately, or refuses all
	strains  int64 // how often in a row
	before   int64 // row.tried before this errand
}

// found is what a look for work found: a claim, or how long to wait.
type found struct {
	claim   *claim
	wait    time.Duration // 0: look again
	waiting int64         // boards that are due soon
}

// claim takes the next board, if there is one, and its places in the paces.
func (b *Boards) claim(ctx context.Context) (f found, err error) {
	err = b.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		f = found{}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		s := &scout{Boards: b, tx: tx, now: now}
		f, err = s.scout(ctx)
		return err
	})
	if errors.Is(err, errTaken) {
		return found{}, nil
	}
	if err != nil {
		return found{}, fmt.Errorf("look for boards: %w", err)
	}
	return f, nil
}

// errTaken takes a transaction back in which another process was quicker.
var errTaken = errors.New("another process took the board")

// scout looks for work in one transaction.
type scout struct {
	*Boards
	tx  *store.Tx
	now int64
}

// scout looks without a lock first, as mostly there is nothing.
func (s *scout) scout(ctx context.Context) (found, error) {
	if quiet, err := s.quiet(ctx); err != nil || quiet {
		return found{wait: s.patience()}, err
	}
	f, err := s.next(ctx)
	if err != nil || f.claim == nil {
		return f, err
	}
	if s.store.Shared() {
		if _, err := s.tx.Exec(ctx, "update board_turns set turn = turn + 1"); err != nil {
			return found{}, err
		}
		if f, err = s.next(ctx); err != nil || f.claim == nil {
			return f, err
		}
	}
	return f, s.take(ctx, f.claim)
}

// quiet tells whether all boards are true. That is so most of the time.
func (s *scout) quiet(ctx context.Context) (bool, error) {
	var some int64
	err := s.tx.QueryRow(ctx, `select count(*) from (select key from boards where wanted > shown and dead = ''
		union all select key from boards where later > 0 limit 1) as untrue`).Scan(&some)
	return some == 0, err
}

// next picks what to do.
func (s *scout) next(ctx context.Context) (found, error) {
	all, err := s.strain(ctx)
	if err != nil {
		return found{}, err
	}
	if all.probe > s.now {
		return found{wait: min(s.patience(), s.until(all.probe))}, nil
	}
	c, err := s.pick(ctx)
	if err != nil {
		return found{}, err
	}
	if c == nil {
		return s.idle(ctx)
	}
	c.strained, c.strains = all.lasts, all.fails
	return found{claim: c}, nil
}

// pick finds what can be sent, else what is to be checked, else what can be judged.
func (s *scout) pick(ctx context.Context) (*claim, error) {
	open, err := s.openMethods(ctx)
	if err != nil {
		return nil, err
	}
	for _, look := range []func(context.Context, map[string]int) (*claim, error){s.sendable, s.checkable, s.judgeable} {
		if c, err := look(ctx, open); err != nil || c != nil {
			return c, err
		}
	}
	return nil, nil
}

// openMethods are those that may be called now: 1, else 0.
func (s *scout) openMethods(ctx context.Context) (map[string]int, error) {
	open := map[string]int{updateMethod: 1, postMethod: 1, historyMethod: 1, repliesMethod: 1}
	rows, err := s.tx.Query(ctx, "select name from board_paces where free > $1 and name in ($2, $3, $4, $5)",
		s.now, updateMethod, postMethod, historyMethod, repliesMethod)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		open[name] = 0
	}
	return open, rows.Err()
}

const (
	fromBoards = ` from boards b
		left join boards q on q.key = b.parent
		left join board_refusals c on c.channel = b.channel and c.over = 0 `

	// A board stands in a thread only when there is one; if there never will be, it stands by itself.
	ready = ` b.lease <= $1 and (c.probe is null or c.probe <= $1 or c.posts = 1 and b.ts <> '') and (b.parent = '' or q.ts <> '' or q.dead <> '') `
	stale = ` b.wanted > b.shown and b.dead = '' and `

	// Two posts at the same time could arrive in either order, and one that is only looked at may be the elder.
	posting = `select 1 from boards o where o.lease > 0 and o.lease > $1 and o.channel = b.channel and o.ts = ''`
)

func (s *scout) sendable(ctx context.Context, open map[string]int) (*claim, error) {
	c, err := s.one(ctx, `left join board_paces p on p.name = $2 || b.channel
		where `+stale+ready+` and b.due <= $1 and (
			b.ts <> '' and $3 = 1 or
			b.ts = '' and b.doubt = 0 and $4 = 1 and coalesce(p.free, 0) <= $1 and not exists (`+posting+`) or
			b.ts = '' and b.doubt <> 0 and (coalesce(q.ts, '') = '' and $5 = 1 or q.ts <> '' and $6 = 1))
		order by b.rank, b.touched, b.key limit 1`,
		postMethod+" ", open[updateMethod], open[postMethod], open[historyMethod], open[repliesMethod])
	if c != nil && c.ts == "" && c.doubt != 0 {
		c.errand = searching
	}
	return c, err
}

func (s *scout) checkable(ctx context.Context, open map[string]int) (*claim, error) {
	c, err := s.one(ctx, "where b.later > 0 and b.later <= $1 and"+ready+
		`and (b.again = 0 or coalesce(q.ts, '') = '' and $2 = 1 or q.ts <> '' and $3 = 1) order by b.later, b.key limit 1`,
		open[historyMethod], open[repliesMethod])
	if c != nil {
		c.errand = checking
	}
	return c, err
}

func (s *scout) judgeable(ctx context.Context, _ map[string]int) (*claim, error) {
	c, err := s.one(ctx, "where"+stale+ready+"and b.due <= $1 and b.judged < b.wanted order by b.touched, b.key limit 1")
	if c != nil {
		c.errand = judging
	}
	return c, err
}

// one reads the first board that a condition, in which $1 is now, fits; nil if there is none.
func (s *scout) one(ctx context.Context, where string, args ...any) (*claim, error) {
	c := &claim{}
	var probing int64
	err := s.tx.QueryRow(ctx, "select case when c.probe is null or c.posts = 1 and b.ts <> '' then 0 else 1 end, "+rowColumns+fromBoards+where, append([]any{s.now}, args...)...).
		Scan(append([]any{&probing}, c.row.columns()...)...)
	if errors.Is(err, store.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c.probing, c.before = probing == 1, c.tried
	return c, nil
}

// idle tells how long there is nothing to do.
func (s *scout) idle(ctx context.Context) (found, error) {
	f := found{wait: s.patience()}
	var next int64
	err := s.tx.QueryRow(ctx, `select coalesce(min(moment), 0) from (
			select min(due) as moment from boards where wanted > shown and dead = '' and due > $1
			union all select min(later) from boards where later > $1
			union all select min(free) from board_paces where free > $1
			union all select min(probe) from board_refusals where over = 0 and probe > $1) as moments`, s.now).Scan(&next)
	if err != nil {
		return found{}, err
	}
	if next > 0 {
		f.wait = min(f.wait, s.until(next))
	}
	err = s.tx.QueryRow(ctx, "select count(*)"+fromBoards+"where"+stale+ready+"and b.due <= $2",
		s.now, in(s.now, soon)).Scan(&f.waiting)
	return f, err
}

func (s *scout) until(at int64) time.Duration { return time.Duration(at-s.now) * time.Millisecond }
