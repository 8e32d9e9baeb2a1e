package presence_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"slipway/bot/access"
	"slipway/bot/presence"
	"slipway/bot/say"
	slacksim "slipway/integrations/sim/slack"
)

func TestOneProcessIsAlone(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(s *stage){
		"nothing":          func(*stage) {},
		"refresh, warned":  func(s *stage) { s.Refresh(0) },
		"refresh, at once": func(s *stage) { s.Disconnect(1, "refresh_requested") },
		"both refreshed":   func(s *stage) { s.Disconnect(slacksim.All, "refresh_requested") },
		"cut":              func(s *stage) { s.CutSockets() },
		"closed":           func(s *stage) { s.CloseSockets(1001) },
		"half open":        func(s *stage) { s.StopReading(0) },
		"no hello":         func(s *stage) { s.StopHello(true); s.CutSockets(); time.Sleep(time.Minute); s.StopHello(false) },
		"flapping":         func(s *stage) { s.Flap("refresh_requested"); time.Sleep(3 * time.Minute); s.Flap("") },
		"down":             func(s *stage) { s.SetDown(true); time.Sleep(3 * time.Minute); s.SetDown(false) },
		"database away": func(s *stage) {
			p := s.alive[0]
			p.line.Cut()
			s.CutSockets()
			time.Sleep(3 * time.Minute)
			p.line.Mend()
		},
		"a new process":  func(s *stage) { s.start(); time.Sleep(30 * time.Second); s.alive[0].stop() },
		"a restart":      func(s *stage) { s.alive[0].stop(); s.start() },
		"kill -9":        func(s *stage) { s.alive[0].kill(); s.start() },
		"kill -9, later": func(s *stage) { s.alive[0].kill(); time.Sleep(5 * time.Minute); s.start() },
		"kill -9 five times": func(s *stage) {
			for range 5 {
				s.alive[0].kill()
				s.start()
				time.Sleep(7 * time.Second)
			}
		},
	} {
		for _, fade := range []time.Duration{0, time.Minute} {
			t.Run(name+", counted for "+fade.String(), func(t *testing.T) {
				t.Parallel()
				onStage(t, slacksim.Options{Unverified: slacksim.Unverified{CountGone: fade}}, func(t *testing.T, s *stage) {
					s.start()
					time.Sleep(time.Minute)
					happens(s)
					time.Sleep(15 * time.Minute)
					s.never()
					if err := s.alive[0].Alone(t.Context()); err != nil {
						t.Error(err)
					}
					if n := s.Sockets(); n != 2 {
						t.Errorf("%d sockets are open", n)
					}
				})
			})
		}
	}
}

// Whatever our own processes do and meet, none takes another for somebody else.
func TestProcessesOnOneStoreNeverTakeEachOtherForStrangers(t *testing.T) {
	t.Parallel()
	seeds := uint64(3)
	if os.Getenv("CI") == "true" {
		seeds = 12
	}
	for seed := range seeds {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			fade := time.Duration(seed%3) * 30 * time.Second
			onStage(t, slacksim.Options{Unverified: slacksim.Unverified{CountGone: fade}}, func(t *testing.T, s *stage) {
				r := rand.New(rand.NewPCG(seed, 6))
				for range 60 {
					s.stir(r)
					time.Sleep(time.Duration(r.Int64N(int64(40 * time.Second))))
				}
				if len(s.alive) == 0 {
					s.start()
				}
				time.Sleep(15 * time.Minute)
				s.never()
				if err := s.alive[0].Alone(t.Context()); err != nil {
					t.Error(err)
				}
				if n := s.Sockets(); n != 2*len(s.alive) {
					t.Errorf("%d sockets are open for %d processes", n, len(s.alive))
				}
			})
		})
	}
}

// stir lets something happen to one of at most three processes.
func (s *stage) stir(r *rand.Rand) {
	n := len(s.alive)
	if n == 0 {
		s.start()
		return
	}
	one := s.alive[r.IntN(n)]
	switch r.IntN(8) {
	case 0, 1:
		if n < 3 {
			s.start()
		}
	case 2:
		one.stop()
	case 3:
		one.kill()
	case 4:
		s.Refresh(r.IntN(2 * n))
	case 5:
		s.Disconnect(r.IntN(2*n), "refresh_requested")
	case 6:
		s.CutSockets()
	case 7:
		one.session.Look()
		time.Sleep(2 * time.Second)
		one.session.Trim()
	}
}

