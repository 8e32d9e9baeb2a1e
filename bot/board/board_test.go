package board_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
	slacksim "slipway/integrations/sim/slack"
)

func TestABoardIsPostedOnceAndEdited(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.settle()
		s.tell("change 1", "tests run")
		time.Sleep(board.Moment)
		synctest.Wait()
		s.wants(deploys, "tests run")
		s.tell("change 1", "deploying")
		s.settle()
		s.tell("change 1", "live")
		s.settle()
		s.wants(deploys, "live")
		if posts, edits := s.calls(0, "chat.postMessage"), s.calls(0, "chat.update"); posts != 1 || edits != 2 {
			t.Errorf("%d posts, %d edits", posts, edits)
		}
	})
}

func TestAHundredTouchesWithinASecondAreThreeCallsAtMost(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.settle()
		s.Weather().SetLatency(100 * time.Millisecond)
		for i := range 100 {
			s.tell("change 1", "state "+time.Duration(i).String())
			time.Sleep(10 * time.Millisecond)
		}
		s.settle()
		s.wants(deploys, "state 99ns")
		if n := s.calls(0, ""); n > 3 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestADrawingThatIsShownCostsNoCall(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "live")
		s.settle()
		from := s.mark()
		for range 5 {
			s.tell("change 1", "live")
			s.settle()
		}
		time.Sleep(time.Hour)
		if n := s.calls(from, ""); n > 0 {
			t.Errorf("%d calls", n)
		}
		if s.state().Stale > 0 {
			t.Error("it is still stale")
		}
	})
}

func TestNothingIsPostedUntilThereIsSomethingToSay(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("checks 7", "")
		s.settle()
		s.wants(deploys)
		s.tell("checks 7", "test-backend failed")
		s.settle()
		s.tell("checks 7", "")
		s.settle()
		s.wants(deploys, "test-backend failed")
	})
}

func TestAReplyWaitsForItsThread(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.settle()
		parent, reply := in(deploys, "change 1"), in(deploys, "a mention")
		reply.Parent = parent.Key
		s.change(says("<@U1>: it failed"), reply, parent) // at once, in any order
		s.settle()
		m := s.Messages(deploys)
		if len(m) != 2 || m[1].ThreadTS != m[0].TS {
			t.Fatalf("messages %+v", m)
		}
	})
}

func TestATouchThatIsTakenBackLeavesNothing(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		oops := errors.New("oops")
		s.truth["change 1"] = says("x")
		err := s.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(s.boards.Touch(ctx, tx, in(deploys, "change 1")), oops)
		})
		if !errors.Is(err, oops) {
			t.Fatal(err)
		}
		s.boards.Nudge()
		s.settle()
		s.wants(deploys)
	})
}

func TestBoardsThatCannotBeAreRefused(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		for name, b := range map[string]board.Board{
			"no key":     {Channel: deploys},
			"no channel": {Key: "x"},
			"no parent":  {Key: "x", Channel: deploys, Parent: "unknown"},
			"itself":     {Key: "x", Channel: deploys, Parent: "x"},
			"our own":    {Key: "refusal C1 1", Channel: deploys},
		} {
			err := s.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error { return s.boards.Touch(ctx, tx, b) })
			if err == nil {
				t.Errorf("%s: it was taken", name)
			}
		}
	})
}
