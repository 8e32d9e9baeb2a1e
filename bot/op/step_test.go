package op_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/op"
	"slipway/bot/say"
)

func TestWhatNoLongerHoldsBetweenConfirmationAndStepStopsIt(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(s *stage)
		says   string
	}{
		"rights":    {func(s *stage) { s.barred[alice.User] = say.Refuse("alice is no collaborator any more.") }, "alice is no collaborator any more."},
		"read mode": {func(s *stage) { s.mode = say.Refuse("The app is in read mode now.") }, "The app is in read mode now."},
		"alone": {func(s *stage) {
			s.alone = access.Refuse(access.RulePresence, "Somebody else runs with my token.")
		}, "Somebody else runs with my token."},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.next("on", way{after: time.Minute})
				id := s.confirmed()
				time.Sleep(30 * time.Second) // the second effect waits for the first one
				s.set(func() { tc.change(s) })
				s.ends(id, ":octagonal_sign: Turn it on for *penny-university*: stopped", tc.says, byHand, "tell the rest after on-1: not begun")
				if n := s.count("rest"); n != 0 {
					t.Error("it was done")
				}
			})
		})
	}
}

func TestWhileNobodyCanTellItWaits(t *testing.T) {
	for name, tc := range map[string]struct {
		rule   string
		change func(s *stage, no error)
	}{
		"who may":             {access.RuleRightsUnknown, func(s *stage, no error) { s.barred[""] = no }},
		"whether it is alone": {access.RulePresenceUnknown, func(s *stage, no error) { s.alone = no }},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.next("on", way{after: time.Minute})
				id := s.confirmed()
				time.Sleep(30 * time.Second)
				s.set(func() { tc.change(s, access.Refuse(tc.rule, "Nobody can tell.")) })
				time.Sleep(2 * time.Minute)
				s.says(id, ": waits for the far end", "tell the rest after on-1: waits for the far end since")
				s.set(func() { tc.change(s, nil) })
				s.succeeds(id)
				if n := s.count("rest"); n != 1 {
					t.Errorf("the effect is there %d times", n)
				}
			})
		})
	}
}

func TestWhereNothingIsToBeDoneAnyMoreNobodyIsToldHow(t *testing.T) {
	for name, run := range map[string]func(s *stage) op.Run{
		"a guard": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				f := s.effect("on")
				f.Guard = func(context.Context) error { return say.Moot("It is on already.") }
				_, err := op.Do(ctx, o, "turn it on", f)
				return err
			}
		},
		"a Run": func(*stage) op.Run {
			return func(context.Context, *op.Operation) error { return say.Moot("It is on already.") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.run = run(s)
				k := s.offer(alice, plan())
				s.confirms(k)
				s.ends(k.ID, "It is on already.")
				_, again := s.engine.Confirm(t.Context(), alice, k.Value())
				refused(t, again, "already")
				if told := s.shows(k.ID) + again.Error(); strings.Contains(told, "By hand") {
					t.Errorf("it is told how to do it by hand:\n%s", told)
				}
			})
		})
	}
}

func TestAfterFifteenMinutesNoEffectIsBegun(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		k := s.offer(alice, plan())
		s.stop()
		s.confirms(k)
		time.Sleep(20 * time.Minute)
		s.start()
		s.ends(k.ID, ":octagonal_sign:", "The step “turn it on” was not begun within 15 min of the confirmation, so it is not begun at all. Ask for a new plan.", byHand)
		if s.asked() != 0 {
			t.Error("it was done")
		}
	})
}

func TestAfterFourteenMinutesAnEffectIsBegun(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		k := s.offer(alice, plan())
		s.stop()
		s.confirms(k)
		time.Sleep(14 * time.Minute)
		s.start()
		s.succeeds(k.ID, "done in 14 min")
	})
}

func TestReadingsThatTakeLongDoNotLengthenTheTimeForEffects(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			f := s.effect("on")
			f.Guard = func(context.Context) error {
				time.Sleep(19 * time.Second)
				return nil
			}
			_, err := op.Do(ctx, o, "turn it on", f)
			return err
		}
		k := s.offer(alice, plan())
		s.stop()
		s.confirms(k)
		time.Sleep(15*time.Minute - time.Second)
		s.start()
		s.ends(k.ID, ":octagonal_sign:", "The step “turn it on” was not begun within 15 min of the confirmation")
		if s.asked() != 0 {
			t.Error("it was done")
		}
	})
}

