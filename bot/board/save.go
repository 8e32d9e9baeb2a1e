package board

import (
	"context"
	"time"

	"slipway/bot/store"
)

const (
	savePause  = 250 * time.Millisecond // after the database failed; it doubles
	saveWithin = time.Minute            // then the board is left to whoever takes it up, who finds what was done
)

// errand does what there is to do for a board, and writes down what came of it.
func (b *Boards) errand(ctx context.Context, c *claim) {
	var r result
	switch c.errand {
	case showing:
		r = b.show(ctx, c)
	case searching:
		r = b.search(ctx, c)
	case checking:
		r = b.check(ctx, c)
	case judging:
		r = b.ahead(ctx, c)
	}
	b.save(ctx, c, r)
	b.Nudge()
}

// save writes a result down, again and again while the database is away. When ctx has ended there is one try.
func (b *Boards) save(ctx context.Context, c *claim, r result) {
	began := time.Now()
	for fails := int64(0); ; fails++ {
		err := b.saveOnce(context.WithoutCancel(ctx), c, r)
		if err == nil {
			return
		}
		if !store.Away(err) || ctx.Err() != nil || time.Since(began) > saveWithin {
			b.log.Error("what became of a board could not be written down", "board", c.Key, "app", c.App, "error", err)
			return
		}
		pause := time.NewTimer(doubled(savePause, awayPause, fails))
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		pause.Stop()
	}
}

func (b *Boards) saveOnce(ctx context.Context, c *claim, r result) error {
	s := &scribe{Boards: b, c: c, result: r}
	err := b.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		s.tx, s.now, s.words = tx, now, nil
		return s.write(ctx)
	})
	if err != nil {
		return err
	}
	for _, say := range s.words {
		say()
	}
	return nil
}

// scribe writes one result down in one transaction.
type scribe struct {
	*Boards
	c      *claim
	result result
	tx     *store.Tx
	now    int64
	words  []func() // to be said when it is written
}

func (s *scribe) say(word func()) { s.words = append(s.words, word) }

func (s *scribe) write(ctx context.Context) error {
	for _, part := range []func(context.Context) error{s.paces, s.refusals, s.parent, s.board} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *scribe) paces(ctx context.Context) error {
	for _, p := range s.c.places {
		if !s.result.called {
			if err := p.giveBack(ctx, s.tx); err != nil {
				return err
			}
		}
	}
	switch {
	case s.result.limited:
		return s.c.called().limited(ctx, s.tx, s.now, s.result.limit)
	case s.result.called && s.result.answered && len(s.c.places) > 0:
		return s.c.called().passed(ctx, s.tx)
	}
	return nil
}

// parent has the message posted anew in whose thread the board was to stand, because there is something to say in it.
func (s *scribe) parent(ctx context.Context) error {
	if !s.result.parentGone {
		return nil
	}
	_, err := s.tx.Exec(ctx, "update boards set ts = '', hash = '', wanted = wanted + 1, touched = $1 where key = $2 and ts = $3",
		s.now, string(s.c.Parent), s.c.parentTS)
	return err
}

// board writes the board and gives it back. When another process has taken it meanwhile, that one's word counts.
func (s *scribe) board(ctx context.Context) error {
	r := s.result
	if r.laterIn > 0 {
		r.later = max(r.later, in(s.now, r.laterIn))
	}
	if r.doubted {
		r.doubt = s.now
	}
	forced := 0
	if r.forced {
		forced = 1
	}
	n, err := s.tx.Exec(ctx, `update boards set wanted = wanted + $1,
			touched = case when $2 > shown and wanted > $2 then $3 else touched end,
			shown = $2, judged = $4, rank = $5, fails = $6, due = $7, ts = $8, hash = $9, refused = $10, dead = $11, tried = $12, doubt = $13,
			looks = $14, again = $15, later = $16, channel = $17, owner = '', lease = 0
		where key = $18 and owner = $19 and epoch = $20`,
		forced, r.shown, s.now, r.judged, r.rank, r.fails, max(in(s.now, r.wait), r.notBefore), r.ts, r.hash, r.refused, r.dead, r.tried, r.doubt,
		r.looks, r.again, r.later, r.Channel, string(s.c.Key), s.id, s.c.epoch)
	if err == nil && n == 0 {
		s.say(func() { s.log.Warn("another process took a board over", "board", s.c.Key, "app", s.c.App) })
	}
	return err
}
