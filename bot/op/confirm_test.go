package op_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/access"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/bot/store/storetest"
)

const byHand = "By hand: `heroku on -a penny-university`"

func TestEveryClickThatDoesNothingSaysWhy(t *testing.T) {
	for name, tc := range map[string]struct {
		by    access.Who
		value func(t *testing.T, s *stage, ticket op.Ticket) string // what happens before, and what is pressed
		says  []string
		over  bool // no other click on it can do anything
	}{
		"an empty value":    {alice, func(*testing.T, *stage, op.Ticket) string { return "" }, []string{"I know no such plan"}, true},
		"another's value":   {alice, func(*testing.T, *stage, op.Ticket) string { return "deploy:123" }, []string{"I know no such plan"}, true},
		"a plan long gone":  {alice, func(*testing.T, *stage, op.Ticket) string { return "0123abcd." + strings.Repeat("0", 64) }, []string{"I know no such plan"}, true},
		"an altered button": {alice, func(_ *testing.T, _ *stage, k op.Ticket) string { return k.ID + "." + strings.Repeat("0", 64) }, []string{"not that of the plan as I stored it"}, true},
		"an altered plan": {alice, func(_ *testing.T, s *stage, k op.Ticket) string {
			s.change("update plans set body = replace(body, 'off', 'away') where id = $1", k.ID)
			return k.Value()
		}, []string{"not that of the plan as I stored it"}, true},
		"cancelled": {alice, func(t *testing.T, s *stage, k op.Ticket) string {
			if err := s.engine.Cancel(t.Context(), alice, k.Value()); err != nil {
				t.Fatal(err)
			}
			return k.Value()
		}, []string{"cancelled by you at", "Ask for a new one.", byHand}, true},
		"cancelled by another": {alice, func(t *testing.T, s *stage, k op.Ticket) string {
			if err := s.engine.Cancel(t.Context(), bob, k.Value()); err != nil {
				t.Fatal(err)
			}
			return k.Value()
		}, []string{"cancelled by <@U0BOB> at", byHand}, true},
		"expired at the second": {alice, func(_ *testing.T, _ *stage, k op.Ticket) string {
			time.Sleep(10 * time.Minute)
			return k.Value()
		}, []string{"expired at", "10 min after it was made", byHand}, true},
		"expired for long": {alice, func(_ *testing.T, _ *stage, k op.Ticket) string {
			time.Sleep(12 * time.Minute)
			return k.Value()
		}, []string{"expired at", byHand}, true},
		"pressed twice": {alice, func(t *testing.T, s *stage, k op.Ticket) string {
			s.next("on", way{after: time.Minute})
			s.confirms(k)
			return k.Value()
		}, []string{"confirmed by you at", "already, and is being carried out", "once"}, true},
		"pressed by another": {bob, func(t *testing.T, s *stage, k op.Ticket) string {
			s.confirms(k)
			s.succeeds(k.ID)
			return k.Value()
		}, []string{"confirmed by <@U0ALICE> at", "already, and was done at"}, true},
		"pressed after it failed, and expired": {alice, func(t *testing.T, s *stage, k op.Ticket) string {
			s.next("on", way{after: -1, err: errors.New("422")})
			s.confirms(k)
			s.ends(k.ID, "failed")
			time.Sleep(11 * time.Minute)
			return k.Value()
		}, []string{"confirmed by you at", "already, and failed at", byHand}, true},
		"pressed after a restart": {alice, func(t *testing.T, s *stage, k op.Ticket) string {
			s.confirms(k)
			s.succeeds(k.ID)
			s.stop()
			s.start()
			return k.Value()
		}, []string{"confirmed by you at", "already, and was done at"}, true},
		"read mode": {alice, func(_ *testing.T, s *stage, k op.Ticket) string {
			s.set(func() { s.mode = say.Refuse("This app is in read mode.") })
			return k.Value()
		}, []string{"read mode", byHand}, false},
		"no rights": {dave, func(_ *testing.T, _ *stage, k op.Ticket) string { return k.Value() }, []string{"dave may not.", byHand}, false},
		"no rights any more": {alice, func(_ *testing.T, s *stage, k op.Ticket) string {
			s.set(func() { s.barred[alice.User] = say.Refuse("You are no collaborator any more.") })
			return k.Value()
		}, []string{"no collaborator any more", byHand}, false},
		"not alone": {alice, func(_ *testing.T, s *stage, k op.Ticket) string {
			s.set(func() { s.alone = say.Refuse("Somebody else runs with my token.") })
			return k.Value()
		}, []string{"Somebody else runs", byHand}, false},
		"another operation": {alice, func(t *testing.T, s *stage, k op.Ticket) string {
			p := plan()
			p.Title = "Restart it"
			other := s.offer(bob, p)
			s.next("on", way{after: time.Minute})
			if _, err := s.engine.Confirm(t.Context(), bob, other.Value()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			return k.Value()
		}, []string{"“Restart it” was started by <@U0BOB> at", "is being carried out", "one operation of `penny-university` at a time", "<#C0DEPLOYS>", byHand}, false},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				value := tc.value(t, s, s.offer(alice, plan()))
				before := s.operations()
				_, err := s.engine.Confirm(t.Context(), tc.by, value)
				refused(t, err, tc.says...)
				if op.IsOver(err) != tc.over {
					t.Errorf("it says that the plan is over: %v", !tc.over)
				}
				if after := s.operations(); after != before {
					t.Errorf("there are %d operations, and were %d", after, before)
				}
			})
		})
	}
}

