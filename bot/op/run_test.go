package op_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/op"
	"slipway/bot/say"
)

func TestAConfirmedPlanIsCarriedOutStepByStep(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: 20 * time.Second})
		id := s.confirmed()
		time.Sleep(100 * time.Millisecond)
		s.says(id, ":hourglass_flowing_sand: Turn it on for *penny-university*: under way",
			":white_check_mark: turn it on: done at", ":hourglass_flowing_sand: it is on: running since", "Confirmed by <@U0ALICE> at")
		if n := s.engine.Busy(); n != 0 {
			t.Errorf("%d operations are busy while one waits for 5 s", n)
		}
		s.succeeds(id, ":white_check_mark: Turn it on for *penny-university*: done in 20 s", "it is on: done at", "(20 s)", "tell the rest after on-1: done")
		if on, rest := s.count("on"), s.count("rest"); on != 1 || rest != 1 {
			t.Errorf("the effects are there %d and %d times", on, rest)
		}
		want := []string{
			"planned|U0ALICE|Turn it on for *penny-university*",
			"confirmed|U0ALICE|Turn it on for *penny-university*",
			"step began||turn it on", "step ended||turn it on: done",
			"step began||it is on", "step ended||it is on: done",
			"step began||tell the rest after on-1", "step ended||tell the rest after on-1: done",
			"ended||succeeded",
		}
		if diff := cmp.Diff(want, s.trail(id)); diff != "" {
			t.Error(diff)
		}
		if strings.Contains(s.log.String(), "level=") {
			t.Errorf("it was logged:\n%s", s.log)
		}
	})
}

func TestAnEffectThatMayHaveBeenMadeIsMadeOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		how  []way
		asks int           // for both effects
		took time.Duration // at most
	}{
		"cut after it was done":           {[]way{{err: errCut}}, 2, 10 * time.Second},
		"done 5 s after the cut":          {[]way{{after: 5 * time.Second, err: errCut}}, 2, 15 * time.Second},
		"done 25 s after the cut":         {[]way{{after: 25 * time.Second, err: errCut}}, 2, 40 * time.Second},
		"not done at all":                 {[]way{{after: -1, err: errCut}}, 3, 45 * time.Second},
		"done, and never answered":        {[]way{{answers: time.Hour}}, 2, 15 * time.Second},
		"never answered and never done":   {[]way{{after: -1, answers: time.Hour}}, 3, 45 * time.Second},
		"cut twice, and done neither way": {[]way{{after: -1, err: errCut}, {after: -1, err: errCut}}, 4, 80 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.next("on", tc.how...)
				begun := time.Now()
				id := s.confirmed()
				s.succeeds(id)
				if d := time.Since(begun); d > tc.took {
					t.Errorf("it took %s", d)
				}
				if n := s.count("on"); n != 1 {
					t.Errorf("the effect is there %d times", n)
				}
				if n := s.asked(); n != tc.asks {
					t.Errorf("effects were asked for %d times, want %d", n, tc.asks)
				}
			})
		})
	}
}

func TestAnEffectThatIsStillOpenIsLookedForAndNotGuarded(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: 25 * time.Second, err: errCut})
		id := s.confirmed()
		time.Sleep(10 * time.Second)
		s.says(id, ":mag: Turn it on for *penny-university*: looks whether it was done", ":mag: turn it on: begun at")
		s.tell(func(f *farEnd) { f.gone = say.Refuse("Somebody released v123.") }) // our own effect, as far as a guard knows
		time.Sleep(30 * time.Second)
		s.tell(func(f *farEnd) { f.gone = nil })
		if diff := cmp.Diff([]string{"on", "rest"}, s.guarded()); diff != "" {
			t.Error(diff)
		}
		s.ends(id, ":octagonal_sign:", "Somebody released v123.")
	})
}

func TestYesterdaysEffectIsNotTodays(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.tell(func(f *farEnd) { f.effects = append(f.effects, made{"on", "old", time.Now().Add(-time.Minute)}) })
		s.next("on", way{after: -1, err: errCut})
		s.succeeds(s.confirmed(), "tell the rest after on-2")
		if n := s.count("on"); n != 2 {
			t.Errorf("the effect is there %d times", n)
		}
	})
}

func TestWhatCannotBeToldIsUnknownUntilAPersonSaysSo(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{err: errCut})
		s.tell(func(f *farEnd) { f.blind = say.Refuse("Two releases came at the same time.") })
		id := s.confirmed()
		s.ends(id, ":grey_question: Turn it on for *penny-university*: not known whether it was done",
			":grey_question: turn it on: begun at", "Two releases came at the same time.", "Look, then press what you found",
			":heavy_minus_sign: it is on: not done", "[It happened]\n[It did not happen]")
		_, err := s.engine.Confirm(t.Context(), bob, s.offer(bob, plan()).Value())
		refused(t, err, "was started by <@U0ALICE>", "without anybody knowing", "By hand: `heroku on")

		refused(t, s.engine.Close(t.Context(), dave, id, true), "dave may not")
		refused(t, s.halts(bob, id), "There is nothing to stop")
		if text, err := s.engine.Press(t.Context(), bob, op.ActionNotHappened, id); err != nil || !strings.Contains(text, "did not happen") {
			t.Errorf("%q, %v", text, err)
		}
		refused(t, s.engine.Close(t.Context(), alice, id, true), "<@U0BOB> said so at", "it did not happen")
		s.says(id, ":grey_question: Turn it on for *penny-university*: it did not happen", "<@U0BOB> said so at")
		if strings.Contains(s.shows(id), "[") {
			t.Errorf("there are buttons:\n%s", s.shows(id))
		}
		if n := s.asked(); n != 1 {
			t.Errorf("effects were asked for %d times", n)
		}
		s.tell(func(f *farEnd) { f.blind = nil })
		s.succeeds(s.confirmed())
	})
}

