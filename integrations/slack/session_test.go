package slack_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestACommandIsHandedOverAndAcknowledgedWithItsPayload(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		var got slack.Envelope
		r := s.startBoth(func(e slack.Envelope) {
			got = e
			_ = e.Ack(map[string]string{"text": "on it"})
		})
		out := s.command("status")
		if out.Failed != "" || string(out.Payload) != `{"text":"on it"}` || out.Socket != out.AckSocket {
			t.Errorf("got %+v", out)
		}
		if got.Command == nil || got.Command.Command != "/deploy" || got.Command.Text != "status" || got.Command.UserID != "U1" || got.ID != out.EnvelopeID || got.Salvaged {
			t.Errorf("handed over: %+v", got)
		}
		s.stop(r)
		s.clean()
	})
}

func TestTheFirstHelloComesAtOnceAndTheSecondAfterTheLimit(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		start := time.Now()
		r := s.start(ackAll)
		<-r.Connected()
		if d := time.Since(start); d > 100*time.Millisecond {
			t.Errorf("the first hello took %v", d)
		}
		time.Sleep(2 * time.Second)
		st := s.Stats()
		if len(st.Connects) != 2 || len(st.Opens) != 2 {
			t.Fatalf("%d connects after %d opens, want 2 and 2", len(st.Connects), len(st.Opens))
		}
		if d := st.Opens[1].Sub(st.Opens[0]); d < time.Second || d > 1100*time.Millisecond {
			t.Errorf("the second open came %v after the first", d)
		}
		s.stop(r)
	})
}

func TestARefreshOfEitherSocketLosesNoCommand(t *testing.T) {
	for socket := range 2 {
		for _, how := range []string{"warning first", "at once"} {
			t.Run(fmt.Sprintf("socket %d, %s", socket+1, how), func(t *testing.T) {
				onStage(t, slacksim.Options{NoLimits: true, Unverified: slacksim.Unverified{SameSocketAcks: true}}, func(t *testing.T, s *stage) {
					r := s.startBoth(ackAll)
					s.flood(400, map[int]func(){200: func() {
						if how == "at once" {
							s.Disconnect(socket, "refresh_requested")
							return
						}
						s.Refresh(socket)
					}})
					if n := s.Sockets(); n != 2 {
						t.Errorf("%d sockets are open afterwards, want 2", n)
					}
					if st := r.Stats(); st.AcksFailed != 0 || st.AcksElsewhere != 0 {
						t.Errorf("stats: %+v", st)
					}
					s.stop(r)
					s.clean()
				})
			})
		}
	}
}

func TestBothSocketsRefreshedASecondApartLoseNone(t *testing.T) {
	onStage(t, slacksim.Options{NoLimits: true, Unverified: slacksim.Unverified{SameSocketAcks: true}}, func(t *testing.T, s *stage) {
		r := s.startBoth(ackAll)
		time.Sleep(10 * time.Second)
		s.flood(600, map[int]func(){
			200: func() { s.Disconnect(0, "refresh_requested") },
			300: func() { s.Disconnect(0, "refresh_requested") }, // the older one of those that are open then
		})
		if st := s.Stats(); len(st.Connects) != 4 {
			t.Errorf("%d connects, want 4", len(st.Connects))
		}
		s.stop(r)
		s.clean()
	})
}

// flood sends n commands 10 ms apart, does what is planned before some of them, and fails if any is lost.
func (s *stage) flood(n int, plan map[int]func()) {
	s.t.Helper()
	var sent []*slacksim.Delivery
	for i := range n {
		if do := plan[i]; do != nil {
			sent = append(sent, s.send("just before")) // so that something is on its way
			do()
		}
		sent = append(sent, s.send("status"))
		time.Sleep(10 * time.Millisecond)
	}
	for i, d := range sent {
		if out := s.await(d); out.Failed != "" {
			s.t.Errorf("command %d: %s", i, out.Failed)
		}
	}
	time.Sleep(15 * time.Second)
}

