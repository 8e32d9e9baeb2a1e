package hold

import (
	"context"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/integrations/github"
)

// Every statement is the same text for both databases: here each is run on the other one.
func TestOnPostgresAHoldLivesTheSameLife(t *testing.T) {
	t.Parallel()
	s := newStage(t, store.Options{URL: pgtest.Start(t)})
	s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
	pull := github.Pull{Number: 50, Title: "Open", State: "open", BaseRef: "master", HeadRef: "bob/x", HeadSHA: sha("5"), UpdatedAt: time.Now()}
	s.learn(opened(pull)...)
	if err := s.Place(t.Context(), Hold{App: appName, Channel: "C1", By: "U2", Reason: "freeze", Operation: "op0"}); err != nil {
		t.Fatal(err)
	}
	s.set(rolledBack())
	s.learn(merge(47, "Innocent", "bob/topics", "c", "d")...)
	s.learn(run(21, "d", "")...)
	s.do(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.decide(ctx, tx, s.Apps[0])
		return err
	})
	one, _, err := s.nextRun(t.Context())
	if err != nil || one == nil || one.run != 21 {
		t.Fatalf("to be stopped: %v %v", err, one)
	}
	one.state = cancelled
	if err := s.keep(t.Context(), one, 0); err != nil {
		t.Fatal(err)
	}
	status, _, err := s.nextStatus(t.Context())
	if err != nil || status == nil || status.state != "failure" {
		t.Fatalf("to be told: %v %v", err, status)
	}
	if err := s.keepStatus(t.Context(), status, time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := s.resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if held, err := s.Permit(t.Context(), appName, 47); err != nil || !held {
		t.Errorf("%v %t: nothing is held", err, held)
	}
	if err := s.remindOf(t.Context(), Hold{App: appName, Channel: "C1", id: "op1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	s.says("hold op1", "cancelled")
	s.says("hold op1 day 1", "are held by <@U1>")
	s.learn(release(125, "c")...)
	s.do(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.decide(ctx, tx, s.Apps[0])
		return err
	})
	if n := s.returned(); n != 1 {
		t.Errorf("%d releases brought it back", n)
	}
	s.do(func(ctx context.Context, tx *store.Tx) error { return s.Over(ctx, tx, "op1", false) })
	if hold, ok, err := s.Standing(t.Context(), appName); err != nil || !ok || hold.Operation != "op0" {
		t.Errorf("%v %t %+v", err, ok, hold)
	}
	if err := s.Lift(t.Context(), appName, "U2", ""); err != nil || s.held() {
		t.Errorf("%v: it holds", err)
	}
	if placed, err := s.Placed(t.Context(), "op0"); err != nil || !placed {
		t.Errorf("%v %t", err, placed)
	}
}