func TestSeeingAnUnknownEndFreesTheAppAndLeavesTheQuestion(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{err: errCut})
		s.tell(func(f *farEnd) { f.blind = say.Refuse("Who knows.") })
		id := s.confirmed()
		s.ends(id, "Who knows.")
		if err := s.engine.Seen(t.Context(), bob, id); err != nil {
			t.Fatal(err)
		}
		refused(t, s.engine.Seen(t.Context(), alice, id), "<@U0BOB> said so")
		s.says(id, "not known whether it was done", "Seen by <@U0BOB>", "[It happened]")
		s.tell(func(f *farEnd) { f.blind = nil })
		s.succeeds(s.confirmed())
		if err := s.engine.Close(t.Context(), alice, id, true); err != nil {
			t.Error(err)
		}
		s.says(id, "it happened")
	})
}

func TestARefusalOfTheFarEndFailsWithItsText(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: -1, err: errors.New("422: <!channel> no such release")})
		id := s.confirmed()
		s.ends(id, ":x: Turn it on for *penny-university*: failed", ":x: turn it on: failed at",
			"422: &lt;!channel&gt; no such release", ":heavy_minus_sign: it is on: not done", "By hand: `heroku on -a penny-university`")
		if n := s.asked(); n != 1 {
			t.Errorf("effects were asked for %d times", n)
		}
		s.succeeds(s.confirmed()) // the app is free
	})
}

func TestWhatAPlanRestsOnIsReadJustBeforeTheEffect(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.tell(func(f *farEnd) { f.gone = say.Refuse("bob released v123 meanwhile.") })
		id := s.confirmed()
		s.ends(id, ":octagonal_sign: Turn it on for *penny-university*: stopped", "turn it on: not begun", "bob released v123 meanwhile.", "By hand:")
		if s.asked() != 0 {
			t.Error("it was done")
		}
	})
}

func TestAFarEndThatIsAwayIsWaitedForVisibly(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.tell(func(f *farEnd) { f.down = true })
		id := s.confirmed()
		time.Sleep(time.Minute)
		s.says(id, ":hourglass_flowing_sand: Turn it on for *penny-university*: waits for Heroku", "turn it on: waits for Heroku since", "not begun", "[Stop]")
		s.tell(func(f *farEnd) { f.down = false })
		s.succeeds(id)
		if n := s.count("on"); n != 1 {
			t.Errorf("the effect is there %d times", n)
		}
	})
}

func TestAnEffectThatCannotBeLookedForInTimeIsUnknown(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{err: errCut})
		id := s.confirmed()
		time.Sleep(500 * time.Millisecond)
		s.tell(func(f *farEnd) { f.down = true })
		time.Sleep(10 * time.Minute)
		s.says(id, "waits for Heroku", "looking whether it was done, waits for Heroku since")
		s.ends(id, ":grey_question:", "was begun, and it cannot be told whether it was done.", "Heroku could not be asked: 503")
	})
}

func TestAWatchEndsWithItsDeadline(t *testing.T) {
	for name, tc := range map[string]struct {
		meanwhile func(f *farEnd)
		says      []string
	}{
		"not come":       {func(*farEnd) {}, []string{":x: Turn", "The step “it is on” was not over 10 min after it began."}},
		"cannot be read": {func(f *farEnd) { f.down = true }, []string{":grey_question: Turn", "It cannot be told how the step “it is on” went.", "503"}},
		"will not come":  {func(f *farEnd) { f.blind = say.Refuse("Its release phase failed.") }, []string{":x: it is on: failed", "Its release phase failed."}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.next("on", way{after: time.Hour})
				begun := time.Now()
				id := s.confirmed()
				time.Sleep(time.Second)
				s.tell(tc.meanwhile)
				s.ends(id, tc.says...)
				if d := time.Since(begun); d > 12*time.Minute {
					t.Errorf("it took %s", d)
				}
			})
		})
	}
}

func TestWhatIsWatchedGoesOnPastTheTimeForEffects(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			if _, err := op.Do(ctx, o, "turn it on", s.effect("on")); err != nil {
				return err
			}
			_, err := op.Wait(ctx, o, "it is on", op.Watch[string]{Look: s.looks("on"), Every: time.Minute, Deadline: time.Hour})
			return err
		}
		s.next("on", way{after: 40 * time.Minute})
		s.succeeds(s.confirmed(), "done in 40 min")
	})
}

func TestAnEffectThatComesTooLateInAnOperationIsNotBegun(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			_, err := op.Wait(ctx, o, "it is on", op.Watch[string]{Look: s.looks("on"), Every: time.Minute, Deadline: time.Hour})
			if err != nil {
				return err
			}
			_, err = op.Do(ctx, o, "tell the rest", s.effect("rest"))
			return err
		}
		s.tell(func(f *farEnd) { f.effects = []made{{"on", "1", time.Now().Add(20 * time.Minute)}} })
		s.ends(s.confirmed(), ":octagonal_sign:", "The step “tell the rest” was not begun within 15 min of the confirmation", "Ask for a new plan.")
		if s.asked() != 0 {
			t.Error("it was done")
		}
	})
}
