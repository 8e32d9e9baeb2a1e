package inbox_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

func TestWhatIsTakenIsInTheLedger(t *testing.T) {
	t.Parallel()
	changed := make(chan []ledger.Subject, 10)
	s := newStation(t, func(_ *store.Options, o *inbox.Options) {
		o.Folded = func(list []ledger.Subject) { changed <- list }
	})
	s.want(202, fromGitHub("1", "workflow_run", runEvent(7)))
	if s.inbox.Busy() == 0 {
		t.Error("it is not busy with a delivery that is not folded")
	}
	s.run()
	s.settle()
	if got := s.rows(4, `select repo, id, status, conclusion from ledger_runs`); fmt.Sprint(got) != "[penny-university/penny_university 7 completed success]" {
		t.Errorf("the ledger has %v", got)
	}
	select {
	case list := <-changed:
		want := ledger.Subject{Kind: ledger.KindRun, Scope: "penny-university/penny_university", Key: "7/1"}
		if !slices.Contains(list, want) {
			t.Errorf("told of %v, want %v among them", list, want)
		}
	default:
		t.Error("what changed was not told by the time that all is worked")
	}
}

func TestOneThatCannotBeReadDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.want(202, fromGitHub("a", "workflow_run", []byte(`{"repository":{"full_name":"Penny/x"},"workflow_run":{"id":"seven"}}`)))
	s.want(202, fromGitHub("b", "push", []byte(`lava`)))
	s.want(202, fromHeroku([]byte(`{"id":"c","resource":"dyno","data":{"name":"run.1","app":{"name":"penny-x"},"id":7}}`)))
	s.want(202, fromGitHub("d", "workflow_run", runEvent(7)))
	s.run()
	s.settle()
	got := s.rows(4, `select id, times, scope, trouble is null from deliveries order by id`)
	want := []string{"a 1 penny/x 0", "b 1  0", "c 1 penny-x 0", "d 1 null 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestAPanicIsOneDeliverysTroubleAlone(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"reading", "folding"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			s := newStation(t)
			var n atomic.Int64
			if where == "reading" {
				s.inbox.BeforeReading(func() {
					if n.Add(1) == 3 {
						panic("hidden in the payload")
					}
				})
			} else {
				// The third is folded with the others first, then by itself.
				s.inbox.AroundFolding(func(fold func() error) error {
					if i := n.Add(1); i == 1 || i == 4 {
						panic("hidden in the payload")
					}
					return fold()
				})
			}
			for i := range 5 {
				s.want(202, fromGitHub(fmt.Sprint(i), "workflow_run", runEvent(i+1)))
			}
			s.run()
			s.settle()
			got := s.rows(3, `select id, times, trouble is null from deliveries order by id`)
			want := []string{"0 1 1", "1 1 1", "2 1 0", "3 1 1", "4 1 1"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
			if trouble := s.rows(1, `select trouble from deliveries where id = '2'`)[0]; !strings.Contains(trouble, "a panic with a string at work_test.go:") {
				t.Errorf("the trouble is %q", trouble)
			}
			if strings.Contains(s.log.String(), "hidden") {
				t.Errorf("the log shows what may be a payload:\n%s", s.log)
			}
			if runs := s.rows(1, `select id from ledger_runs order by id`); fmt.Sprint(runs) != "[1 2 4 5]" {
				t.Errorf("the ledger has %v", runs)
			}
		})
	}
}

func TestADeliveryThatTheLedgerRefusesIsGivenUpAfterSomeTries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		tries := 0
		s.inbox.AroundFolding(func(func() error) error {
			tries++
			return errors.New("not today")
		})
		s.want(202, fromGitHub("1", "workflow_run", runEvent(1)))
		stop := s.run()
		time.Sleep(100 * time.Millisecond)
		if waits := s.rows(1, `select id from deliveries where worked is null`); len(waits) != 1 {
			t.Error("it was given up at once")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		stop()
		got := s.rows(4, `select id, times, scope, trouble from deliveries`)
		want := []string{"1 1 penny-university/penny_university the ledger did not take it: fold: not today"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("want -, got +:\n%s", diff)
		}
		if tries < 3 || tries > 6 {
			t.Errorf("tried %d times", tries)
		}
	})
}

