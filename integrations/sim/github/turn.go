package githubsim

import (
	"context"
	"time"
)

// What happens at one instant happens in a certain order here: each job has a place of its own just before the
// microsecond at which its time is up, given by its id. Under a fake clock, where seconds pass without taking any
// time, this is what makes the same calls give the same webhooks in the same order.

const (
	tick   = time.Microsecond
	places = int64(tick)/2 - 1
)

// place is how long before the whole microsecond the turn of this id is.
func place(id int64) time.Duration { return time.Duration(places - id%places) }

// now is the time as the simulator shows it, without the place in it.
func (s *Server) now() time.Time { return time.Now().UTC().Round(tick) }

// sleep takes as long as d does in this world, until the place of whoever has this id, and tells whether it was
// let to.
func (s *Server) sleep(ctx context.Context, d time.Duration, id int64) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	return until(ctx, time.Now().Round(tick).Add(time.Duration(float64(d)/s.options.Speed)-place(id)))
}

// turn waits for the next place of whoever has this id.
func (s *Server) turn(id int64) {
	at := time.Now().Round(tick).Add(-place(id))
	if now := time.Now(); at.Before(now) {
		at = at.Add(tick)
	}
	until(s.ctx, at)
}

// until returns at a time, or at once if that has come; false if it was called off. A timer that is over before it is waited
// for is not made: two of them crash a synctest bubble under the race detector.
func until(ctx context.Context, at time.Time) bool {
	d := time.Until(at)
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
