package op_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"slipway/bot/op"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
)

// rival is a plan that takes the place of what has changed nothing yet.
func rival() op.Plan {
	p := plan()
	p.Title, p.Label, p.Preempts = "Take *"+app+"* back", "Take back", true
	return p
}

func TestWhatHasChangedNothingGivesWayLoudly(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: -1, err: errQuota}, way{after: -1, err: errQuota})
		first := s.offer(bob, plan())
		if _, err := s.engine.Confirm(t.Context(), bob, first.Value()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		s.says(first.ID, "waits for Heroku")
		stands, err := s.engine.Free(t.Context(), alice, app, true)
		if err != nil || stands == nil || stands.ID != first.ID {
			t.Fatalf("there stands %+v: %v", stands, err)
		}
		second := s.offer(alice, rival())
		if _, err := s.engine.Confirm(t.Context(), alice, second.Value()); err != nil {
			t.Fatal(err)
		}
		s.says(first.ID, "stopped", "<@U0ALICE> confirmed “Take *penny-university* back”, which takes its place.")
		time.Sleep(5 * time.Minute)
		s.succeeds(second.ID, "It took the place of “Turn it on for *penny-university*”, confirmed by <@U0BOB> at")
		if n := s.count("on"); n != 1 {
			t.Errorf("the effect is there %d times", n)
		}
		if trail := s.trail(first.ID); trail[len(trail)-1] != "ended||stopped: <@U0ALICE> confirmed “Take *penny-university* back”, which takes its place." {
			t.Errorf("its trail ends %q", trail)
		}
	})
}

func TestWhatMayHaveChangedSomethingGivesNoWay(t *testing.T) {
	for name, w := range map[string]way{"under way": {answers: 5 * time.Second}, "looked for": {after: time.Minute, err: errCut}} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.next("on", w)
				first := s.offer(bob, plan())
				second := s.offer(alice, rival())
				if _, err := s.engine.Confirm(t.Context(), bob, first.Value()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Second)
				_, err := s.engine.Confirm(t.Context(), alice, second.Value())
				refused(t, err, "was started by <@U0BOB>", "is being carried out")
				if _, err := s.engine.Free(t.Context(), alice, app, true); err == nil {
					t.Error("the app is said to be free")
				}
				s.succeeds(first.ID)
			})
		})
	}
}

// Whoever comes first: either the effect of the one is made and the other is refused, or the one is stopped and its effect is never
// asked for.
func TestOfAnEffectAndWhoTakesItsPlaceOneComesFirst(t *testing.T) {
	t.Parallel()
	url, far := pgtest.Start(t), &farEnd{}
	doer, taker := newProcess(t, url, far), newProcess(t, url, far)
	gaveWay := 0
	for round := range 30 {
		slow, fast := plan(), rival()
		slow.App, fast.App, fast.Kind = fmt.Sprintf("app-%d", round), fmt.Sprintf("app-%d", round), "rival"
		first, err := doer.engine.Offer(t.Context(), bob, deploys, slow)
		if err != nil {
			t.Fatal(err)
		}
		second, err := taker.engine.Offer(t.Context(), alice, deploys, fast)
		if err != nil {
			t.Fatal(err)
		}
		before := far.count("on")
		if _, err := doer.engine.Confirm(t.Context(), bob, first.Value()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(round%6) * 300 * time.Microsecond)
		_, no := taker.engine.Confirm(t.Context(), alice, second.Value())
		doer.until(t, "select count(*) from operations where id = '"+first.ID+"' and state <> 'open'")
		var state string
		err = doer.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRow(ctx, "select state from operations where id = $1", first.ID).Scan(&state)
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // for an effect that must not come
		switch made := far.count("on") - before; {
		case state == "stopped" && no == nil && made == 0:
			gaveWay++
		case state == "succeeded" && made == 1: // the other was refused, or came after its end
		default:
			t.Errorf("round %d: it %s, its effect is there %d times, the other got %v", round, state, made, no)
		}
	}
	t.Logf("in %d of 30 rounds it gave way", gaveWay)
}