func TestWithTheDatabaseAwayDeliveriesWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db storetest.Cable
		var once sync.Once
		s := newBubbleStation(t, func(o *store.Options, _ *inbox.Options) { o.Connect = db.Connect })
		s.want(202, fromGitHub("1", "workflow_run", runEvent(1)))
		s.inbox.AroundFolding(func(fold func() error) error {
			once.Do(db.Cut) // in the midst of it
			return fold()
		})
		stop := s.run()
		time.Sleep(time.Hour)
		if s.inbox.Busy() == 0 {
			t.Error("it is not busy though a delivery waits")
		}
		db.Mend()
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if got := s.rows(3, `select id, times, trouble from deliveries`); fmt.Sprint(got) != "[1 1 null]" || s.inbox.Busy() != 0 {
			t.Errorf("%v, busy %d", got, s.inbox.Busy())
		}
		stop()
	})
}

func TestAPauseFollowsAFailureAndGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db storetest.Cable
		s := newBubbleStation(t, func(o *store.Options, _ *inbox.Options) { o.Connect = db.Connect })
		db.Cut()
		stop := s.run()
		time.Sleep(10 * time.Minute)
		stop()
		if lines := strings.Count(s.log.String(), "deliveries wait to be folded"); lines < 50 || lines > 80 {
			t.Errorf("tried %d times in 10 minutes", lines)
		}
		db.Mend()
	})
}

func TestARedeliveryOfOneThatWaitsIsWorkedOnce(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.want(202, fromGitHub("1", "workflow_run", runEvent(1)))
	s.want(202, fromGitHub("1", "workflow_run", runEvent(2))) // what came last is what is kept
	s.run()
	s.settle()
	s.want(202, fromGitHub("1", "workflow_run", runEvent(3))) // it was worked: nothing changes
	s.settle()
	if got := s.rows(2, `select id, times from deliveries`); fmt.Sprint(got) != "[1 1]" {
		t.Errorf("%v", got)
	}
	if got := s.rows(1, `select id from ledger_runs`); fmt.Sprint(got) != "[2]" {
		t.Errorf("the ledger has runs %v", got)
	}
}

func TestARedeliveryOfOneThatWasGivenUpGetsAnotherChance(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.run()
	s.want(202, fromGitHub("1", "workflow_run", []byte(`lava`)))
	s.settle()
	s.want(202, fromGitHub("1", "workflow_run", runEvent(1)))
	s.settle()
	if got := s.rows(3, `select id, times, trouble from deliveries`); fmt.Sprint(got) != "[1 2 null]" {
		t.Errorf("%v", got)
	}
	if got := s.rows(1, `select id from ledger_runs`); fmt.Sprint(got) != "[1]" {
		t.Errorf("the ledger has runs %v", got)
	}
}

func TestDeliveriesAreFoldedInTheOrderOfTheirArrival(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	for i := range 150 {
		s.want(202, fromGitHub(fmt.Sprint(999-i), "workflow_run", runEvent(i+1)))
	}
	s.run()
	s.settle()
	if got := s.rows(1, `select id from deliveries order by seq`); len(got) != 150 || got[0] != "999" || got[149] != "850" {
		t.Errorf("%v", got)
	}
	if folded := s.inbox.Stats().Folded; folded != 150 {
		t.Errorf("%d were folded", folded)
	}
}

func TestWhatAnotherOrDeadProcessLeftIsFoundWithoutANudge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBubbleStation(t)
		second := inbox.New(inbox.Options{Store: s.store, Log: slogTo(s.log)})
		s.want(202, fromGitHub("1", "workflow_run", runEvent(1)))
		s.inbox = second // the one that has no requests
		stop := s.run()
		synctest.Wait()
		if got := s.rows(2, `select id, times from deliveries`); fmt.Sprint(got) != "[1 1]" {
			t.Errorf("at start: %v", got)
		}
		stop()
	})
}

func TestAListenerThatPanicsStopsNothing(t *testing.T) {
	t.Parallel()
	s := newStation(t, func(_ *store.Options, o *inbox.Options) {
		o.Folded = func([]ledger.Subject) { panic("lava") }
	})
	s.run()
	for i := range 3 {
		s.want(202, fromGitHub(fmt.Sprint(i), "workflow_run", runEvent(i+1)))
		s.settle()
	}
	if folded := s.inbox.Stats().Folded; folded != 3 {
		t.Errorf("%d were folded", folded)
	}
}
