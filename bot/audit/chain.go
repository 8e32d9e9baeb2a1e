package audit

import (
	"fmt"
	"strconv"
)

// chain is the walk so far. It remembers the first thing that is wrong.
type chain struct {
	known  []Head
	seq    int64  // number of the row that was added last
	hash   string // its hash
	open   bool   // the chain is read from its middle on: the first row follows whatever it says
	lost   bool   // a row has no number to go on from
	broken *Broken
}

func newChain(known []Head) *chain { return &chain{hash: noHash, known: known} }

// fault keeps the first one.
func (c *chain) fault(seq int64, format string, args ...any) {
	if c.broken == nil {
		c.broken = &Broken{seq, fmt.Sprintf(format, args...)}
	}
}

func (c *chain) err() error {
	if c.broken == nil {
		return nil
	}
	return c.broken
}

// add takes the next row. The error says why it cannot be read.
func (c *chain) add(s *stored) (Row, error) {
	seq, err := strconv.ParseInt(s.seq, 10, 64)
	if err != nil {
		c.lost = true
		c.fault(c.seq+1, "the row behind row %d was changed: its number is %s", c.seq, cut(strconv.Quote(s.seq)))
		return Row{}, err
	}
	if c.open {
		c.seq, c.hash, c.open = seq-1, s.prev, false
	}
	row, err := s.row(seq)
	c.link(s, seq, err)
	c.seq, c.hash = seq, s.hash
	for _, known := range c.known {
		if known.Seq == seq && known.Hash != s.hash {
			c.fault(seq, "row %d is not the one that was logged: its hash is %s, and that in the log is %s; the chain was written anew", seq, cut(s.hash), cut(known.Hash))
		}
	}
	return row, err
}

// link looks whether a row is what was written, and follows the one before it.
func (c *chain) link(s *stored, seq int64, unreadable error) {
	next := c.seq + 1
	switch {
	case seq < next:
		c.fault(seq, "row %d was put in: the next row is %d", seq, next)
	case seq == next+1:
		c.fault(next, "row %d is missing", next)
	case seq > next:
		c.fault(next, "rows %d to %d are missing", next, seq-1)
	case s.sum() != s.hash:
		c.fault(seq, "row %d was changed: its hash does not fit what it says", seq)
	case s.prev != c.hash && c.seq == 0:
		c.fault(seq, "row %d was put in: it does not begin a chain", seq)
	case s.prev != c.hash:
		c.fault(c.seq, "row %d or row %d was put in the place of another: row %d follows a row %d with another hash", c.seq, seq, seq, c.seq)
	case unreadable != nil:
		c.fault(seq, "row %d was put in: %v", seq, unreadable)
	}
}

// end compares the last row with the head.
func (c *chain) end(head storedHead) {
	switch {
	case head.wrong != "":
		c.fault(c.seq+1, "%s; the last row is %d", head.wrong, c.seq)
	case head.Seq == c.seq+1:
		c.fault(head.Seq, "row %d is missing: it was the last", head.Seq)
	case head.Seq > c.seq:
		c.fault(c.seq+1, "rows %d to %d are missing: they were the last", c.seq+1, head.Seq)
	case head.Seq < c.seq:
		c.fault(head.Seq+1, "row %d was put in: the chain ended with row %d", head.Seq+1, head.Seq)
	case head.Hash != c.hash:
		c.fault(head.Seq, "row %d was put in the place of another, or the head was changed: they have not the same hash", head.Seq)
	}
	for _, known := range c.known {
		if known.Seq > c.seq {
			c.fault(c.seq+1, "row %d was logged and is missing: the chain ends with row %d", known.Seq, c.seq)
		}
		if known.Seq == 0 && known.Hash != noHash {
			c.fault(0, "no chain begins with 0:%s", cut(known.Hash))
		}
	}
}

// cut is enough of a hash to be told from others.
func cut(hash string) string {
	if len(hash) > 12 {
		return hash[:12] + "…"
	}
	return hash
}
