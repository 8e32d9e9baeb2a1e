package op_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/say"
)

// stands is the one operation that has an app.
func (s *stage) stands() op.Standing {
	s.t.Helper()
	list, err := s.engine.Standing(s.t.Context())
	if err != nil || len(list) != 1 {
		s.t.Fatalf("there stand %+v: %v", list, err)
	}
	return list[0]
}

func TestAnOpenOperationStandsUntilItEnds(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		held := make(chan struct{})
		s.run = func(ctx context.Context, o *op.Operation) error {
			<-held
			return s.plain(ctx, o)
		}
		begun := time.Now()
		id := s.confirmed()
		want := op.Standing{
			ID: id, App: app, Verb: settings.Deploy, Title: "Turn it on for *" + app + "*", State: "under way", Yields: true,
			By: alice.User, Confirmed: begun, Channel: deploys,
		}
		if diff := cmp.Diff(want, s.stands(), cmpopts.IgnoreUnexported(op.Standing{}), cmpopts.EquateApproxTime(time.Second)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		unknown, err := s.engine.Free(t.Context(), bob, app, false)
		if refused(t, err, "Turn it on", "was started by <@U0ALICE> at ", "is being carried out", "one operation"); unknown != nil {
			t.Errorf("it asks what became of %+v", unknown)
		}
		if unknown, err := s.engine.Free(t.Context(), bob, "penny-qa", false); unknown != nil || err != nil {
			t.Errorf("another app has %+v: %v", unknown, err)
		}
		close(held)
		s.succeeds(id)
		if list, err := s.engine.Standing(t.Context()); len(list) > 0 || err != nil {
			t.Errorf("there stand %+v: %v", list, err)
		}
		if unknown, err := s.engine.Free(t.Context(), bob, app, false); unknown != nil || err != nil {
			t.Errorf("the app has %+v: %v", unknown, err)
		}
	})
}

func TestOneThatEndedAsUnknownStandsUntilSomebodySays(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{err: errCut})
		s.tell(func(f *farEnd) { f.blind = say.Refuse("Two releases came at the same time.") })
		id := s.confirmed()
		s.ends(id)
		s.change("update boards set ts = '1767618000.000100' where key = $1", string(op.KeyOf(id)))
		if one := s.stands(); !one.Unknown || one.TS != "1767618000.000100" || one.Ended.IsZero() {
			t.Errorf("there stands %+v", one)
		}
		time.Sleep(26 * time.Hour)
		unknown, err := s.engine.Free(t.Context(), bob, app, false)
		refused(t, err, "was started by <@U0ALICE> <!date^", "{date_short_pretty} {time}", "without anybody knowing whether it was done", "has to look")
		if unknown == nil || unknown.ID != id {
			t.Fatalf("it asks what became of %+v", unknown)
		}
		if got := text(unknown.Asked("No.")); got != "No.\nIf you have looked, you can say it here, too:\n[It happened]\n[It did not happen]" {
			t.Errorf("it asks:\n%s", got)
		}
		if err := s.engine.Close(t.Context(), bob, id, true); err != nil {
			t.Fatal(err)
		}
		if unknown, err := s.engine.Free(t.Context(), bob, app, false); unknown != nil || err != nil {
			t.Errorf("the app has %+v: %v", unknown, err)
		}
	})
}

func TestWithoutTheDatabaseNobodyPlans(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.line.Cut()
		_, err := s.engine.Free(t.Context(), bob, app, false)
		refused(t, err, "My database does not answer", "I change nothing")
	})
}
