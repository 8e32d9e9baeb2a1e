package inbox_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/store"
)

func TestRoutesTellTheLastDeliveryAndWhatFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		stop := s.run()
		defer stop()
		s.want(202, fromGitHub("1", "workflow_run", []byte(`{"repository":{"full_name":"Penny/x"},"workflow_run":{"id":"seven"}}`)))
		synctest.Wait()
		s.age(inbox.Kept + time.Hour)
		second := time.Now()
		s.want(202, fromGitHub("2", "workflow_run", []byte(`{"repository":{"full_name":"Penny/x"},"workflow_run":{"id":"eight"}}`)))
		time.Sleep(time.Minute)
		third := time.Now()
		s.want(202, fromGitHub("3", "star", []byte(`{"repository":{"full_name":"penny/X"}}`)))
		s.want(202, fromGitHub("4", "ping", []byte(`lava`)))
		s.want(202, fromHeroku([]byte(`{"id":"5","resource":"app","data":{"id":"a-1","name":"Penny-x"},"webhook_metadata":{"event":{"include":"api:app"}}}`)))
		s.want(202, fromHeroku([]byte(`{"id":"6","resource":"build","data":{"id":"b-1","app":{"id":"a-1"}}}`)))
		synctest.Wait()
		got, err := s.inbox.Routes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := []inbox.Route{
			{Sender: ledger.GitHub, Scope: "", Event: "ping", At: third, Failed: 1, FailedAt: third},
			{Sender: ledger.GitHub, Scope: "penny/x", Event: "star", At: third, Failed: 1, FailedAt: second},
			{Sender: ledger.Heroku, Scope: "a-1", Event: "build", At: third},
			{Sender: ledger.Heroku, Scope: "penny-x", Event: "api:app", At: third},
		}
		for i := range got {
			if (got[i].Trouble != "") != (got[i].Failed > 0) {
				t.Errorf("%+v", got[i])
			}
			got[i].Trouble = ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("want -, got +:\n%s", diff)
		}
	})
}

// age makes all deliveries older. A simulated week costs half a minute.
func (s *station) age(by time.Duration) {
	s.t.Helper()
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `update deliveries set arrived = arrived - $1`, by.Milliseconds())
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestTheBacklogIsCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		for i := range 3 {
			s.want(202, fromGitHub(fmt.Sprint(i), "workflow_run", runEvent(i+1)))
			time.Sleep(time.Minute)
		}
		got, err := s.inbox.Backlog(t.Context())
		if err != nil || got.Deliveries != 3 || time.Since(got.Oldest) != 3*time.Minute {
			t.Errorf("%+v, %v", got, err)
		}
		stop := s.run()
		synctest.Wait()
		if got, err := s.inbox.Backlog(t.Context()); err != nil || got != (inbox.Backlog{}) {
			t.Errorf("%+v, %v", got, err)
		}
		stop()
	})
}

func TestDeliveriesAreDeletedAfterAWeek(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		stop := s.run()
		defer stop()
		s.want(202, fromGitHub("old", "workflow_run", runEvent(1)))
		s.want(202, fromGitHub("old and wrong", "workflow_run", []byte(`lava`)).with("X-GitHub-Delivery", "wrong"))
		synctest.Wait()
		s.age(inbox.Kept - 90*time.Minute)
		s.want(202, fromGitHub("new", "workflow_run", runEvent(2)))
		time.Sleep(65 * time.Minute) // it is looked for them each hour
		synctest.Wait()
		if n := s.stored(); n != 3 {
			t.Errorf("%d are there before the week is over", n)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		for _, sql := range []string{`select id from deliveries`, `select d.id from deliveries d join delivery_bodies b on b.seq = d.seq`} {
			if got := s.rows(1, sql); fmt.Sprint(got) != "[new]" {
				t.Errorf("%s: %v", sql, got)
			}
		}
		if bodies := s.rows(1, `select seq from delivery_bodies`); len(bodies) != 1 {
			t.Errorf("%d bodies are there", len(bodies))
		}
	})
}

func TestOldDeliveriesThatWaitAreNotDeleted(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.postSideBySide(450, 202)
	later := time.Now().Add(time.Hour)
	if err := s.inbox.DeleteOld(t.Context(), later); err != nil || s.stored() != 450 {
		t.Errorf("%v, %d are left", err, s.stored())
	}
	err := s.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `update deliveries set worked = 1 where seq <= 430`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.inbox.DeleteOld(t.Context(), later); err != nil || s.stored() != 20 {
		t.Errorf("%v, %d are left", err, s.stored())
	}
}
