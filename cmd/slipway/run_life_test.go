package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"slipway/integrations/sim/weather"
)

// toStop is longer than the exit of a process takes after SIGTERM, on a busy machine too. That slipway itself leaves what hangs
// after stopWithin is shown in a bubble.
const toStop = stopWithin + patience

func TestRunTellsThatItsPortIsInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	c := start(t, how{Args: []string{"run"}, Env: newFar(t).env("PORT=" + port), Files: true})
	c.exits(exitFailed, patience)
	if want := "slipway: port " + port + " is in use. End what listens there, or set PORT to another\n"; c.errs.String() != want {
		t.Errorf("stderr says %q, want %q", c.errs, want)
	}
}

func TestRunIsReadyAfterTheFirstHello(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	f.Slack.StopHello(true)
	c, at := f.run(t)
	if status, _ := get(t, at+"/healthz"); status != 200 {
		t.Errorf("/healthz before hello: %d", status)
	}
	if status, text := get(t, at+"/readyz"); status != 503 || strings.TrimSpace(text) == "" {
		t.Errorf("/readyz before hello: %d %q", status, text)
	}
	f.Slack.StopHello(false)
	f.Slack.CutSockets()
	c.says(c.errs, "connected to Slack")
	becomes(t, at+"/readyz", 200)
	if status, _ := get(t, at+"/healthz"); status != 200 {
		t.Errorf("/healthz after hello: %d", status)
	}
	f.Slack.SetDown(true)
	becomes(t, at+"/readyz", 503)
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, toStop)
}

func TestRunShowsMetricsThatPrometheusReads(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c, at := f.run(t)
	c.says(c.errs, "connected to Slack")
	f.types(t, "/deploy", "status")
	f.answers(t, "runs *v122*")
	const answered = `slipway_requests_total{outcome="answered",verb="status"} 1`
	_, text := get(t, at+"/metrics")
	for end := time.Now().Add(patience); !strings.Contains(text, answered) && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		_, text = get(t, at+"/metrics") // it is counted after it was said
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v\n%s", problems, err, text)
	}
	for line := range strings.Lines(text) {
		name := strings.TrimPrefix(strings.TrimPrefix(line, "# HELP "), "# TYPE ")
		if !strings.HasPrefix(name, "slipway_") && !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			t.Errorf("the name of a metric is neither ours nor the runtime's: %s", line)
		}
	}
	for _, want := range []string{answered, "slipway_slack_sockets ", "slipway_build_info{"} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("there is no %s", want)
		}
	}
}

func TestRunCallsEachAddressAsItIsSpelled(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c, _ := f.run(t)
	c.says(c.errs, "connected to Slack")
	f.types(t, "/deploy", "status")
	f.answers(t, "runs *v122*")
	for name, w := range map[string]*weather.Weather{"Slack": f.Slack.Weather(), "GitHub": f.GitHub.Weather(), "Heroku": f.Heroku.Weather()} {
		requests, _ := w.Requests(0)
		for _, r := range requests {
			if r.Status/100 == 3 && r.Status != http.StatusNotModified || strings.Contains(r.Path, "//") {
				t.Errorf("%s: %s %s is answered %d", name, r.Method, r.Path, r.Status)
			}
		}
	}
}

func TestRunStopsOnSIGTERM(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(t *testing.T, f *far) *child{
		"with nothing to do": func(t *testing.T, f *far) *child {
			c, _ := f.run(t)
			c.says(c.errs, "connected to Slack")
			return c
		},
		"before the first hello": func(t *testing.T, f *far) *child {
			f.Slack.StopHello(true)
			c, _ := f.run(t)
			until(t, "a socket is open", func() bool { return len(f.Slack.Stats().Connects) > 0 })
			return c
		},
		"while Slack refuses connections": func(t *testing.T, f *far) *child {
			c, _ := f.run(t, "SLACK_API_URL=http://127.0.0.1:1/api/")
			c.says(c.errs, "Slack does not say who we are")
			return c
		},
		"while Slack takes connections and is silent": func(t *testing.T, f *far) *child {
			silent, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = silent.Close() })
			c, _ := f.run(t, "SLACK_API_URL=http://"+silent.Addr().String()+"/api/")
			if _, err := silent.Accept(); err != nil {
				t.Fatal(err)
			}
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := before(t, newFar(t))
			c.signal(syscall.SIGTERM)
			c.exits(exitOK, patience)
		})
	}
}

func TestRunAnswersWhatItHasBegunBeforeItStops(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c, _ := f.run(t)
	c.says(c.errs, "connected to Slack")
	f.knows(t)
	c.says(c.errs, "the channel is found")
	f.Heroku.Weather().SetLatency(700 * time.Millisecond)
	taken := f.types(t, "/deploy", "status")
	until(t, "the command was taken", taken) // what is in flight may be the bot's own reading
	c.signal(syscall.SIGTERM)
	f.answers(t, "runs *v122*")
	c.exits(exitOK, toStop)
}

func TestRunStopsInTimeWhenNothingAnswersAnyMore(t *testing.T) {
	t.Parallel()
	f := newFar(t)
	c, _ := f.run(t)
	c.says(c.errs, "connected to Slack")
	f.knows(t)
	for _, w := range []*weather.Weather{f.Slack.Weather(), f.GitHub.Weather(), f.Heroku.Weather()} {
		w.SetLatency(time.Hour)
	}
	f.types(t, "/deploy", "status")
	until(t, "the command reads", func() bool { return f.GitHub.Weather().InFlight() > 0 })
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, toStop)
}

func TestWhatHangsIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		hanging := make(chan struct{})
		defer close(hanging)
		time.AfterFunc(time.Hour, stop)
		begin := time.Now()
		err := within(ctx, stopWithin, func() error { <-hanging; return nil })
		if took := time.Since(begin); !errors.Is(err, errLate) || took != time.Hour+stopWithin {
			t.Errorf("%v after %v", err, took)
		}
	})
}

// types is alice, who types a slash command. It gives a question: has the bot taken it?
func (f *far) types(t testing.TB, command, text string) (taken func() bool) {
	t.Helper()
	alice, _ := f.UserID("alice")
	channel, err := f.ChannelID("deploys")
	if err != nil {
		t.Fatal(err)
	}
	d, err := f.Slack.Command(alice, channel, command, text)
	if err != nil {
		t.Fatal(err)
	}
	return func() bool {
		select {
		case <-d.Done():
			return d.Outcome().Failed == ""
		default:
			return false
		}
	}
}

// knows waits until the bot has asked all that it asks at its start. Before Slack has told it who it is, it answers nobody.
func (f *far) knows(t testing.TB) {
	t.Helper()
	until(t, "the tokens were tried", func() bool {
		return seen(f.Slack.Weather(), "/api/auth.test") && seen(f.GitHub.Weather(), "/repos/") && seen(f.Heroku.Weather(), "/account")
	})
}

// seen tells whether a request was answered whose path begins so.
func seen(w *weather.Weather, path string) bool {
	requests, _ := w.Requests(0)
	for _, r := range requests {
		if strings.HasPrefix(r.Path, path) && r.Status != 0 {
			return true
		}
	}
	return false
}

func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("within %v it did not come to this: %s", patience, what)
		}
	}
}

func becomes(t testing.TB, url string, status int) {
	t.Helper()
	until(t, url+" answers as it should", func() bool {
		got, _ := get(t, url)
		return got == status
	})
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}
