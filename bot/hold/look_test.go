package hold

import (
	"context"
	"slices"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// textOf is what a block says.
func textOf(b slackgo.Block) any {
	switch b := b.(type) {
	case *slackgo.SectionBlock:
		return b.Text.Text
	case *slackgo.ActionBlock:
		var labels []string
		for _, e := range b.Elements.ElementSet {
			if button, ok := e.(*slackgo.ButtonBlockElement); ok {
				labels = append(labels, "["+button.Text.Text+"] "+button.Value)
			}
		}
		return labels
	}
	return ""
}

// rolledBack is the hold of a rollback that took #46 back, which had landed as c.
func rolledBack() Hold {
	return Hold{Back: "v122", Ran: 123, Head: sha("c"), Away: []string{sha("c")}, Pulls: []int{46}}
}

func TestARunThatWouldBringItBackIsToBeCancelledAndWhileGitHubIsAwayAPersonIsTold(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.set(rolledBack())
		s.learn(merge(47, "Innocent", "bob/topics", "c", "d")...)
		s.learn(run(21, "d", "")...)
		s.looks()
		if got := s.runs(); got != "21 wanted" {
			t.Errorf("runs: %s", got)
		}
		const cancel = "POST /repos/penny-university/penny_university/actions/runs/21/cancel"
		if !slices.Contains(s.hub.asked, cancel) {
			t.Errorf("GitHub was asked %q", s.hub.asked)
		}
		s.says("hold op1", "not stopped yet: GitHub did not answer")
		s.says("hold op1 run 21/1", "<@U1>")
		s.says("hold op1 run 21/1", "gh run cancel 21 -R penny-university/penny_university")
	})
}

func TestARunWithoutWhatWasTakenBackGoesOn(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.set(rolledBack())
		s.learn(run(21, "b", "")...)
		s.looks()
		if got := s.runs(); got != "" {
			t.Errorf("runs: %s", got)
		}
	})
}

func TestARunOfWhichItIsNotKnownIsStoppedOnceGitHubWasAsked(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.set(rolledBack())
		s.learn(run(21, "9", "")...)
		s.looks()
		if compare := "GET /repos/penny-university/penny_university/compare/" + sha("9") + "..." + sha("c"); !slices.Contains(s.hub.asked, compare) {
			t.Errorf("GitHub was asked %q", s.hub.asked)
		}
		if got := s.runs(); got != "21 wanted" {
			t.Errorf("runs: %s", got)
		}
	})
}

func TestTheHoldEndsByItselfWhenTheRevertLandsAndLetsItsRunGoOn(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.set(rolledBack())
		s.learn(merge(47, "Innocent", "bob/topics", "c", "d")...)
		s.learn(run(21, "d", "")...)
		s.looks()
		s.learn(run(22, "e", "")...)
		s.learn(merge(48, `Revert "Tidy"`, "revert-46-alice/form", "d", "e")...)
		s.looks()
		if s.held() {
			t.Error("the hold goes on after its revert landed")
		}
		if got := s.runs(); got != "21 passed" {
			t.Errorf("runs: %s", got)
		}
		s.says("hold op1", "no longer has what the rollback took back")
		s.says("hold op1 end", "Ended by itself")
	})
}

func TestARevertOfHalfPassesAndTheHoldStays(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(45, "Topics", "bob/topics", "b", "a")...)
		s.learn(merge(46, "Tidy", "alice/form", "a", "c")...)
		s.set(Hold{Back: "v122", Head: sha("c"), Away: []string{sha("c"), sha("a")}, Pulls: []int{46, 45}})
		s.learn(merge(48, `Revert "Tidy"`, "revert-46-alice/form", "c", "e")...)
		s.learn(run(22, "e", "")...)
		s.looks()
		if !s.held() || s.runs() != "" {
			t.Errorf("held %t, runs %s", s.held(), s.runs())
		}
		s.learn(merge(49, `Revert "Topics"`, "revert-45-bob/topics", "e", "f")...)
		s.looks()
		if s.held() {
			t.Error("the hold goes on after both reverts landed")
		}
	})
}

