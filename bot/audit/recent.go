package audit

import (
	"context"
	"fmt"

	"slipway/bot/store"
)

// Recent is the end of the trail.
type Recent struct {
	Rows   []Row   // the newest of the app, oldest first
	Linked int     // how many of the newest rows of all apps were looked at
	All    bool    // those are all there are
	Broken *Broken // nil if those rows and the app's are as they were written, up to the head
}

// linked is how many of the newest rows are looked at by Recent.
const linked = 100

// Recent reads the newest entries of an app, at most limit, and looks whether they and the end of the chain are as they were written.
// Verify looks at all of it.
func (t *Trail) Recent(ctx context.Context, app string, limit int) (r Recent, err error) {
	var end, about page
	err = t.store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if end, err = readPage(ctx, tx, fmt.Sprintf(readRows, "order by seq desc limit $1"), linked); err != nil {
			return err
		}
		about, err = readPage(ctx, tx, fmt.Sprintf(readRows, "where app = $1 order by seq desc limit $2"), app, limit)
		return err
	})
	if err != nil {
		return Recent{}, fmt.Errorf("read the end of the audit trail: %w", err)
	}
	c := newChain(nil)
	c.open = len(end.rows) == linked // else the first row must be there
	for _, s := range end.rows {
		_, _ = c.add(s) // what cannot be read is a fault of the chain
	}
	c.end(end.head)
	r = Recent{Linked: len(end.rows), All: len(end.rows) < linked, Broken: c.broken}
	for _, s := range about.rows {
		r.add(s)
	}
	return r, nil
}

// add looks at one row by itself.
func (r *Recent) add(s *stored) {
	c := chain{open: true}
	row, err := c.add(s)
	if err == nil {
		r.Rows = append(r.Rows, row)
	}
	if r.Broken == nil || c.broken != nil && c.broken.Seq < r.Broken.Seq {
		r.Broken = c.broken
	}
}