func TestWaitingForTheFarEndEndsWithTheTimeForEffects(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.tell(func(f *farEnd) { f.down = true })
		begun := time.Now()
		s.ends(s.confirmed(), ":octagonal_sign:", "not begun within 15 min", "It waited for Heroku since")
		if d := time.Since(begun); d > 18*time.Minute {
			t.Errorf("it took %s", d)
		}
	})
}

func TestAnEffectThatIsNotThereIsNotRepeatedAfterFifteenMinutes(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: -1, err: errCut})
		id := s.confirmed()
		time.Sleep(500 * time.Millisecond)
		s.stop()
		time.Sleep(time.Hour)
		s.start()
		s.ends(id, ":x:", "turn it on: tried once since", "was tried once and had no effect. 15 min after the confirmation it is not tried any more")
		if n := s.asked(); n != 1 {
			t.Errorf("effects were asked for %d times", n)
		}
	})
}

func TestAnOperationStopsBetweenSteps(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: time.Minute})
		k := s.offer(alice, whole())
		s.confirms(k)
		id := k.ID
		time.Sleep(2 * time.Second)
		refused(t, s.halts(dave, id), "dave may not.")
		if err := s.halts(bob, id); err != nil {
			t.Fatal(err)
		}
		refused(t, s.halts(alice, id), "<@U0BOB> asked to stop it already")
		time.Sleep(20 * time.Second)
		s.says(id, "it is on: running since", "<@U0BOB> asked to stop: it stops before its next change")
		if strings.Contains(s.shows(id), "[Stop]") {
			t.Error("the button is still there")
		}
		s.ends(id, ":octagonal_sign:", "it is on: done", "<@U0BOB> stopped it before the step “tell the rest after on-1”.", byHand)
		if n := s.count("rest"); n != 0 {
			t.Error("it was done")
		}
	})
}

// whole is a plan that names all steps of a plain Run.
func whole() op.Plan {
	p := plan()
	p.Steps = append(p.Steps, "tell the rest after on-1")
	return p
}

func TestAStopIsRefusedWhereNothingIsLeftToStop(t *testing.T) {
	for name, tc := range map[string]struct {
		steps []string
		how   way
		says  string
	}{
		"the last step watches": {[]string{"turn it on", "it is on"}, way{after: time.Minute}, "There is nothing left to stop: the last change is made, and it waits for the step “it is on”."},
		"the last step changes": {[]string{"turn it on"}, way{answers: 4 * time.Second}, "There is nothing left to stop: the last change, “turn it on”, was begun already."},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.run = func(ctx context.Context, o *op.Operation) error {
					_, err := op.Do(ctx, o, "turn it on", s.effect("on"))
					if err == nil && len(tc.steps) > 1 {
						_, err = op.Wait(ctx, o, "it is on", op.Watch[string]{Look: s.looks("on")})
					}
					return err
				}
				s.next("on", tc.how)
				p := plan()
				p.Steps = tc.steps
				k := s.offer(alice, p)
				s.confirms(k)
				time.Sleep(2 * time.Second)
				_, err := s.engine.Press(t.Context(), alice, op.ActionStop, k.ID)
				refused(t, err, tc.says)
				s.succeeds(k.ID)
				if strings.Contains(s.shows(k.ID), "asked to stop") {
					t.Errorf("it says that it stops:\n%s", s.shows(k.ID))
				}
			})
		})
	}
}

func TestAStopAfterWhichNoChangeWasToComeIsToldOfInTheEnd(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			if _, err := op.Do(ctx, o, "turn it on", s.effect("on")); err != nil {
				return err
			}
			_, err := op.Wait(ctx, o, "it is on", op.Watch[string]{Look: s.looks("on")})
			return err
		}
		s.next("on", way{answers: 4 * time.Second})
		id := s.confirmed()
		time.Sleep(time.Second)
		if err := s.halts(bob, id); err != nil {
			t.Fatal(err)
		}
		s.succeeds(id, "<@U0BOB> asked to stop, when no change was to come any more")
	})
}

func TestAStopWhileTheGuardIsAskedIsHeard(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			f := s.effect("on")
			f.Guard = func(context.Context) error {
				time.Sleep(2 * time.Second)
				return nil
			}
			_, err := op.Do(ctx, o, "turn it on", f)
			return err
		}
		id := s.confirmed()
		time.Sleep(time.Second)
		if err := s.halts(alice, id); err != nil {
			t.Fatal(err)
		}
		s.ends(id, "<@U0ALICE> stopped it before the step “turn it on”.")
		if s.asked() != 0 {
			t.Error("it was done")
		}
	})
}

