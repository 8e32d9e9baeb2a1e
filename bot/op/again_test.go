package op_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/op"
	"slipway/bot/say"
)

// single is a Run of one effect.
func (s *stage) single(ctx context.Context, o *op.Operation) error {
	_, err := op.Do(ctx, o, "turn it on", s.effect("on"))
	return err
}

// begins confirms a plan of one step.
func (s *stage) begins() op.Ticket {
	s.run = s.single
	p := plan()
	p.Steps = []string{"turn it on"}
	k := s.offer(alice, p)
	s.confirms(k)
	return k
}

// vainly has so many requests fail, without effect.
func (s *stage) vainly(n int, err error) {
	s.next("on", slices.Repeat([]way{{after: -1, err: err}}, n)...)
}

func TestAnEffectThatIsTriedInVainSaysSoAndWhatWasAnswered(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.vainly(40, errHTML)
		id := s.begins().ID
		time.Sleep(500 * time.Millisecond)
		s.says(id, "looks whether it was done", "Heroku answered with status 503, looking whether it was done", "[Stop]")
		time.Sleep(2 * time.Second)
		s.says(id, "no effect so far", "tried once since", "without effect so far: Heroku answered with status 503", "[Stop]")
		time.Sleep(time.Minute)
		s.says(id, "tried 3 times since")
		s.ends(id, ":x:", "turn it on: tried 31 times since", "was tried 31 times and had no effect: Heroku answered with status 503.", byHand)
		want := []string{
			"step began||turn it on", "step ended||turn it on: stopped, tried 31 times without effect",
			"ended||failed: The step “turn it on” was tried 31 times and had no effect: Heroku answered with status 503. 15 min after the confirmation it is not tried any more. Ask for a new plan.",
		}
		if got := s.trail(id); !slices.Equal(got[2:], want) {
			t.Errorf("the audit trail has\n%s", strings.Join(got, "\n"))
		}
	})
}

func TestWhatTheFarEndTakesNotNowWaitsUntilItDoes(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.vainly(2, errQuota)
		id := s.begins().ID
		time.Sleep(30 * time.Second)
		s.says(id, "waits for Heroku", "tried once since", "Heroku takes no more requests until <!date^946684860^", "[Stop]")
		if n := s.asked(); n != 1 {
			t.Errorf("it was asked for %d times before the far end takes requests", n)
		}
		begun := time.Now()
		s.succeeds(id)
		if d := time.Since(begun); d < 80*time.Second || d > 2*time.Minute {
			t.Errorf("it took %s", d)
		}
		if n, asked := s.count("on"), s.asked(); n != 1 || asked != 3 {
			t.Errorf("it was done %d times, and asked for %d times", n, asked)
		}
	})
}

func TestWhatTheFarEndTakesNotInTimeEndsAsTriedInVain(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.vainly(40, errQuota)
		s.ends(s.begins().ID, ":x:", "was tried 15 times and had no effect: Heroku takes no more requests")
	})
}

func TestAStopOfWhatWasSentSaysWhatItMeansAndIsHeardIfThatDidNotArrive(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.vainly(40, errHTML)
		id := s.begins().ID
		time.Sleep(5 * time.Second)
		text, err := s.engine.Press(t.Context(), bob, op.ActionStop, id)
		if err != nil || !strings.HasPrefix(text, "It was sent already; if it arrived there is nothing left of it to stop.") {
			t.Errorf("it says %q, %v", text, err)
		}
		s.ends(id, ":octagonal_sign:", "was tried once and had no effect: Heroku answered with status 503. <@U0BOB> stopped it before it was tried again.")
		if n := s.asked(); n != 1 {
			t.Errorf("it was asked for %d times", n)
		}
	})
}

func TestWhoMayNotIsToldThatStoppingIsForThoseWhoMay(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.set(func() { s.barred[dave.User] = access.Refuse(access.RuleCollaborator, "You are no collaborator.") })
		s.vainly(40, errHTML)
		id := s.begins().ID
		time.Sleep(5 * time.Second)
		refused(t, s.halts(dave, id), "Only who may do it may stop it. You are no collaborator.")
	})
}

func TestAnUnknownEndSaysHowToLookAndWhy(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = s.single
		s.next("on", way{after: -1, err: errCut})
		s.tell(func(f *farEnd) { f.blind = say.Refuse("It may be either.") })
		p := plan()
		p.Lookup = []string{"heroku ps -a " + app}
		k := s.offer(alice, p)
		s.confirms(k)
		look := "Look with `heroku ps -a penny-university`, then press what you found: until somebody says it, I change nothing else of `penny-university`."
		s.ends(k.ID, "not known whether it was done", look)
		if strings.Contains(s.shows(k.ID), "By hand") {
			t.Errorf("it says how to do it again:\n%s", s.shows(k.ID))
		}
		if err := s.engine.Close(t.Context(), alice, k.ID, false); err != nil {
			t.Fatal(err)
		}
		s.says(k.ID, "it did not happen", byHand)
	})
}

func TestALateCancelSaysThatNothingWasDone(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		k := s.offer(alice, plan())
		time.Sleep(11 * time.Minute)
		refused(t, s.engine.Cancel(t.Context(), alice, k.Value()), "Nothing was done; it had expired at <!date^946685400^")
	})
}