func TestSomebodyWhoIsThereBeforeUsIsKnownWithinHalfAMinute(t *testing.T) {
	t.Parallel()
	for _, sockets := range []int{1, 2, 3} {
		t.Run(strconv.Itoa(sockets), func(t *testing.T) {
			t.Parallel()
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				other := s.foreign(sockets)
				time.Sleep(20 * time.Second)
				p := s.start()
				<-p.session.Connected()
				time.Sleep(time.Second)
				took := s.within(29*time.Second, sockets)
				t.Logf("known after %v", took)
				time.Sleep(5 * time.Minute)
				if n := s.others(); n != sockets {
					t.Errorf("five minutes later others are %d", n)
				}
				other.bury()
				took = s.within(90*time.Second, 0)
				t.Logf("gone after %v", took)
				time.Sleep(time.Hour)
				if a, c := s.log.count(alarm), s.log.count(calm); a != 1 || c != 1 {
					t.Errorf("logged %d times that it begins, %d times that it ends", a, c)
				}
			})
		})
	}
}

func TestSomebodyWhoComesLaterIsKnownAfterTheNextLook(t *testing.T) {
	t.Parallel()
	for _, processes := range []int{1, 3} {
		t.Run(strconv.Itoa(processes), func(t *testing.T) {
			t.Parallel()
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				for range processes {
					s.start()
					time.Sleep(time.Minute)
				}
				time.Sleep(20 * time.Minute)
				other := s.foreign(1)
				took := s.within(10*time.Minute+30*time.Second, 1)
				t.Logf("known after %v", took)
				for _, p := range s.alive {
					if err := p.Alone(t.Context()); err == nil {
						t.Error("a process takes itself for alone")
					}
				}
				other.bury()
				t.Logf("gone after %v", s.within(2*time.Minute, 0))
			})
		})
	}
}

// Neither a restart nor a kill is a way around it.
func TestSomebodyWhoIsKnownStaysKnownWhileOurProcessesComeAndGo(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.foreign(1)
		time.Sleep(5 * time.Second)
		s.start()
		time.Sleep(30 * time.Second)
		for i, end := range []func(*process){(*process).kill, (*process).stop, (*process).kill} {
			end(s.alive[0])
			s.start()
			for range 400 {
				time.Sleep(time.Second)
				if s.others() == 0 {
					t.Fatalf("restart %d: nobody else is known any more", i+1)
				}
			}
		}
	})
}

// What was written too much, for a process that died, hides somebody no longer than it is old.
func TestSomebodyBehindADeadProcessIsKnownInTime(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.start()
		time.Sleep(20 * time.Minute)
		s.alive[0].kill()
		s.foreign(1)
		s.start()
		time.Sleep(5 * time.Second)
		t.Logf("known after %v", s.within(3*time.Minute, 1))
	})
}

func TestALookLosesNoCommand(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		p := s.start()
		s.ForeignSockets(1, slacksim.Counted)
		time.Sleep(5 * time.Second)
		var sent []*slacksim.Delivery
		for range 2000 {
			sent = append(sent, s.command())
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		for i, d := range sent {
			if out := d.Outcome(); out.Failed != "" {
				t.Errorf("command %d: %s", i, out.Failed)
			}
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if looks := len(s.Stats().Connects) - 2; p.acked != len(sent) || looks < 3 {
			t.Errorf("%d of %d commands are answered, over %d looks", p.acked, len(sent), looks)
		}
		for _, f := range s.Faults() {
			t.Error(f)
		}
	})
}

