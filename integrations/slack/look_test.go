package slack_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

// told is what a session's hooks were told.
type told struct {
	open, opened, inVain, hellos int
	last                         slack.Stats
}

type telling struct {
	mu sync.Mutex
	told
}

func (h *telling) hook(o *slack.SessionOptions) {
	o.Opening = func(context.Context) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.open++
		h.opened++
	}
	o.Ended = func(reached bool) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.open--
		if !reached {
			h.inVain++
		}
	}
	o.Hello = func(s slack.Stats) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.hellos++
		h.last = s
	}
}

func (h *telling) get() told {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.told
}

func TestLooksLoseNoCommand(t *testing.T) {
	for name, handle := range map[string]func(slack.Envelope){
		"acknowledged at once": ackAll,
		"acknowledged after two seconds": func(e slack.Envelope) {
			time.AfterFunc(2*time.Second, func() { _ = e.Ack(nil) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{NoLimits: true}, func(t *testing.T, s *stage) {
				const looks = 5
				r := s.start(handle, func(o *slack.SessionOptions) { o.Dial = late(o.Dial) })
				time.Sleep(5 * time.Second)
				plan := map[int]func(){}
				for i := range looks {
					plan[100+200*i] = func() {
						if !r.Look() {
							t.Error("it does not look")
						}
					}
					plan[160+200*i] = func() {
						for range 20 {
							s.send("just before, too")
						}
						r.Trim()
					}
				}
				s.flood(400+200*looks, plan)
				if n, st := s.Sockets(), r.Stats(); n != 2 || st.Open != 2 || st.Connects != 2+looks || st.AcksFailed != 0 {
					t.Errorf("%d sockets are open: %+v", n, st)
				}
				s.stop(r)
				s.clean()
				time.Sleep(time.Second) // until nothing is on its way
			})
		})
	}
}

// late is a network on which what Slack sends takes up to 25 ms, and comes in lumps, so that something is always on its way.
func late(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	type packet struct {
		data []byte
		due  time.Time
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		far, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		near, mid := net.Pipe()
		packets := make(chan packet, 1000)
		go func() {
			defer close(packets)
			for {
				buf := make([]byte, 4096)
				n, err := far.Read(buf)
				if err != nil {
					return
				}
				packets <- packet{buf[:n], time.Now().Add(25 * time.Millisecond)}
			}
		}()
		go func() {
			for p := range packets {
				time.Sleep(time.Until(p.due))
				data := p.data
				for len(packets) > 0 {
					data = append(data, (<-packets).data...)
				}
				_, _ = mid.Write(data)
			}
			_ = mid.Close()
		}()
		go func() {
			_, _ = io.Copy(far, mid)
			_ = far.Close()
		}()
		return near, nil
	}
}

func TestASocketIsLetGoWhereItsAcknowledgementsCount(t *testing.T) {
	onStage(t, slacksim.Options{NoLimits: true, Unverified: slacksim.Unverified{SameSocketAcks: true}}, func(t *testing.T, s *stage) {
		waiting := make(chan slack.Envelope, 2)
		r := s.startBoth(func(e slack.Envelope) { waiting <- e })
		a, b := s.send("one"), s.send("two")
		r.Look()
		time.Sleep(time.Second)
		r.Trim()
		time.Sleep(time.Second)
		for range 2 {
			e := <-waiting
			_ = e.Ack(nil)
		}
		for _, d := range []*slacksim.Delivery{a, b} {
			if out := s.await(d); out.Failed != "" {
				t.Errorf("got %+v", out)
			}
		}
		time.Sleep(time.Second)
		if n, st := s.Sockets(), r.Stats(); n != 2 || st.AcksElsewhere != 0 {
			t.Errorf("%d sockets are open: %+v", n, st)
		}
		s.stop(r)
		s.clean()
	})
}

func TestALookTellsHowManySlackCounts(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		var h telling
		r := s.start(ackAll, h.hook)
		<-r.Connected()
		if r.Look() {
			t.Error("it looks while a socket is still to say hello")
		}
		time.Sleep(5 * time.Second)
		s.ForeignSockets(3, slacksim.Counted)
		if !r.Look() {
			t.Error("it does not look")
		}
		time.Sleep(2 * time.Second)
		if got := h.get(); got.hellos != 3 || got.last.Connections != 6 || got.last.Open != 3 || got.open != 3 {
			t.Errorf("told %+v", got)
		}
		r.Trim()
		r.Trim()
		time.Sleep(2 * time.Second)
		if got := h.get(); got.open != 2 || got.opened != 3 || s.Sockets() != 2 {
			t.Errorf("told %+v, and %d are open", got, s.Sockets())
		}
		s.stop(r)
		synctest.Wait()
		if got := h.get(); got.open != 0 || got.inVain != 0 {
			t.Errorf("told %+v", got)
		}
	})
}

func TestAConnectionThatFailsIsToldOfToo(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		var h telling
		r := s.start(ackAll, h.hook, func(o *slack.SessionOptions) {
			o.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no way") }
		})
		time.Sleep(5 * time.Second)
		if got := h.get(); got.open != 0 || got.opened == 0 || got.inVain != got.opened {
			t.Errorf("told %+v", got)
		}
		s.stop(r)
	})
}

// What looking opens is all that it can cost: without room at Slack, or without an answer, the two that there were stay.
func TestALookThatComesToNothingCostsNoSocket(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*stage)
		wait  time.Duration // between look and trim
	}{
		{"no room", func(s *stage) { s.ForeignSockets(8, slacksim.Counted) }, 20 * time.Second},
		{"no hello", func(s *stage) { s.StopHello(true) }, 20 * time.Second},
		{"no hello yet", func(s *stage) { s.StopHello(true) }, 5 * time.Second},
		{"refused", func(s *stage) { s.RefuseTokens("ratelimited") }, 20 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				r := s.startBoth(ackAll)
				tt.spoil(s)
				for range 3 {
					if !r.Look() {
						t.Error("it does not look")
					}
					time.Sleep(tt.wait)
					r.Trim()
					time.Sleep(2 * time.Second)
					if out := s.command("status"); out.Failed != "" {
						t.Errorf("got %+v", out)
					}
				}
				if opens, st := len(s.Stats().Opens), r.Stats(); opens != 5 || s.Sockets() != 2 || st.Open != 2 || st.Lost != st.Connects-2 {
					t.Errorf("%d sockets are open after %d opens: %+v", s.Sockets(), opens, st)
				}
				s.stop(r)
			})
		})
	}
}

func TestASlackThatNeverAnswersAGoodbyeIsLeftAfterASecond(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		r := s.startBoth(ackAll)
		s.StopClosing(true)
		r.Look()
		time.Sleep(2 * time.Second)
		r.Trim()
		time.Sleep(1100 * time.Millisecond)
		if n := s.dialled.Load(); n != 2 {
			t.Errorf("%d connections are open", n)
		}
		s.stop(r)
	})
}
