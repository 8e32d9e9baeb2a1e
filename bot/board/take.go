package board

import "context"

// take makes a claim ours, and writes down a post before it is made. Rows are written in the same order everywhere (paces, refusals,
// boards), so that no two processes wait for each other.
func (s *scout) take(ctx context.Context, c *claim) error {
	for _, p := range c.paces() {
		got, err := p.take(ctx, s.tx, s.now)
		if err != nil {
			return err
		}
		c.places = append(c.places, got)
	}
	if err := s.probe(ctx, c); err != nil {
		return err
	}
	s.inherit(c)
	if c.errand == showing && c.ts == "" {
		c.doubt, c.looks = s.now, 0
		if c.tried == 0 {
			c.tried = s.now
		}
	}
	n, err := s.tx.Exec(ctx, `update boards set owner = $1, epoch = epoch + 1, lease = $2, doubt = $3, looks = $4, tried = $5, later = $6
		where key = $7 and epoch = $8 and lease <= $9`,
		s.id, in(s.now, lease), c.doubt, c.looks, c.tried, c.later, string(c.Key), c.epoch, s.now)
	c.epoch++
	if err == nil && n == 0 {
		return errTaken
	}
	return err
}

// inherit reckons with a call that the last owner made before it died: it may be done only now.
func (s *scout) inherit(c *claim) {
	switch {
	case c.owner == "":
	case c.ts != "":
		c.later = max(c.later, in(s.now, s.late()))
	case c.doubt != 0:
		c.doubt, c.looks = s.now, 0
	}
}

// paces are those of the calls that an errand makes.
func (c *claim) paces() []pace {
	look := historyPace
	if c.parentTS != "" {
		look = repliesPace
	}
	switch {
	case c.errand == showing && c.ts != "":
		return []pace{updatePace}
	case c.errand == showing:
		return []pace{postPace, channelPace(c.Channel)}
	case c.errand == searching, c.errand == checking && c.again != 0:
		return []pace{look}
	}
	return nil
}

// called is the place of the call that Slack's limits go by.
func (c *claim) called() place { return c.places[len(c.places)-1] }