// confirms has alice confirm.
func (s *stage) confirms(k op.Ticket) {
	s.t.Helper()
	if _, err := s.engine.Confirm(s.t.Context(), alice, k.Value()); err != nil {
		s.t.Fatal(err)
	}
}

func TestWhatIsRefusedIsInTheAuditTrail(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		k := s.offer(alice, plan())
		_, err := s.engine.Confirm(t.Context(), dave, k.Value())
		refused(t, err, "dave may not")
		other := s.offer(bob, plan())
		if err := s.engine.Cancel(t.Context(), bob, other.Value()); err != nil {
			t.Fatal(err)
		}
		refused(t, s.engine.Cancel(t.Context(), bob, other.Value()), "cancelled by you")
		refused(t, s.engine.Cancel(t.Context(), dave, k.Value()), "dave may not")
		time.Sleep(15 * time.Minute)
		title := "Turn it on for *penny-university*"
		if diff := cmp.Diff([]string{"planned|U0ALICE|" + title, "refused|U0DAVE|dave may not.", "expired"}, s.trail(k.ID)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"planned|U0BOB|" + title, "cancelled|U0BOB"}, s.trail(other.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOfManyWhoPressAtOnceOneStartsIt(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		mine, yours := s.offer(alice, plan()), s.offer(bob, plan())
		errs := make([]error, 12)
		var pressing sync.WaitGroup
		for i := range errs {
			by, k := alice, mine
			if i%2 == 1 {
				by = bob
			}
			if i%3 == 0 {
				k = yours
			}
			pressing.Go(func() { _, errs[i] = s.engine.Confirm(t.Context(), by, k.Value()) })
		}
		pressing.Wait()
		started := 0
		for _, err := range errs {
			if err == nil {
				started++
				continue
			}
			refused(t, err, "is being carried out")
		}
		if started != 1 {
			t.Errorf("%d clicks started it", started)
		}
		time.Sleep(time.Minute)
		if n := s.count("on"); n != 1 {
			t.Errorf("the effect is there %d times", n)
		}
	})
}

func TestPlansHoldNothing(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		first, second := s.offer(alice, plan()), s.offer(alice, plan())
		if first.ID == second.ID || first.Hash == second.Hash {
			t.Errorf("two plans are one: %v", first)
		}
		s.confirms(second)
		s.succeeds(second.ID)
		s.confirms(first)
		s.succeeds(first.ID)
	})
}

func TestAPlanThatCannotBeCarriedOutIsNotOffered(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for name, change := range map[string]func(p *op.Plan){
			"unknown kind": func(p *op.Plan) { p.Kind = "other" },
			"no title":     func(p *op.Plan) { p.Title = "" },
			"no app":       func(p *op.Plan) { p.App = "" },
			"bad data":     func(p *op.Plan) { p.Data = json.RawMessage("{") },
		} {
			p := plan()
			change(&p)
			if _, err := s.engine.Offer(t.Context(), alice, deploys, p); err == nil {
				t.Errorf("%s: offered", name)
			}
		}
	})
}

func TestAPlanIsShownWithAllThatWillBeDone(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		k := s.offer(alice, plan())
		sentence, blocks := s.engine.Offered(plan(), k)
		all := "Turn it on for *penny-university*\nIt is off now.\n" + byHand
		if sentence != all {
			t.Errorf("got %q", sentence)
		}
		got := text(blocks)
		if !strings.HasPrefix(got, all+"\n[Turn on]\n[Cancel]\nNothing was done yet. The plan expires at ") {
			t.Errorf("got %q", got)
		}
		_, blocks = s.engine.Shown(plan(), "It is in read mode here: nothing is changed from Slack.")
		if got := text(blocks); got != "It is in read mode here: nothing is changed from Slack.\nWhat would be done:\n"+all {
			t.Errorf("got %q", got)
		}
		p := plan()
		for range 100 {
			p.Lines = append(p.Lines, strings.Repeat("line ", 20))
		}
		if _, blocks = s.engine.Offered(p, k); len(blocks) != 6 || strings.Count(text(blocks), "line ") != 2000 {
			t.Errorf("a long plan has %d blocks", len(blocks))
		}
	})
}

