package board_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/slack"
)

// posts counts the messages that were ever posted in a channel.
func (s *stage) posts(channel string) (n int) {
	journal, _ := s.Journal(0)
	for _, e := range journal {
		if e.Kind == slacksim.Posted && e.Channel == channel {
			n++
		}
	}
	return n
}

func TestAPostOfUnknownFateIsFoundOrPostedAgainOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		kind   weather.Kind
		d      time.Duration
		within time.Duration
	}{
		"done, and the answer lost": {weather.Cut, 0, 3 * time.Second},
		"done 1 s later":            {weather.Late, time.Second, 3 * time.Second},
		"done 7 s later":            {weather.Late, 7 * time.Second, 9 * time.Second},
		"done 20 s later":           {weather.Late, 20 * time.Second, 26 * time.Second},
		"not done":                  {weather.Drop, 0, 26 * time.Second},
		"refused by a proxy":        {weather.HTML503, 0, 26 * time.Second},
		"no answer in time":         {weather.Delay, 15 * time.Second, 19 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				s.settle()
				s.fault("chat.postMessage", tt.kind, tt.d)
				began := time.Now()
				s.tell("change 1", "tests run")
				s.moment()
				s.tell("change 1", "live") // what was posted, if it was, is out of date
				for len(s.Messages(deploys)) == 0 || s.Messages(deploys)[0].Text != "live" {
					time.Sleep(100 * time.Millisecond)
				}
				if took := time.Since(began); took > tt.within+2*time.Second {
					t.Errorf("it is true after %v, want %v", took, tt.within)
				}
				time.Sleep(5 * time.Minute)
				s.settle()
				s.wants(deploys, "live")
				if n := s.posts(deploys); n != 1 {
					t.Errorf("%d messages were posted", n)
				}
			})
		})
	}
}

func TestInThreadsToo(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "tests run")
		s.settle()
		s.fault("chat.postMessage", weather.Cut, 0)
		reply := in(deploys, "a mention")
		reply.Parent = "change 1"
		s.change(says("<@U1>: it failed"), reply)
		s.settle()
		time.Sleep(time.Minute)
		s.settle()
		s.wants(deploys, "tests run", "<@U1>: it failed")
		if s.posts(deploys) != 2 || s.calls(0, "conversations.replies") == 0 {
			t.Errorf("%d posts, %d looks into the thread", s.posts(deploys), s.calls(0, "conversations.replies"))
		}
	})
}

func TestAnInternalErrorOfSlacksIsDoubt(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"internal_error", "fatal_error"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, slacksim.Options{})
				s.answer(1, "chat.postMessage", `{"ok":false,"error":"`+code+`"}`, true)
				s.run()
				s.tell("change 1", "live")
				time.Sleep(time.Minute)
				s.settle()
				s.wants(deploys, "live")
				if n := s.posts(deploys); n != 1 {
					t.Errorf("%d messages were posted", n)
				}
			})
		})
	}
}

// answer puts an answer in the place of Slack's to the first calls of a method, which are done all the same or not. It is called before
// run.
func (s *stage) answer(times int64, method, body string, done bool) {
	hc := *s.http
	swap := &swap{RoundTripper: s.http.Transport, path: "/api/" + method, body: body, done: done}
	swap.left.Store(times)
	hc.Transport = swap
	s.options.Slack = slack.NewClient(slack.ClientOptions{BotToken: s.BotToken(), APIURL: "http://" + simAddr + "/api/", HTTP: &hc})
}

type swap struct {
	http.RoundTripper
	path, body string
	done       bool
	left       atomic.Int64
}

func (w *swap) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != w.path || w.left.Add(-1) < 0 {
		return w.RoundTripper.RoundTrip(r)
	}
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r}
	if w.done {
		var err error
		if answer, err = w.RoundTripper.RoundTrip(r); err != nil {
			return nil, err
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		answer.ContentLength = -1
	}
	answer.Body = io.NopCloser(bytes.NewReader([]byte(w.body)))
	return answer, nil
}

func TestASecondCopyThatArrivesLateIsDeleted(t *testing.T) {
	for name, tt := range map[string]struct{ after, gone time.Duration }{ // later than is waited for
		"40 s":  {40 * time.Second, time.Minute},
		"4 min": {4 * time.Minute, 6 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				s.settle()
				s.fault("chat.postMessage", weather.Late, tt.after)
				s.tell("change 1", "tests run")
				time.Sleep(tt.after - time.Second)
				s.wants(deploys, "tests run")
				first := s.Messages(deploys)[0].TS
				time.Sleep(2 * time.Second)
				s.wants(deploys, "tests run", "tests run")
				time.Sleep(tt.gone - tt.after)
				s.wants(deploys, "tests run")
				s.tell("change 1", "live")
				s.settle()
				s.wants(deploys, "live")
				if ts := s.Messages(deploys)[0].TS; ts != first {
					t.Error("the older was deleted")
				}
			})
		})
	}
}