func TestLooksKeepThePromiseOfHowOftenWeConnect(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.start()
		s.ForeignSockets(2, slacksim.Counted)
		time.Sleep(time.Hour)
		at := s.Stats().Opens
		if len(at) < 30 || len(at) > 60 {
			t.Errorf("%d connects in an hour with somebody else", len(at))
		}
		for i := range at {
			if i > 0 && at[i].Sub(at[i-1]) < time.Second || i >= 10 && at[i].Sub(at[i-10]) < time.Minute {
				t.Errorf("connect %d came too soon", i)
			}
		}
		s.ForeignSockets(0, slacksim.Counted)
		time.Sleep(10 * time.Minute)
		before := len(s.Stats().Opens)
		time.Sleep(3 * time.Hour)
		if n := len(s.Stats().Opens) - before; n < 16 || n > 19 {
			t.Errorf("%d connects in three hours alone", n)
		}
	})
}

func TestWhoCannotTellRefuses(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.StopHello(true)
		p := s.start()
		time.Sleep(5 * time.Second)
		refused(t, p.Presence, "I cannot tell", "has not said yet", "Try again")
		if _, known := p.Others(t.Context()); known {
			t.Error("it is known before Slack said hello")
		}
		s.StopHello(false)
		time.Sleep(time.Minute)
		if err := p.Alone(t.Context()); err != nil {
			t.Error(err)
		}
		p.line.Cut()
		refused(t, p.Presence, "database")
		if _, known := p.Others(t.Context()); known {
			t.Error("it is known without the database")
		}
		p.line.Mend()
		if err := p.Alone(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What Slack said once is worth nothing when it has said nothing for long, unless there is no room for anybody else.
func TestOldNewsIsNotBelieved(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		p := s.start()
		time.Sleep(time.Minute)
		s.StopHello(true)
		time.Sleep(12 * time.Minute)
		if err := p.Alone(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Minute)
		refused(t, p.Presence, "I cannot tell", "Slack last said", "(17 min ago)", "Try again")
		s.StopHello(false)
		time.Sleep(2 * time.Minute)
		if err := p.Alone(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAFullHouseIsBelieved(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		var p *process
		for range 5 { // of two connections each
			p = s.start()
			time.Sleep(time.Minute)
		}
		time.Sleep(40 * time.Minute)
		if sight, err := p.Seen(t.Context()); err != nil || time.Since(sight.Heard) < 20*time.Minute {
			t.Fatalf("there was room to ask: %+v, %v", sight, err)
		}
		if err := p.Alone(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// One hello that counts more may be wrong; until the second nothing is changed.
func TestASuspicionIsEnoughToWait(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.ForeignSockets(1, slacksim.Counted)
		p := s.start()
		time.Sleep(5 * time.Second)
		refused(t, p.Presence, "I cannot tell", "counts more", "Try again in half a minute")
		if rule := access.RuleOf(p.Alone(t.Context())); rule != access.RulePresenceUnknown {
			t.Errorf("the rule is %q", rule)
		}
		time.Sleep(30 * time.Second)
		refused(t, p.Presence, "Slack counts 1 connection more")
		if rule := access.RuleOf(p.Alone(t.Context())); rule != access.RulePresence {
			t.Errorf("the rule is %q", rule)
		}
	})
}

func TestTheRefusalSaysWhoSinceWhenAndWhatToDo(t *testing.T) {
	t.Parallel()
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		p := s.start()
		s.ForeignSockets(2, slacksim.Counted)
		time.Sleep(3*time.Minute + 10*time.Second)
		refused(t, p.Presence, "Slack counts 2 connections more than mine, since ", "a laptop", "`slipway run`", "an old dyno",
			"Basic Information", "`SLACK_APP_TOKEN`", "only read", "I look again in ")
		sight, err := p.Seen(t.Context())
		if err != nil || sight.Others != 2 || sight.Since.IsZero() || time.Since(sight.Heard) > 80*time.Second || time.Until(sight.Next) > 80*time.Second {
			t.Errorf("seen %+v, %v", sight, err)
		}
	})
}

// refused fails unless nothing may be changed, for a reason with these words.
func refused(t *testing.T, p *presence.Presence, words ...string) {
	t.Helper()
	var refusal *say.Refusal
	if err := p.Alone(t.Context()); !errors.As(err, &refusal) {
		t.Fatalf("got %v", err)
	}
	for _, w := range words {
		if !strings.Contains(refusal.Text, w) {
			t.Errorf("without %q:\n%s", w, refusal.Text)
		}
	}
}
