package op_test

import (
	"slices"
	"testing"
	"time"
)

func TestAfterAKillItsOwnRestartGoesOnAtOnceAndSaysSo(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: 20 * time.Second, answers: time.Hour})
		id := s.confirmed()
		time.Sleep(2 * time.Second) // in the midst of the effect
		s.kill()
		time.Sleep(100 * time.Millisecond)
		s.says(id, ":mag: Turn it on for *penny-university*: looks whether it was done", "slipway was interrupted, and went on at", ":mag: turn it on: begun at")
		s.succeeds(id, "done in", "slipway was interrupted")
		if on, rest := s.count("on"), s.count("rest"); on != 1 || rest != 1 {
			t.Errorf("the effects are there %d and %d times", on, rest)
		}
	})
}

func TestARestartInGoodOrderIsNoNews(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: 20 * time.Second})
		id := s.confirmed()
		time.Sleep(2 * time.Second)
		s.stop()
		s.start()
		s.succeeds(id, "done in 20 s")
		if got := s.trail(id); len(got) != 9 {
			t.Errorf("the trail has more than without: %q", got)
		}
	})
}

func TestARestartWaitsForAnEffectUnderWay(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{answers: 3 * time.Second})
		id := s.confirmed()
		time.Sleep(time.Second)
		s.stop()
		s.says(id, "turn it on: done at")
		s.start()
		s.succeeds(id)
		if n := s.asked(); n != 2 {
			t.Errorf("effects were asked for %d times", n)
		}
	})
}

// Who was cut off from the database while another goes on with its operation must not write into it.
func TestWhoLostAnOperationWritesNothing(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: 20 * time.Second, answers: 4 * time.Second})
		id := s.confirmed()
		time.Sleep(time.Second)
		s.change("update operations set epoch = epoch + 1, lease = 0 where id = $1", id) // as another process would
		if err := s.halts(alice, id); err != nil {                                       // who has it now looks for it at once
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		s.says(id, ":mag: turn it on: begun at")
		s.ends(id, "it is on: done", "not begun")
		if n := s.count("on"); n != 1 {
			t.Errorf("the effect is there %d times", n)
		}
		ended := slices.DeleteFunc(s.trail(id), func(line string) bool { return line != "step ended||turn it on: done" })
		if len(ended) != 1 {
			t.Errorf("the step ended %d times", len(ended))
		}
	})
}

func TestADatabaseThatIsAwayInTheMidstOfAnEffectCostsNoSecondOne(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{answers: 3 * time.Second})
		id := s.confirmed()
		time.Sleep(time.Second)
		s.line.Cut()
		time.Sleep(30 * time.Second)
		s.line.Mend()
		time.Sleep(2 * time.Second) // the pause after a failure
		s.succeeds(id, "slipway was interrupted, and went on at")
		if on, rest := s.count("on"), s.count("rest"); on != 1 || rest != 1 {
			t.Errorf("the effects are there %d and %d times", on, rest)
		}
		if n := s.asked(); n != 2 {
			t.Errorf("effects were asked for %d times", n)
		}
	})
}