func TestABoardInDoubtIsLookedForByTheNextProcess(t *testing.T) {
	for name, kind := range map[string]weather.Kind{"done": weather.Cut, "not done": weather.Drop} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				s.settle()
				s.fault("chat.postMessage", kind, 0)
				s.tell("change 1", "live")
				s.moment()
				s.stop()
				s.run()
				time.Sleep(30 * time.Second)
				s.settle()
				s.wants(deploys, "live")
				if n := s.posts(deploys); n != 1 {
					t.Errorf("%d messages were posted", n)
				}
			})
		})
	}
}

func TestWithoutAHistoryADuplicateIsAcceptedAndSaidSoOnce(t *testing.T) {
	scopes := []string{"chat:write", "chat:write.public", "im:write"}
	for name, setting := range map[string]func(*stage) slacksim.Channel{
		"without the scope": func(*stage) slacksim.Channel {
			return slacksim.Channel{ID: deploys, Name: "deploys", Members: []string{alice}, BotIn: true}
		},
		"outside of the channel": func(*stage) slacksim.Channel {
			return slacksim.Channel{ID: deploys, Name: "deploys", Members: []string{alice}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := slacksim.Options{Scopes: scopes}
			if strings.HasPrefix(name, "outside") {
				o.Scopes = append(scopes, "channels:history")
			}
			onStage(t, o, func(t *testing.T, s *stage) {
				s.AddChannel(setting(s))
				s.settle()
				for range 2 {
					s.fault("chat.postMessage", weather.Drop, 0)
				}
				s.tell("change 1", "live")
				s.settle()
				time.Sleep(10 * time.Second)
				s.tell("change 2", "live")
				time.Sleep(time.Minute)
				s.settle()
				s.wants(deploys, "live", "live")
				s.logs("may be posted twice", 1)
			})
		})
	}
}

func TestAnEditThatArrivesLateIsOverwritten(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "tests run")
		time.Sleep(2 * time.Second)
		s.fault("chat.update", weather.Late, 20*time.Second)
		s.tell("change 1", "deploying")
		s.moment()
		s.tell("change 1", "live")
		time.Sleep(10 * time.Second)
		s.wants(deploys, "live")
		time.Sleep(12 * time.Second)
		s.wants(deploys, "deploying") // the late one
		time.Sleep(10 * time.Second)
		s.wants(deploys, "live")
		from := s.mark()
		time.Sleep(time.Hour)
		if n := s.calls(from, ""); n > 0 {
			t.Errorf("%d calls afterwards", n)
		}
	})
}

func TestAnEditIsRepeatedUntilItIsDone(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "tests run")
		s.settle()
		for _, kind := range []weather.Kind{weather.Drop, weather.HTML503, weather.Cut} {
			s.fault("chat.update", kind, 0)
		}
		s.tell("change 1", "live")
		time.Sleep(time.Minute)
		s.settle()
		s.wants(deploys, "live")
		if s.state().Stale > 0 {
			t.Error("it is still stale")
		}
	})
}

func TestTenMinutesWithoutSlackAreMadeUpFor(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "tests run")
		s.settle()
		s.SetDown(true)
		from := s.mark()
		for i := range 20 {
			s.tell("change 1", "state "+time.Duration(i).String())
			s.change(says("new"), in(deploys, "new "+boardName(i)))
			time.Sleep(30 * time.Second)
		}
		if n := s.calls(from, ""); n > 80 {
			t.Errorf("%d calls while Slack was down", n)
		}
		if halted := s.state().Halted; halted == nil || halted.Code != "no answer" {
			t.Errorf("state %+v", s.state())
		}
		s.SetDown(false)
		began := time.Now()
		s.settle()
		for s.state().Stale > 0 {
			time.Sleep(time.Second)
		}
		if took := time.Since(began); took > 75*time.Second {
			t.Errorf("all is true after %v", took)
		}
		time.Sleep(5 * time.Minute)
		s.settle()
		if got := s.Messages(deploys); len(got) != 21 || got[0].Text != "state 19ns" || s.posts(deploys) != 21 {
			t.Errorf("%d messages, %d posts, the first says %q", len(got), s.posts(deploys), got[0].Text)
		}
		s.logs("Slack takes no messages", 1)
		s.logs("Slack takes messages again", 1)
		if s.state().Halted != nil {
			t.Error("still halted")
		}
	})
}