func TestAStopEndsWhatWaitsForTheFarEndAtOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.tell(func(f *farEnd) { f.down = true })
		id := s.confirmed()
		time.Sleep(5 * time.Minute)
		begun := time.Now()
		if err := s.halts(alice, id); err != nil {
			t.Fatal(err)
		}
		s.ends(id, "<@U0ALICE> stopped it before the step “turn it on”.")
		if d := time.Since(begun); d > time.Second {
			t.Errorf("it took %s", d)
		}
	})
}

func TestAReplayThatTakesAnotherWayEndsLoudly(t *testing.T) {
	type run = func(s *stage) op.Run
	watch := func(ctx context.Context, s *stage, o *op.Operation, step string) error {
		_, err := op.Wait(ctx, o, step, op.Watch[string]{Look: s.looks("never"), Deadline: time.Hour})
		return err
	}
	first := func(s *stage) op.Run {
		return func(ctx context.Context, o *op.Operation) error {
			if _, err := op.Do(ctx, o, "turn it on", s.effect("on")); err != nil {
				return err
			}
			return watch(ctx, s, o, "it is on")
		}
	}
	for name, other := range map[string]run{
		"another name": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				_, err := op.Do(ctx, o, "switch it on", s.effect("on"))
				return err
			}
		},
		"another verb": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				if err := watch(ctx, s, o, "turn it on"); err != nil {
					return err
				}
				return watch(ctx, s, o, "it is on")
			}
		},
		"another order": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				if err := watch(ctx, s, o, "it is on"); err != nil {
					return err
				}
				_, err := op.Do(ctx, o, "turn it on", s.effect("on"))
				return err
			}
		},
		"another type": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				_, err := op.Do(ctx, o, "turn it on", op.Effect[int]{Act: func(context.Context) (int, error) { return 0, nil }})
				return err
			}
		},
		"fewer steps": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				_, err := op.Do(ctx, o, "turn it on", s.effect("on"))
				return err
			}
		},
		"a name twice": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				if _, err := op.Do(ctx, o, "turn it on", s.effect("on")); err != nil {
					return err
				}
				if _, err := op.Wait(ctx, o, "it is on", op.Watch[string]{Look: s.looks("on")}); err != nil {
					return err
				}
				_, err := op.Do(ctx, o, "turn it on", s.effect("rest"))
				return err
			}
		},
		"the error of a step swallowed": func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				_, _ = op.Do(ctx, o, "switch it on", s.effect("on"))
				_, _ = op.Do(ctx, o, "turn it on", s.effect("rest"))
				return nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.run = first(s)
				id := s.confirmed()
				time.Sleep(12 * time.Second)
				s.stop()
				s.run = other(s)
				s.start()
				s.ends(id, ":x: Turn", "slipway would go another way now than when it began", byHand)
				if on, rest := s.count("on"), s.count("rest"); on != 1 || rest != 0 {
					t.Errorf("the effects are there %d and %d times", on, rest)
				}
				if !strings.Contains(s.log.String(), "an operation takes another way than before") {
					t.Errorf("the log does not say it:\n%s", s.log)
				}
			})
		})
	}
}

func TestAnotherWayWhileAnEffectIsOpenIsUnknown(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.next("on", way{after: -1, err: errCut})
		id := s.confirmed()
		time.Sleep(2 * time.Second)
		s.stop()
		s.run = func(ctx context.Context, o *op.Operation) error { return nil }
		s.start()
		s.ends(id, ":grey_question: Turn", "another way", "not known whether it was done")
	})
}