func TestAPlainHoldStopsAllButWhatIsAllowedUntilItsTime(t *testing.T) {
	onStage(t, func(s *stage) {
		s.set(Hold{Until: time.Now().Add(2 * time.Hour)})
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.learn(run(21, "c", "")...)
		if _, err := s.Permit(s.t.Context(), appName, 47); err != nil {
			t.Fatal(err)
		}
		s.learn(merge(47, "Innocent", "bob/topics", "c", "d")...)
		s.learn(run(22, "d", "")...)
		s.looks()
		if got := s.runs(); got != "21 wanted" {
			t.Errorf("runs: %s", got)
		}
		s.says("hold op1", "May deploy all the same: #47")
		time.Sleep(2 * time.Hour)
		s.looks()
		if s.held() {
			t.Error("it holds after its time")
		}
	})
}

func TestWhatComesBackIsToldOncePerReleaseForTwentyMinutesAlsoWithoutTheHold(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.learn(release(123, "c")...) // just now, and yet before
		s.set(rolledBack())
		time.Sleep(time.Minute)
		s.learn(release(124, "b")...)
		if err := s.Lift(s.t.Context(), appName, "U1", ""); err != nil {
			t.Fatal(err)
		}
		s.looks()
		if n := s.returned(); n != 0 {
			t.Errorf("%d releases brought it back, though none did", n)
		}
		s.learn(release(125, "c")...)
		s.looks()
		s.looks()
		if n := s.returned(); n != 1 {
			t.Errorf("%d releases brought it back", n)
		}
		s.says("hold op1 back 125", "v125 brings back")
		s.says("hold op1 back 125", "<@U1>")
		s.says("hold op1 back 125", "[Roll back again] /rollback v122 of penny-university")
		time.Sleep(watched)
		s.learn(release(126, "b")...)
		s.learn(release(127, "c")...)
		s.looks()
		if n := s.returned(); n != 1 {
			t.Errorf("a release after the watch was told of: %d", n)
		}
	})
}

func (s *stage) returned() (n int) {
	s.do(func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from hold_returns").Scan(&n)
	})
	return n
}

func TestARollbackThatWasNotBegunTakesItsHoldWithIt(t *testing.T) {
	onStage(t, func(s *stage) {
		s.set(rolledBack())
		s.do(func(ctx context.Context, tx *store.Tx) error { return s.Over(ctx, tx, "op1", false) })
		if s.held() {
			t.Error("it holds")
		}
		s.says("hold op1", "the rollback was not begun")
	})
}

func TestASecondRollbackHoldsWhatEitherTookBack(t *testing.T) {
	onStage(t, func(s *stage) {
		s.set(rolledBack())
		s.do(func(ctx context.Context, tx *store.Tx) error {
			return s.Set(ctx, tx, Hold{
				App: appName, Channel: "C1", By: "U2", At: time.Now(), Operation: "op2", Back: "v121", Head: sha("b"), Away: []string{sha("b")},
			})
		})
		hold, _, err := s.Standing(s.t.Context(), appName)
		if err != nil || !slices.Equal(hold.Away, []string{sha("b"), sha("c")}) || hold.Operation != "op2" {
			t.Errorf("%v %+v", err, hold)
		}
		s.says("hold op1", "another hold took its place")
	})
}

func TestAnOwnerIsRemindedOnceADayInWorkingHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones on this machine")
	}
	t.Parallel()
	for _, tc := range []struct {
		at    string
		where *time.Location
		want  bool
	}{
		{"2026-01-05T09:00:00Z", time.UTC, true},
		{"2026-01-05T08:59:59Z", time.UTC, false},
		{"2026-01-05T17:00:00Z", time.UTC, false},
		{"2026-01-04T12:00:00Z", time.UTC, false}, // a Sunday
		{"2026-01-05T08:00:00Z", berlin, true},
		{"2026-01-05T16:00:00Z", berlin, false},
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := working(at, tc.where); got != tc.want {
			t.Errorf("%s in %s: %t", tc.at, tc.where, got)
		}
	}
}

