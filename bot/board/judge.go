package board

import "context"

// ahead draws a board that waits in the queue, to see whether it is urgent, or true already.
func (b *Boards) ahead(ctx context.Context, c *claim) result {
	d, err := b.drawing(ctx, c)
	if err != nil {
		return b.undrawn(c, err)
	}
	if d.Message.Text == "" || c.shownAlready(hashOf(d.Message)) {
		return c.result().isTrue(d)
	}
	r := c.result()
	r.ranked(d)
	return r
}
