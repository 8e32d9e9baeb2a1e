package op_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"slipway/bot/op"
)

// Who stands still between the record of an effect and the effect has no time that begins anew: another process may have the
// operation.
func TestTheTimeOfAnEffectRunsFromItsRecord(t *testing.T) {
	type act struct{ after, has time.Duration } // the record; until its deadline
	for name, tc := range map[string]struct {
		pause time.Duration
		first act
	}{
		"no pause":                         {0, act{0, 6 * time.Second}},
		"a short pause":                    {2 * time.Second, act{2 * time.Second, 4 * time.Second}},
		"a pause that leaves nothing":      {6 * time.Second, act{30 * time.Second, 6 * time.Second}}, // it is looked for first
		"a pause that is over the lease's": {9 * time.Second, act{30 * time.Second, 6 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				var recorded time.Time
				var acts []act
				var pausing sync.Once
				s.run = func(ctx context.Context, o *op.Operation) error {
					f := s.effect("on")
					f.Guard = func(context.Context) error {
						s.set(func() {
							if recorded.IsZero() {
								recorded = time.Now()
							}
							s.nudged = func() { pausing.Do(func() { time.Sleep(max(tc.pause, time.Millisecond)) }) } // the next nudge follows the record
						})
						return nil
					}
					change := f.Act
					f.Act = func(ctx context.Context) (string, error) {
						until, _ := ctx.Deadline()
						s.set(func() {
							acts = append(acts, act{time.Since(recorded).Truncate(10 * time.Millisecond), time.Until(until).Round(10 * time.Millisecond)})
						})
						return change(ctx)
					}
					_, err := op.Do(ctx, o, "turn it on", f)
					return err
				}
				k := s.offer(alice, plan())
				s.stop()
				s.confirms(k) // all nudges of a confirmation are over
				s.start()
				s.succeeds(k.ID)
				s.set(func() {
					if len(acts) != 1 || acts[0] != tc.first {
						t.Errorf("it was done %v after its record, want %v", acts, tc.first)
					}
				})
				if n := s.count("on"); n != 1 {
					t.Errorf("the effect is there %d times", n)
				}
			})
		})
	}
}

func TestALateRenewalDoesNotShortenALease(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{answers: 5 * time.Second})
		id := s.confirmed()
		time.Sleep(time.Second)
		s.change("update operations set lease = lease + 60000 where id = $1", id) // as one that read the time later
		var longer, renewed int64
		s.read("select lease from operations where id = $1", []any{id}, &longer)
		time.Sleep(3 * time.Second)
		s.read("select lease from operations where id = $1", []any{id}, &renewed)
		if renewed < longer {
			t.Errorf("it is %d ms shorter", longer-renewed)
		}
		s.succeeds(id)
	})
}
