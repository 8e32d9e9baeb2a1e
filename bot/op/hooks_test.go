package op_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/board"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/bot/store"
)

// hooked has what hooks hear written to a table, in their transactions.
func hooked(s *stage, confirm error) {
	s.change("create table heard (what text)")
	hear := func(ctx context.Context, tx *store.Tx, what string) error {
		_, err := tx.Exec(ctx, "insert into heard (what) values ($1)", what)
		return err
	}
	s.engine.Hook("test", op.Hooks{
		Confirmed: func(ctx context.Context, tx *store.Tx, c op.Confirmation) error {
			return errors.Join(confirm, hear(ctx, tx, c.By.User+" confirmed in "+c.Channel))
		},
		Ended: func(ctx context.Context, tx *store.Tx, _ op.Confirmation, end op.End) error {
			return hear(ctx, tx, map[bool]string{true: "done", false: "not done"}[end.Done]+map[bool]string{true: ", begun", false: ", not begun"}[end.Begun])
		},
	})
}

// heard is what hooks heard.
func (s *stage) heard() (list []string) {
	s.t.Helper()
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list = nil
		rows, err := tx.Query(ctx, "select what from heard")
		if err != nil {
			return err
		}
		for rows.Next() {
			var what string
			if err := rows.Scan(&what); err != nil {
				return err
			}
			list = append(list, what)
		}
		return rows.Err()
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// However an operation ends, what hangs on it hears of it once, and whether the app may have been changed.
func TestHooksHearOnceHowAnOperationEnds(t *testing.T) {
	t.Parallel()
	unknown := func(s *stage) {
		s.next("on", way{err: errCut})
		s.tell(func(f *farEnd) { f.blind = say.Refuse("Nobody can tell.") })
	}
	for name, tt := range map[string]struct {
		before func(s *stage)
		after  func(s *stage, id string)
		want   []string
	}{
		"well":                 {nil, nil, []string{"done, begun"}},
		"refused":              {func(s *stage) { s.next("on", way{after: -1, err: say.Refuse("No.")}) }, nil, []string{"not done, not begun"}},
		"its ground is gone":   {func(s *stage) { s.tell(func(f *farEnd) { f.gone = say.Refuse("Gone.") }) }, nil, []string{"not done, not begun"}},
		"the second fails":     {func(s *stage) { s.next("rest", way{after: -1, err: say.Refuse("No.")}) }, nil, []string{"not done, begun"}},
		"too late":             {func(s *stage) { s.tell(func(f *farEnd) { f.gone = errDown }) }, nil, []string{"not done, not begun"}},
		"unknown":              {unknown, nil, []string{"not done, begun"}},
		"unknown, it happened": {unknown, func(s *stage, id string) { _ = s.engine.Close(s.t.Context(), bob, id, true) }, []string{"not done, begun"}},
		"unknown, it did not":  {unknown, func(s *stage, id string) { _ = s.engine.Close(s.t.Context(), bob, id, false) }, []string{"not done, begun", "not done, not begun"}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				hooked(s, nil)
				if tt.before != nil {
					tt.before(s)
				}
				id := s.confirmed()
				s.ends(id)
				if tt.after != nil {
					tt.after(s, id)
				}
				if diff := cmp.Diff(append([]string{"U0ALICE confirmed in C0DEPLOYS"}, tt.want...), s.heard()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

func TestAHookCanRefuseAConfirmation(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		hooked(s, say.Refuse("It is held."))
		ticket := s.offer(alice, plan())
		_, err := s.engine.Confirm(t.Context(), alice, ticket.Value())
		refused(t, err, "It is held.")
		if n := s.operations(); n != 0 || len(s.heard()) != 0 {
			t.Errorf("there are %d operations, and %q was kept", n, s.heard())
		}
	})
}

func TestASubmitAsksNoFarEnd(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.set(func() { s.barred[alice.User] = say.Refuse("alice may not any more.") })
		ticket := s.offer(alice, plan())
		if _, err := s.engine.Submit(t.Context(), alice, ticket.Value(), ""); err != nil {
			t.Fatal(err)
		}
		s.ends(ticket.ID, "stopped", "alice may not any more.")
		if n := s.count("on"); n != 0 {
			t.Errorf("the effect is there %d times", n)
		}
	})
}

func TestWhatHasToBeTypedIsTyped(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		p := plan()
		p.Typed = app
		ticket := s.offer(alice, p)
		for _, typed := range []string{"", "penny", app + " "} {
			_, err := s.engine.Submit(t.Context(), alice, ticket.Value(), typed)
			if typed == app+" " {
				if err != nil {
					t.Error(err)
				}
				continue
			}
			refused(t, err, "To confirm this, type `penny-university`.")
		}
		s.succeeds(ticket.ID)
		other := s.offer(alice, p)
		_, err := s.engine.Confirm(t.Context(), alice, other.Value())
		refused(t, err, "To confirm this, type `penny-university`.")
	})
}

// What was printed stands in the thread, and what can be done next below the message. Both are there after a crash.
func TestAFailureLeavesItsDetailAndAChoice(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			if _, err := op.Do(ctx, o, "turn it on", s.effect("on")); err != nil {
				return err
			}
			_, err := op.Wait(ctx, o, "it is well", op.Watch[string]{
				Look:   func(context.Context) (string, bool, error) { return "well", true, nil },
				Detail: func(what string) string { return "It is " + what },
			})
			if err != nil {
				return err
			}
			_, err = op.Wait(ctx, o, "it stays", op.Watch[string]{Look: func(context.Context) (string, bool, error) {
				return "", false, &op.Failure{
					Refusal: &say.Refusal{Text: "It fell over."}, Detail: "Its log",
					Choices: []op.Choice{{Label: "Try again", Line: "/on " + app}},
				}
			}})
			return err
		}
		id := s.confirmed()
		s.ends(id)
		s.kill()
		time.Sleep(time.Minute)
		s.says(id, "failed", "It fell over.", "[Try again]")
		for key, want := range map[string]string{" 1": "It is well", " 2": "Its log", " 0": "", " 7": ""} {
			d, err := s.engine.Draw(t.Context(), op.KeyOf(id)+board.Key(key))
			if got := text(d.Message.Blocks); err != nil || got != want {
				t.Errorf("the thread says %q, want %q: %v", got, want, err)
			}
		}
		var parents int
		s.read("select count(*) from boards where parent = $1", []any{string(op.KeyOf(id))}, &parents)
		if parents != 2 {
			t.Errorf("there are %d replies", parents)
		}
	})
}

func TestWhatSucceededOffersWhatComesNext(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		p := plan()
		p.After = []op.Choice{{Label: "Turn off", Line: "/off " + app}}
		ticket := s.offer(alice, p)
		if _, err := s.engine.Confirm(t.Context(), alice, ticket.Value()); err != nil {
			t.Fatal(err)
		}
		s.succeeds(ticket.ID, "[Turn off]")
	})
}