func TestABadFrameIsAcknowledgedAndTheNextCommandStillAnswered(t *testing.T) {
	tests := []struct {
		name, kind, payload string
		salvaged            bool
	}{
		{"an unknown type", "hologram", `{"x":1}`, false},
		{"a command with a wrong field", "slash_commands", `{"command":"/deploy","user_id":"U1","channel_id":"C1","team_domain":1}`, true},
		{"a click below a new block", "interactive", `{"type":"block_actions","user":{"id":"U1"},"message":{"ts":"1.2","blocks":[{"type":"section","text":"x"}]},"actions":[{"block_id":"b","action_id":"a"}]}`, true},
		{"a payload of another kind", "interactive", `"x"`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				var salvaged []slack.Envelope
				r := s.startBoth(func(e slack.Envelope) {
					if e.Salvaged {
						salvaged = append(salvaged, e) // and leaves it unacknowledged
						return
					}
					_ = e.Ack(nil)
				})
				out := s.await(s.SendEnvelope(tt.kind, []byte(tt.payload)))
				if took := out.AckedAt.Sub(out.SentAt); out.Failed != "" || took > 100*time.Millisecond {
					t.Errorf("the bad frame: %+v", out)
				}
				if out := s.command("status"); out.Failed != "" {
					t.Errorf("the next command: %+v", out)
				}
				synctest.Wait()
				if (len(salvaged) == 1) != tt.salvaged {
					t.Errorf("salvaged: %+v", salvaged)
				}
				if st := r.Stats(); st.BadFrames != 1 || st.BadAcked != 1 {
					t.Errorf("stats: %+v", st)
				}
				s.stop(r)
				s.clean()
			})
		})
	}
}

func TestFramesThatAreNoJSONAreSurvived(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		r := s.startBoth(ackAll)
		for _, text := range []string{`{"type":"slash_commands","env`, `nonsense`, ``, `[]`, `{"type":7}`, `null`} {
			s.SendFrame(slacksim.All, text)
			if out := s.command("status"); out.Failed != "" {
				t.Errorf("after %q: %+v", text, out)
			}
		}
		s.stop(r)
		s.clean()
	})
}

func TestAnEventComesWithItsIDAndRetries(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		var mu sync.Mutex
		var got []slack.Event
		r := s.startBoth(func(e slack.Envelope) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, *e.Event)
			if len(got) > 1 {
				_ = e.Ack(nil)
			}
		})
		s.await(s.SendEvent(map[string]any{"type": "app_mention", "user": "U1", "text": "hi", "channel": "C1", "ts": "1.2"}))
		if len(got) != 2 || got[0].ID == "" || got[0].ID != got[1].ID || got[0].Retry != 0 || got[1].Retry != 1 ||
			got[1].RetryReason != "timeout" || got[0].Type != "app_mention" || got[0].Inner == nil || !strings.Contains(string(got[0].Raw), "U1") {
			t.Errorf("got %+v", got)
		}
		s.stop(r)
		s.clean()
	})
}

func TestAPanicInTheHandlerEndsNothing(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		r := s.startBoth(func(e slack.Envelope) {
			if e.Command.Text == "boom" {
				panic("boom")
			}
			_ = e.Ack(nil)
		})
		boom := s.send("boom")
		for range 4 {
			if out := s.command("status"); out.Failed != "" {
				t.Errorf("got %+v", out)
			}
		}
		if out := s.await(boom); out.Failed != "operation_timeout" {
			t.Errorf("the one that panicked: %+v", out)
		}
		synctest.Wait()
		if st := r.Stats(); st.Panics != 1 || st.Open != 2 {
			t.Errorf("stats: %+v", st)
		}
		s.stop(r)
	})
}

func TestASecondSlipwayIsNoticed(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		first := s.startBoth(ackAll)
		if st := first.Stats(); st.Connections != 2 || st.Others != 0 || st.Open != 2 || st.Lifetime != 5*time.Hour {
			t.Errorf("alone: %+v", st)
		}
		second := s.start(ackAll)
		<-second.Connected()
		time.Sleep(5 * time.Second)
		if st := second.Stats(); st.Connections != 4 || st.Others != 2 {
			t.Errorf("the second: %+v", st)
		}
		s.Disconnect(0, "refresh_requested")
		time.Sleep(5 * time.Second)
		if st := first.Stats(); st.Connections < 4 || st.Others < 2 {
			t.Errorf("the first, after a refresh: %+v", st)
		}
		s.stop(first)
		s.stop(second)
	})
}

func TestRunReturnsWithNothingLeftBehind(t *testing.T) {
	for _, after := range []time.Duration{0, time.Millisecond, 500 * time.Millisecond, 5 * time.Second} {
		t.Run(after.String(), func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				r := s.start(ackAll)
				time.Sleep(after)
				if s.Sockets() > 0 {
					s.command("status")
				}
				s.stop(r)
				synctest.Wait()
				if n := s.dialled.Load(); n != 0 {
					t.Errorf("%d connections are open", n)
				}
				if st := r.Stats(); st.Open != 0 {
					t.Errorf("stats: %+v", st)
				}
			})
		})
	}
}
