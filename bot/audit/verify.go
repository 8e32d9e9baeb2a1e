package audit

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"slipway/bot/store"
)

// Broken says where the chain is broken. It is an error whose text is for a person.
type Broken struct {
	Seq  int64  // the first row that is not as it was written
	Text string // a sentence without its full stop
}

func (b *Broken) Error() string { return b.Text }

// Walk is what there is to do on the way along the chain.
type Walk struct {
	Known []Head          // heads that were logged once, and so must still be there
	Row   func(Row) error // called with each row, oldest first; also with those behind a break. nil: with none
}

// betweenPages is how long a check lets others have the database.
const betweenPages = 20 * time.Millisecond

// pageRows is how many rows are read in one transaction, and so how many are in memory.
const pageRows = 200

// Verify walks the chain from its first row to its head, and gives the head. The error is a *Broken when the chain is not whole, what
// w.Row gave, or that of the database. What is written meanwhile is part of the walk.
func (t *Trail) Verify(ctx context.Context, w Walk) (Head, error) { return t.walk(ctx, w, 0) }

func (t *Trail) walk(ctx context.Context, w Walk, pause time.Duration) (Head, error) {
	c := newChain(w.Known)
	for from := int64(math.MinInt64); ; {
		p, err := t.page(ctx, from)
		if err != nil {
			return Head{}, fmt.Errorf("read the audit trail: %w", err)
		}
		for _, s := range p.rows {
			row, unreadable := c.add(s)
			if w.Row != nil && unreadable == nil {
				if err := w.Row(row); err != nil {
					return Head{}, err
				}
			}
		}
		if from = c.seq + 1; len(p.rows) < pageRows || c.lost || c.seq == math.MaxInt64 {
			c.end(p.head)
			return p.head.Head, c.err()
		}
		if pause > 0 {
			sleep(ctx, pause)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// page is some rows, and the head as it was at the same instant.
type page struct {
	head storedHead
	rows []*stored
}

// storedHead is the head as the database has it.
type storedHead struct {
	Head
	wrong string // why it is none; "" if it is one
}

// readRows reads head and rows in one statement, so that both are of one instant. What there is none of is null.
const readRows = `select cast(h.seq as text), h.hash,
		cast(a.seq as text), cast(a.at as text), a.app, a.operation, a.who, a.what, a.text, a.detail, a.prev, a.hash
	from (select 1 as one) x left join audit_head h on h.one = x.one left join (select * from audit %s) a on 1 = 1
	order by a.seq`

// page reads the rows from a number on.
func (t *Trail) page(ctx context.Context, from int64) (p page, err error) {
	err = t.store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		p, err = readPage(ctx, tx, fmt.Sprintf(readRows, "where seq >= $1 order by seq limit $2"), from, pageRows)
		return err
	})
	return p, err
}

func readPage(ctx context.Context, tx *store.Tx, sql string, args ...any) (page, error) {
	var p page
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return page{}, err
	}
	defer func() { _ = rows.Close() }() // what it could say, Err has said
	for rows.Next() {
		var columns [12]*string
		var into [12]any
		for i := range columns {
			into[i] = &columns[i]
		}
		if err := rows.Scan(into[:]...); err != nil {
			return page{}, err
		}
		p.head = readHead(columns[0], columns[1])
		if columns[2] != nil {
			p.rows = append(p.rows, readRow(columns[2:]))
		}
	}
	return p, rows.Err()
}

func readHead(seq, hash *string) storedHead {
	if seq == nil || hash == nil {
		return storedHead{wrong: "the head of the chain is gone"}
	}
	n, err := strconv.ParseInt(*seq, 10, 64)
	if err != nil {
		return storedHead{wrong: fmt.Sprintf("the head of the chain has the number %q", *seq)}
	}
	return storedHead{Head: Head{n, *hash}}
}

// readRow takes a column that somebody emptied for one without text, which its hash does not fit.
func readRow(columns []*string) *stored {
	var text [10]string
	for i, c := range columns {
		if c != nil {
			text[i] = *c
		}
	}
	return &stored{text[0], text[1], text[2], text[3], text[4], text[5], text[6], text[7], text[8], text[9]}
}
