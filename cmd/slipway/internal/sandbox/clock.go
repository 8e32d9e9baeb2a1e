package sandbox

import (
	"context"
	"time"

	"slipway/bot/chattest"
)

// clock is real time that an interrupt cuts short. What happens while somebody waits can be shown meanwhile.
type clock struct {
	chattest.RealClock
	ctx       context.Context
	meanwhile func()
}

// during puts another end and another meanwhile in place, and gives the way back.
func (c *clock) during(ctx context.Context, meanwhile func()) (back func()) {
	before := *c
	c.ctx, c.meanwhile = ctx, meanwhile
	return func() { *c = before }
}

// Settle waits for quiet, as of chattest.RealClock.
func (c *clock) Settle(quiet func() bool) {
	c.RealClock.Settle(func() bool { return c.ctx.Err() != nil || quiet() })
}

// Wait waits as chattest.RealClock does.
func (c *clock) Wait(done func() bool) bool {
	return c.RealClock.Wait(func() bool {
		c.meanwhile()
		return c.ctx.Err() != nil || done()
	})
}

// stay waits for the interrupt.
func (c *clock) stay() {
	tick := time.NewTicker(shownEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-tick.C:
			c.meanwhile()
		}
	}
}