func TestWhoGoesOnToWhatWasTakenBackMeansIt(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.learn(release(123, "c")...)
		time.Sleep(time.Minute)
		s.set(rolledBack())
		s.learn(described("Rollback to v122", release(124, "b"))...)
		s.looks()
		time.Sleep(time.Minute)
		s.learn(described("Rollback to v123", release(125, "c"))...)
		s.looks()
		if n := s.returned(); n != 0 || s.held() {
			t.Errorf("%d releases brought it back, held %t", n, s.held())
		}
		s.says("hold op1", "v125 went on to what the rollback took back")
		s.learn(release(126, "c")...)
		s.looks()
		if n := s.returned(); n != 0 {
			t.Errorf("%d releases brought back what runs on purpose", n)
		}
	})
}

func TestAConfigChangeOnWhatCameBackIsNotToldAgain(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.set(rolledBack())
		time.Sleep(time.Minute)
		s.learn(release(125, "c")...)
		s.learn(described("Set FEATURE_X config vars", release(126, "c"))...)
		s.looks()
		if n := s.returned(); n != 1 {
			t.Errorf("%d releases brought it back", n)
		}
	})
}

// described is a release of another description.
func described(text string, facts []ledger.Fact) []ledger.Fact {
	for i, f := range facts {
		if r, ok := f.(ledger.Release); ok {
			r.Release.Description = text
			facts[i] = r
		}
	}
	return facts
}

func TestWhatRanWhileNobodyLookedIsLookedAtAfterwards(t *testing.T) {
	onStage(t, func(s *stage) {
		s.set(Hold{})
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		time.Sleep(time.Minute)
		s.learn(run(21, "c", "success")...)
		s.looks()
		if got := s.runs(); got != "21 wanted" {
			t.Errorf("runs: %s", got)
		}
	})
}

func TestWhatComesBackIsToldForAsLongAsItIsHeld(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.set(rolledBack())
		time.Sleep(12 * time.Hour)
		s.learn(release(125, "c")...)
		s.looks()
		if n := s.returned(); n != 1 {
			t.Errorf("%d releases brought it back", n)
		}
	})
}

func TestARollbackThatWasNotBegunGivesTheHoldBackThatStoodBefore(t *testing.T) {
	onStage(t, func(s *stage) {
		if err := s.Place(s.t.Context(), Hold{App: appName, Channel: "C1", By: "U2", Reason: "freeze", Operation: "op0"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.set(rolledBack())
		s.says("hold op0 end", "<@U2>: another hold took its place")
		s.do(func(ctx context.Context, tx *store.Tx) error { return s.Over(ctx, tx, "op1", false) })
		hold, ok, err := s.Standing(s.t.Context(), appName)
		if err != nil || !ok || hold.Operation != "op0" || hold.By != "U2" {
			t.Errorf("%v %t %+v", err, ok, hold)
		}
		s.says("hold op0 end", "This hold is set again")
	})
}

func TestAHoldThatEndsAtOnceHasDoneNothing(t *testing.T) {
	onStage(t, func(s *stage) {
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.learn(opened(github.Pull{Number: 50, Title: "Open", State: "open", BaseRef: "master", HeadRef: "bob/x", HeadSHA: sha("5"), UpdatedAt: time.Now()})...)
		told := func() (n int) {
			s.do(func(ctx context.Context, tx *store.Tx) error {
				if _, err := s.decide(ctx, tx, s.Apps[0]); err != nil {
					return err
				}
				return tx.QueryRow(ctx, "select count(*) from hold_statuses").Scan(&n)
			})
			return n
		}
		s.setAt(rolledBack(), time.Now())
		s.learn(release(124, "c")...)
		s.learn(run(21, "c", "")...)
		if n := told(); n != 1 {
			s.t.Fatalf("%d are to be told", n)
		}
		if err := s.Lift(s.t.Context(), appName, "U1", ""); err != nil {
			s.t.Fatal(err)
		}
		if n := told(); n != 0 {
			s.t.Errorf("%d are to be told of what is over", n)
		}
		if got := s.runs(); got != "" || s.returned() != 0 {
			s.t.Errorf("runs are stopped: %q, %d releases are told", got, s.returned())
		}
	})
}