func TestButtonsAnswerInWords(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		press := func(action, value, want string) {
			t.Helper()
			got, err := s.engine.Press(t.Context(), alice, action, value)
			if err != nil || !strings.Contains(got, want) {
				t.Errorf("%s: %q, %v", action, got, err)
			}
		}
		press(op.ActionCancel, s.offer(alice, plan()).Value(), "Cancelled. Nothing was done.")
		s.next("on", way{after: time.Minute})
		k := s.offer(alice, whole())
		press(op.ActionConfirm, k.Value(), "Confirmed: Turn it on for *penny-university*. Its progress is in <#C0DEPLOYS>.")
		time.Sleep(time.Second)
		press(op.ActionStop, k.ID, "It stops before its next change.")
		for _, action := range []string{op.ActionStop, op.ActionHappened, op.ActionNotHappened} {
			_, err := s.engine.Press(t.Context(), alice, action, "none")
			refused(t, err, "no such operation")
		}
		_, err := s.engine.Press(t.Context(), alice, "op_other", "")
		refused(t, err, "no such button")
		_, err = s.engine.Press(t.Context(), alice, op.ActionHappened, k.ID)
		refused(t, err, "being carried out")
		s.ends(k.ID, "stopped")
		_, err = s.engine.Press(t.Context(), alice, op.ActionHappened, k.ID)
		refused(t, err, "How it ended is known: it was stopped at")
	})
}

func TestAButtonWhileTheDatabaseIsAwaySaysWhatIsNotKnown(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: time.Minute})
		id, k := s.confirmed(), s.offer(alice, plan())
		time.Sleep(time.Second)
		s.line.Cut()
		for _, tc := range []struct{ action, value, says string }{
			{op.ActionConfirm, k.Value(), "whether this was confirmed. Press again in a moment: it is done once."},
			{op.ActionCancel, k.Value(), "whether this was cancelled. Press again"},
			{op.ActionStop, id, "whether it stops. Press again"},
			{op.ActionHappened, id, "whether I noted that it happened. Press again"},
			{op.ActionNotHappened, id, "whether I noted that it did not happen. Press again"},
		} {
			_, err := s.engine.Press(t.Context(), alice, tc.action, tc.value)
			refused(t, err, "The database does not answer, so I cannot tell "+tc.says)
			if op.IsOver(err) {
				t.Errorf("%s: it says that the plan is over", tc.action)
			}
		}
		s.line.Mend()
		time.Sleep(2 * time.Second)
		if _, err := s.engine.Press(t.Context(), alice, op.ActionCancel, k.Value()); err != nil {
			t.Errorf("pressed again: %v", err)
		}
		s.succeeds(id)
	})
}

// Whoever gives up on a plan's data has to say what it was.
func TestARunReadsThePlansData(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			var data struct{ To string }
			if err := o.Data(&data); err != nil {
				return err
			}
			_, err := op.Do(ctx, o, "turn "+o.App()+" "+data.To, s.effect(data.To))
			return err
		}
		s.succeeds(s.confirmed(), "turn penny-university on: done")
		p := plan()
		p.Data = json.RawMessage(`["no object"]`)
		k := s.offer(alice, p)
		s.confirms(k)
		s.ends(k.ID, ":x: Turn", "Something went wrong (operation "+k.ID+"); the log has the details.")
	})
}

func TestAnIdIsThatOfThePlanNotOfItsTime(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, late := range []time.Duration{0, 3 * time.Millisecond, time.Hour} {
		t.Run(late.String(), func(t *testing.T) {
			path := storetest.File(t)
			synctest.Test(t, func(t *testing.T) {
				s := stageAt(t, path)
				time.Sleep(late)
				ids = append(ids, s.offer(alice, plan()).ID+" "+s.offer(alice, plan()).ID+" "+s.offer(bob, plan()).ID)
			})
		})
	}
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("they differ: %q", ids)
	}
}

func TestAnIdIsNotGivenAgainOnceItsPlanIsForgotten(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		seen := map[string]bool{}
		for range 5 {
			id := s.offer(alice, plan()).ID
			if seen[id] {
				t.Errorf("%s is the id of two plans", id)
			}
			seen[id] = true
			s.change("delete from plans")
		}
	})
}

func TestOfSomebodyUnknownThereIsNoRowAndOnlyTheOwnerIsToldHow(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		no := say.Refuse("Nobody knows you.")
		s.set(func() { s.stranger, s.barred[alice.User], s.barred[bob.User] = alice.User, no, no })
		k := s.offer(alice, plan())
		_, err := s.engine.Confirm(t.Context(), alice, k.Value())
		refused(t, err, "Nobody knows you.", byHand)
		s.set(func() { s.stranger = bob.User })
		_, err = s.engine.Confirm(t.Context(), bob, k.Value())
		if err == nil || err.Error() != "Nobody knows you." {
			t.Errorf("got %v", err)
		}
		if n := len(s.trail(k.ID)); n != 1 {
			t.Errorf("the trail has %d rows", n)
		}
	})
}

func TestAChannelIsToldOfAPersonByName(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		k := s.offer(alice, plan())
		no := &access.Refused{Rule: access.RuleGuest, Refusal: &say.Refusal{Text: "You may not."}, Others: "<@U0ALICE> may not."}
		s.run = func(ctx context.Context, o *op.Operation) error {
			s.set(func() { s.barred[alice.User] = no })
			return s.plain(ctx, o)
		}
		s.confirms(k)
		s.ends(k.ID, "stopped", "<@U0ALICE> may not.")
		if text := s.shows(k.ID); strings.Contains(text, "You") || strings.Contains(text, "0 s") {
			t.Errorf("the channel reads\n%s", text)
		}
	})
}