func TestARunThatBreaksEndsTheOperation(t *testing.T) {
	for name, tc := range map[string]struct {
		run  func(s *stage) op.Run
		says []string
	}{
		"an error": {func(s *stage) op.Run {
			return func(context.Context, *op.Operation) error { return errors.New("secret") }
		}, []string{":x:", "Something went wrong (operation "}},
		"a refusal": {func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				if _, err := op.Do(ctx, o, "turn it on", s.effect("on")); err != nil {
					return err
				}
				return fmt.Errorf("after it: %w", say.Refuse("The app is not healthy."))
			}
		}, []string{":x:", "turn it on: done", "The app is not healthy."}},
		"a panic": {func(s *stage) op.Run {
			return func(context.Context, *op.Operation) error { panic("oh") }
		}, []string{":x:", "Something went wrong"}},
		"a panic in a guard": {func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				f := s.effect("on")
				f.Guard = func(context.Context) error { panic("oh") }
				_, err := op.Do(ctx, o, "turn it on", f)
				return err
			}
		}, []string{":x:", "Something went wrong"}},
		"a panic in an effect": {func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				f := s.effect("on")
				f.Act = func(ctx context.Context) (string, error) {
					_, _ = s.act(ctx, "on")
					panic("oh")
				}
				_, err := op.Do(ctx, o, "turn it on", f)
				return err
			}
		}, []string{":white_check_mark: Turn it on for *penny-university*: done"}},
		"no way to look": {func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				f := s.effect("on")
				f.Find = nil
				f.Act = func(ctx context.Context) (string, error) { return "", errCut }
				_, err := op.Do(ctx, o, "turn it on", f)
				return err
			}
		}, []string{":grey_question:", "There is no way to look for it."}},
		"a result that is no JSON": {func(s *stage) op.Run {
			return func(ctx context.Context, o *op.Operation) error {
				_, err := op.Do(ctx, o, "turn it on", op.Effect[chan int]{Act: func(context.Context) (chan int, error) { return nil, nil }})
				return err
			}
		}, []string{":x:", "unsupported type"}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.run = tc.run(s)
				id := s.confirmed()
				s.ends(id, tc.says...)
				if strings.Contains(s.shows(id), "secret") {
					t.Error("an inner error is shown")
				}
			})
		})
	}
}

func TestAnOperationOfAnUnknownKindWaitsForWhoKnowsIt(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		restart := func(kind string) {
			s.stop()
			s.kind = kind
			s.start()
		}
		restart("newer")
		p := plan()
		p.Kind = "newer"
		s.next("on", way{after: 3 * time.Second})
		k := s.offer(alice, p)
		s.confirms(k)
		time.Sleep(time.Second)
		restart("older")
		time.Sleep(5 * time.Minute)
		s.says(k.ID, "under way")
		restart("newer")
		s.succeeds(k.ID, "done in 5 min 5 s")
	})
}

func TestAnOperationOfAnUnknownKindDoesNotHoldItsAppForEver(t *testing.T) {
	for name, tc := range map[string]struct {
		how   way
		stops bool
		says  []string
		took  time.Duration // at most, from the confirmation
	}{
		"a stop": {way{after: time.Hour}, true, []string{
			":x:", "<@U0BOB> stopped it. It was confirmed by another version of slipway: this one does not know how to go on with it.", byHand,
			"it is on: begun at", "not known whether it was done", "tell the rest after on-1: not done",
		}, 2 * time.Minute},
		"too old": {way{after: time.Hour}, false, []string{":x:", "None that does took it up within 15 min of the confirmation."}, 16 * time.Minute},
		"too old, in the midst of an effect": {way{after: -1, err: errCut}, false, []string{
			":grey_question:", "does not know how to go on", "turn it on: begun at", "not known whether it was done", "[It happened]",
		}, 16 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				restart := func(kind string) {
					s.stop()
					s.kind = kind
					s.start()
				}
				restart("newer")
				p := whole()
				p.Kind = "newer"
				s.next("on", tc.how)
				begun := time.Now()
				k := s.offer(alice, p)
				s.confirms(k)
				time.Sleep(time.Second)
				restart("older")
				time.Sleep(time.Minute)
				if tc.stops {
					if err := s.halts(bob, k.ID); err != nil {
						t.Fatal(err)
					}
				}
				s.ends(k.ID, tc.says...)
				if d := time.Since(begun); d > tc.took+2*time.Minute {
					t.Errorf("it took %s", d)
				}
			})
		})
	}
}

func TestManyOperationsGoOnSideBySide(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.run = func(ctx context.Context, o *op.Operation) error {
			f := s.effect(o.App())
			_, err := op.Do(ctx, o, "turn it on", f)
			return err
		}
		begun := time.Now()
		for i := range 20 {
			p := plan()
			p.App = fmt.Sprint("app-", i)
			s.next(p.App, way{answers: time.Second})
			s.confirms(s.offer(alice, p))
		}
		for n := 1; n > 0; time.Sleep(100 * time.Millisecond) {
			var err error
			if n, err = s.engine.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(begun); d < 3*time.Second || d > 4*time.Second {
			t.Errorf("20 operations of a second, 8 at a time, took %s", d)
		}
	})
}
