package op_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/op"
)

// prelude is a Run of a harmless effect before one that changes the app.
func (s *stage) prelude(ctx context.Context, o *op.Operation) error {
	note := s.effect("note")
	note.Harmless = true
	if _, err := op.Do(ctx, o, "note it", note); err != nil {
		return err
	}
	_, err := op.Do(ctx, o, "turn it on", s.effect("on"))
	return err
}

// What has begun harmless effects only still gives way, also after it was taken up by another process; and what hangs on it hears of that.
func TestWhatHasBegunHarmlessEffectsOnlyGivesWay(t *testing.T) {
	for name, tt := range map[string]struct {
		note, on way
		kill     bool
		yields   bool
	}{
		"done":                  {on: way{after: -1, err: errQuota}, yields: true},
		"done, after a kill":    {on: way{after: -1, err: errQuota}, yields: true, kill: true},
		"under way":             {note: way{answers: 5 * time.Second}, yields: true},
		"then one that changes": {on: way{answers: 5 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.run = s.prelude
				hooked(s, nil)
				s.next("note", tt.note)
				s.next("on", tt.on)
				first, second := s.offer(bob, plan()), s.offer(alice, rival())
				if _, err := s.engine.Confirm(t.Context(), bob, first.Value()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Second)
				if tt.kill {
					s.kill()
					s.engine.Hook("test", op.Hooks{}) // what the first heard is enough
					time.Sleep(time.Second)
				}
				stands, err := s.engine.Free(t.Context(), alice, app, true)
				if tt.yields != (err == nil && stands != nil) {
					t.Errorf("there stands %+v: %v", stands, err)
				}
				_, err = s.engine.Confirm(t.Context(), alice, second.Value())
				if !tt.yields {
					refused(t, err, "was started by <@U0BOB>")
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if tt.kill {
					return
				}
				s.succeeds(second.ID)
				want := []string{"U0BOB confirmed in C0DEPLOYS", "not done, not begun", "U0ALICE confirmed in C0DEPLOYS", "done, begun"}
				if diff := cmp.Diff(want, s.heard()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

func TestHooksHearOfAStop(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		hooked(s, nil)
		s.next("on", way{after: time.Minute})
		k := s.offer(alice, whole())
		if _, err := s.engine.Confirm(t.Context(), alice, k.Value()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if err := s.halts(bob, k.ID); err != nil {
			t.Fatal(err)
		}
		s.ends(k.ID, "<@U0BOB> stopped it")
		if diff := cmp.Diff([]string{"U0ALICE confirmed in C0DEPLOYS", "not done, begun"}, s.heard()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// From a confirmation to the effect there is one read, of all that is asked.
func TestAnEffectBeginsOneReadAfterItsConfirmation(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		const call = 200 * time.Millisecond
		var acted time.Time // before it ends
		s.run = func(ctx context.Context, o *op.Operation) error {
			f := s.effect("on")
			f.Guard = func(context.Context) error { time.Sleep(call); return nil }
			f.Act = func(ctx context.Context) (string, error) { acted = time.Now(); return s.act(ctx, "on") }
			_, err := op.Do(ctx, o, "turn it on", f)
			return err
		}
		s.slow(call)
		k := s.offer(alice, plan())
		at := time.Now()
		if _, err := s.engine.Submit(t.Context(), alice, k.Value(), ""); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(at); took != 0 {
			t.Errorf("the submit took %v", took)
		}
		s.succeeds(k.ID)
		if took := acted.Sub(at); took != call {
			t.Errorf("the effect was begun after %v, want %v", took, call)
		}
	})
}

func TestAnEffectLeavesItsDetail(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			f := s.effect("on")
			f.Detail = func(id string) string { return "It is " + id }
			_, err := op.Do(ctx, o, "turn it on", f)
			return err
		}
		id := s.confirmed()
		s.ends(id)
		d, err := s.engine.Draw(t.Context(), op.KeyOf(id)+" 0")
		if got := text(d.Message.Blocks); err != nil || got != "It is on-1" {
			t.Errorf("the thread says %q: %v", got, err)
		}
	})
}
