package heartbeat

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheWatchdogIsCalledAtOnceAndEveryMinute(t *testing.T) {
	t.Parallel()
	s := &stage{}
	calls, logged := s.play(t, address, func() { s.after(time.Hour+500*time.Millisecond, nil) })
	var want []time.Duration
	for d := time.Duration(0); d <= time.Hour; d += time.Minute {
		want = append(want, d)
	}
	same(t, "calls", at(want...), calls)
	same(t, "log", nothing, logged)
}

func TestNothingIsCalledWithoutAnAddress(t *testing.T) {
	t.Parallel()
	var asked int
	s := &stage{}
	calls, logged := s.play(t, "", func() { s.after(time.Hour, func() { asked = s.asked }) })
	if len(calls) != 0 || asked != 0 {
		t.Errorf("called %q, asked %d times", calls, asked)
	}
	same(t, "log", nothing, logged)
}

func TestWhatIsNotHealthyIsSilentAndSaidOnce(t *testing.T) {
	t.Parallel()
	s := &stage{}
	calls, logged := s.play(t, address, func() {
		s.after(90*time.Second, func() { s.ill = errors.New("the database does not answer") })
		s.after(10*time.Minute+500*time.Millisecond, func() { s.ill = errors.New("no connection to Slack is open") })
		s.after(20*time.Minute+500*time.Millisecond, func() { s.ill = nil })
		s.after(22*time.Minute+30*time.Second, nil)
	})
	// It is asked again every 2 s, and then called at once.
	same(t, "calls", at(0, time.Minute, 20*time.Minute+2*time.Second, 21*time.Minute+2*time.Second, 22*time.Minute+2*time.Second), calls)
	same(t, "log", []string{
		`level=WARN msg="the heartbeat stops: slipway is not healthy" why="the database does not answer"`,
		`level=INFO msg="the heartbeat goes on: slipway is healthy again"`,
	}, logged)
}

func TestTheFirstCallFollowsHealthAtOnce(t *testing.T) {
	t.Parallel()
	s := &stage{ill: errors.New("no connection to Slack is open")}
	calls, _ := s.play(t, address, func() {
		s.after(6500*time.Millisecond, func() { s.ill = nil })
		s.after(70*time.Second, nil)
	})
	same(t, "calls", at(8*time.Second, 68*time.Second), calls)
}

func TestAQuestionThatHangsIsNotHealthy(t *testing.T) {
	t.Parallel()
	hang := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		refuse := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			t.Error("it is called")
			return nil, errors.New("refused")
		}}
		h := New(Options{URL: address, HTTP: &http.Client{Transport: refuse}, Log: slog.New(slog.NewTextHandler(&log, nil)), Healthy: hang})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+5*time.Second)
		defer cancel()
		h.Run(ctx)
		if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "deadline exceeded") {
			t.Errorf("the log says\n%s", text)
		}
	})
}

// A call has 10 s, and the next one begins a minute after it began.
func TestASlowWatchdogDoesNotDelayTheNextCall(t *testing.T) {
	t.Parallel()
	s := &stage{answer: untilGone}
	calls, logged := s.play(t, address, func() {
		s.after(2*time.Minute+30*time.Second, func() {
			s.answer = func(http.ResponseWriter, *http.Request) { time.Sleep(9 * time.Second) }
		})
		s.after(4*time.Minute+30*time.Second, nil)
	})
	same(t, "calls", at(0, time.Minute, 2*time.Minute, 3*time.Minute, 4*time.Minute), calls)
	same(t, "log", []string{
		`level=WARN msg="the watchdog at HEARTBEAT_URL does not take the heartbeat" why="it does not answer in time"`,
		`level=INFO msg="the watchdog at HEARTBEAT_URL takes the heartbeat again"`,
	}, logged)
}

func TestAWatchdogThatDoesNotTakeItIsToldOfOnce(t *testing.T) {
	t.Parallel()
	hijacked := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = conn.Write([]byte(text))
			_ = conn.Close()
		}
	}
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		why    string // in the log; "": nothing is logged
	}{
		"taken":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }, ""},
		"a long answer": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20)) }, ""},
		"not found":     {func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no "+r.URL.String(), 404) }, "it answers with status 404"},
		"broken":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "it answers with status 500"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:4091/"+secret, http.StatusFound)
		}, "it answers with status 302"},
		"here, but moved": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/"+secret, http.StatusMovedPermanently)
		}, "it answers with status 301"},
		"no HTTP": {hijacked("220 " + secret + "\r\n\r\n"), "its answer cannot be read"},
		"nothing": {hijacked(""), "its answer cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stage{answer: tc.answer}
			calls, logged := s.play(t, address, func() {
				s.after(150*time.Second, func() { s.answer = nil })
				s.after(200*time.Second, nil)
			})
			same(t, "calls", at(0, time.Minute, 2*time.Minute, 3*time.Minute), calls)
			if tc.why == "" {
				same(t, "log", nothing, logged)
				return
			}
			same(t, "log", []string{
				`level=WARN msg="the watchdog at HEARTBEAT_URL does not take the heartbeat" why="` + tc.why + `"`,
				`level=INFO msg="the watchdog at HEARTBEAT_URL takes the heartbeat again"`,
			}, logged)
		})
	}
}

// What a watchdog says besides its status is of no interest, however much or slow.
func TestAnAnswerWithoutAnEndHoldsNothingUp(t *testing.T) {
	t.Parallel()
	for name, pause := range map[string]time.Duration{"fast": 0, "slow": time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			written := 0 // in the last answer
			s := &stage{answer: func(w http.ResponseWriter, _ *http.Request) {
				written = 0
				for http.NewResponseController(w).Flush() == nil {
					n, err := w.Write(make([]byte, 1<<10))
					if err != nil {
						return
					}
					written += n
					time.Sleep(pause)
				}
			}}
			calls, logged := s.play(t, address, func() { s.after(150*time.Second, nil) })
			same(t, "calls", at(0, time.Minute, 2*time.Minute), calls)
			same(t, "log", nothing, logged)
			if written > 32<<10 {
				t.Errorf("%d bytes of an answer were taken", written)
			}
		})
	}
}

func TestNobodyThereIsToldOfOnce(t *testing.T) {
	t.Parallel()
	s := &stage{}
	calls, logged := s.play(t, "http://127.0.0.1:4092/"+secret, func() { s.after(150*time.Second, nil) })
	if len(calls) != 0 || len(logged) != 1 || !strings.Contains(logged[0], "127.0.0.1:4092: connection refused") {
		t.Errorf("calls %q, log %q", calls, logged)
	}
}

// The address is checked when the settings are read; this is what holds if it is not.
func TestAnAddressThatIsNoneIsNotShown(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"http://[" + secret, secret + "://x", "http:///" + secret} {
		s := &stage{}
		calls, logged := s.play(t, url, func() { s.after(150*time.Second, nil) })
		if len(calls) != 0 || len(logged) != 1 || !strings.Contains(logged[0], "does not take the heartbeat") {
			t.Errorf("%s: calls %q, log %q", url, calls, logged)
		}
	}
}

// A call that is under way when it is told to stop is given up, and not complained of.
func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := &stage{answer: untilGone}
	calls, logged := s.play(t, address, func() {
		s.after(time.Second, nil)
	})
	same(t, "calls", at(0), calls)
	same(t, "log", nothing, logged)
}
