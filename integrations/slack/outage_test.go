package slack_test

import (
	"strings"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

// opens fails unless apps.connections.open was called at most once a second and ten times in any minute. It gives the
// times of the calls, those that the weather refused included.
func (s *stage) opens() []time.Time {
	s.t.Helper()
	var at []time.Time
	requests, _ := s.Weather().Requests(0)
	for _, r := range requests {
		if strings.HasSuffix(r.Path, "/apps.connections.open") {
			at = append(at, r.At)
		}
	}
	for i := range at {
		if i > 0 && at[i].Sub(at[i-1]) < time.Second {
			s.t.Errorf("opens %d and %d are %v apart", i-1, i, at[i].Sub(at[i-1]))
		}
		if i >= 10 && at[i].Sub(at[i-10]) < time.Minute {
			s.t.Errorf("11 opens in %v", at[i].Sub(at[i-10]))
		}
	}
	return at
}

func TestAServerThatAcceptsAndDisconnectsIsMetTenTimesAMinute(t *testing.T) {
	for _, reason := range []string{"refresh_requested", "link_disabled", "too_many_websockets"} {
		t.Run(reason, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				s.Flap(reason)
				r := s.start(ackAll)
				time.Sleep(10 * time.Minute)
				if n := len(s.opens()); n < 50 || n > 100 {
					t.Errorf("%d opens in ten minutes, want no more than 100, and not to give up", n)
				}
				s.Flap("")
				time.Sleep(15 * time.Second)
				if out := s.command("status"); out.Failed != "" {
					t.Errorf("15 s after it has ended: %+v", out)
				}
				s.stop(r)
				s.clean()
			})
		})
	}
}

func TestConnectionsThatFailAreMetTenTimesAMinute(t *testing.T) {
	tests := []struct {
		name  string
		opts  slacksim.Options
		spoil func(*stage)
		mend  func(*stage)
	}{
		{
			"Slack is down",
			slacksim.Options{},
			func(s *stage) { s.SetDown(true) },
			func(s *stage) { s.SetDown(false) },
		},
		{
			"HTML 503",
			slacksim.Options{},
			func(s *stage) {
				s.Weather().Add(weather.Fault{Method: "*", Path: "*", Kind: weather.HTML503, Always: true})
				s.CutSockets()
			},
			func(s *stage) { s.Weather().Clear() },
		},
		{
			"429 without Retry-After",
			slacksim.Options{},
			func(s *stage) {
				s.Weather().Add(weather.Fault{Method: "*", Path: "*", Kind: weather.TooManyBare, Always: true})
				s.CutSockets()
			},
			func(s *stage) { s.Weather().Clear() },
		},
		{
			"Socket Mode is switched off",
			slacksim.Options{},
			func(s *stage) { s.LinkDisabled(true) },
			func(s *stage) { s.LinkDisabled(false) },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, tt.opts, func(t *testing.T, s *stage) {
				r := s.startBoth(ackAll)
				tt.spoil(s)
				time.Sleep(time.Hour)
				if n := len(s.opens()); n < 100 {
					t.Errorf("%d opens in an hour: it has given up", n)
				}
				tt.mend(s)
				mended := time.Now()
				for s.Sockets() == 0 {
					time.Sleep(100 * time.Millisecond)
					if time.Since(mended) > time.Minute {
						t.Fatal("no connection a minute after it was mended")
					}
				}
				t.Logf("connected again after %v", time.Since(mended))
				if d := time.Since(mended); d > 25*time.Second {
					t.Errorf("connected again after %v", d)
				}
				if out := s.command("status"); out.Failed != "" {
					t.Errorf("got %+v", out)
				}
				s.opens()
				s.stop(r)
				s.clean()
			})
		})
	}
}

func TestARetryAfterHoldsBackBothSockets(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.Weather().Add(weather.Fault{Method: "*", Path: "*", Kind: weather.TooMany, D: 20 * time.Second})
		r := s.start(ackAll)
		<-r.Connected()
		if at := s.opens(); len(at) != 2 || at[1].Sub(at[0]) < 20*time.Second {
			t.Errorf("opens at %v", at)
		}
		s.stop(r)
	})
}

func TestCutSocketsAreReplaced(t *testing.T) {
	for name, cut := range map[string]func(*stage){
		"cut":   func(s *stage) { s.CutSockets() },
		"1001":  func(s *stage) { s.CloseSockets(1001) },
		"reset": func(s *stage) { s.ResetSockets() },
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				r := s.startBoth(ackAll)
				time.Sleep(time.Minute)
				cut(s)
				time.Sleep(50 * time.Millisecond)
				if out := s.command("status"); out.Failed != "" {
					t.Errorf("50 ms later: %+v", out)
				}
				time.Sleep(2 * time.Second)
				if n := s.Sockets(); n != 2 {
					t.Errorf("%d sockets are open 2 s later", n)
				}
				if st := r.Stats(); st.Lost != 2 || st.Young != 0 {
					t.Errorf("stats: %+v", st)
				}
				s.stop(r)
				s.clean()
			})
		})
	}
}

func TestAHalfOpenSocketIsReplacedWithinAMinute(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		r := s.startBoth(ackAll)
		time.Sleep(time.Minute)
		s.StopReading(0)
		time.Sleep(61 * time.Second)
		if st := r.Stats(); st.Lost != 1 || st.Open != 2 {
			t.Errorf("stats: %+v", st)
		}
		if age := time.Since(r.Stats().LastFrame); age > 10*time.Second {
			t.Errorf("the last frame is %v old", age)
		}
		s.stop(r)
	})
}

func TestAConnectionWithoutAHelloIsReplaced(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.StopHello(true)
		r := s.start(ackAll)
		time.Sleep(10 * time.Minute)
		s.opens()
		if st := r.Stats(); st.Open != 0 || st.Connects < 20 || st.Young < st.Lost {
			t.Errorf("stats: %+v", st)
		}
		s.StopHello(false)
		time.Sleep(30 * time.Second)
		if n := s.Sockets(); n != 2 {
			t.Errorf("%d sockets are open, want 2", n)
		}
		s.stop(r)
	})
}

func TestAQuietSlackKeepsTheBotWithinThePace(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.StopPinging(true)
		r := s.start(ackAll)
		time.Sleep(30 * time.Minute) // slack-go gives each socket up after 30 s
		s.opens()
		if n := s.Sockets(); n == 0 {
			t.Error("no socket is open")
		}
		s.stop(r)
	})
}

func TestARefreshEveryHourForTwoDaysLosesNothing(t *testing.T) {
	onStage(t, slacksim.Options{RefreshEvery: time.Hour, NoLimits: true, Unverified: slacksim.Unverified{SameSocketAcks: true}}, func(t *testing.T, s *stage) {
		r := s.startBoth(ackAll)
		for range 2 * 24 * 6 {
			time.Sleep(10*time.Minute - 777*time.Millisecond)
			if out := s.command("status"); out.Failed != "" {
				t.Fatalf("got %+v", out)
			}
		}
		if st := r.Stats(); st.Open != 2 || st.Others != 0 || st.Young != 0 {
			t.Errorf("stats: %+v", st)
		}
		s.opens()
		s.stop(r)
		s.clean()
	})
}
