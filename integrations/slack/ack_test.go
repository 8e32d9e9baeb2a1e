package slack_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestAnAnswerThatComesAfterTheRefreshStillGoesToItsSocket(t *testing.T) {
	onStage(t, slacksim.Options{Unverified: slacksim.Unverified{SameSocketAcks: true}}, func(t *testing.T, s *stage) {
		held := make(chan slack.Envelope, 1)
		r := s.startBoth(func(e slack.Envelope) { held <- e })
		d := s.send("status")
		e := <-held
		s.Disconnect(slacksim.All, "refresh_requested")
		time.Sleep(500 * time.Millisecond) // a second later Slack ends the connection
		if err := e.Ack(nil); err != nil {
			t.Error(err)
		}
		if out := s.await(d); out.Failed != "" || out.Socket != out.AckSocket {
			t.Errorf("got %+v", out)
		}
		synctest.Wait()
		s.stop(r)
		s.clean()
	})
}

func TestAnAnswerToACutSocketGoesToAnother(t *testing.T) {
	tests := []struct {
		name  string
		after time.Duration // from the cut to the answer
		err   error
		acked bool
	}{
		{"as soon as one is open again", 0, nil, true},
		{"to one that is open again", 2 * time.Second, nil, true},
		{"and not at all when it is too late", 2600 * time.Millisecond, slack.ErrAckLate, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				held := make(chan slack.Envelope, 1)
				r := s.startBoth(func(e slack.Envelope) { held <- e })
				d := s.send("status")
				e := <-held
				s.CutSockets()
				time.Sleep(tt.after)
				if err := e.Ack(nil); !errors.Is(err, tt.err) {
					t.Errorf("Ack: %v, want %v", err, tt.err)
				}
				if out := s.await(d); (out.Failed == "") != tt.acked || tt.acked && out.Socket == out.AckSocket {
					t.Errorf("got %+v", out)
				}
				s.stop(r)
				if st := r.Stats(); st.AcksElsewhere+st.AcksFailed != 1 {
					t.Errorf("stats: %+v", st)
				}
				s.clean()
			})
		})
	}
}

func TestAnAnswerIsGivenOnce(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		var errs []error
		r := s.startBoth(func(e slack.Envelope) {
			errs = append(errs,
				e.Ack(map[string]string{"text": strings.Repeat("x", 20<<10)}),
				e.Ack(func() {}),
				e.Ack(map[string]string{"text": strings.Repeat("x", 19<<10)}),
				e.Ack(nil))
		})
		if out := s.command("status"); out.Failed != "" || len(out.Payload) < 19<<10 {
			t.Errorf("got %+v", out)
		}
		s.stop(r)
		if len(errs) != 4 || !errors.Is(errs[0], slack.ErrAckTooBig) || errs[1] == nil || errs[2] != nil || !errors.Is(errs[3], slack.ErrAcked) {
			t.Errorf("got %v", errs)
		}
		s.clean()
	})
}

func TestTheLastAnswersGetThroughAtTheEnd(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		r := s.startBoth(ackAll)
		var sent []*slacksim.Delivery
		for range 20 {
			sent = append(sent, s.send("status"))
		}
		synctest.Wait()
		ended := time.Now()
		s.stop(r)
		if d := time.Since(ended); d < 150*time.Millisecond || d > time.Second {
			t.Errorf("Run took %v to end", d)
		}
		for _, d := range sent {
			if out := s.await(d); out.Failed != "" {
				t.Errorf("got %+v", out)
			}
		}
		s.clean()
	})
}
