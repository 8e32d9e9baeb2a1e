package slack_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

// called is a transport that answers all it is asked, and remembers where that was.
type called struct {
	mu     sync.Mutex
	to     []string
	answer func(*http.Request) *http.Response
}

func (c *called) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to = append(c.to, r.URL.Scheme+"://"+r.URL.Host)
	return c.answer(r), nil
}

func (c *called) list() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.to, " ")
}

func answers(status int, location string) func(*http.Request) *http.Response {
	return func(r *http.Request) *http.Response {
		h := http.Header{"Content-Type": {"text/plain; charset=utf-8"}}
		if location != "" {
			h.Set("Location", location)
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader("ok")), Request: r}
	}
}

func TestOnlySlackIsAnswered(t *testing.T) {
	t.Parallel()
	const slackAPI, ours, proxied, gov = "", "http://127.0.0.1:4001/api/", "https://slack.example/api/", "https://slack-gov.com/api/"
	for _, tc := range []struct {
		api, url string
		called   bool
	}{
		{slackAPI, "https://hooks.slack.com/commands/T1/1/xxx", true},
		{slackAPI, "https://hooks.slack.com/actions/T1/1/xxx?a=b", true},
		{"https://slack.com/api/", "https://hooks.slack.com/commands/T1/1/xxx", true},
		{ours, "https://hooks.slack.com/commands/T1/1/xxx", true},
		{ours, "http://127.0.0.1:4001/commands/T1/1/xxx", true},
		{proxied, "https://slack.example/commands/T1/1/xxx", true},
		{gov, "https://hooks.slack-gov.com/commands/T1/1/xxx", true},

		{slackAPI, "", false},
		{slackAPI, "http://hooks.slack.com/commands/T1/1/xxx", false},
		{slackAPI, "http://evil.example/commands/T1/1/xxx", false},
		{slackAPI, "https://evil.example/hooks.slack.com/x", false},
		{slackAPI, "https://hooks.slack.com.evil.example/x", false},
		{slackAPI, "https://hooks.slack.com@evil.example/x", false},
		{slackAPI, "https://hooks.slack.com:x@evil.example/x", false},
		{slackAPI, "https://evil.example@hooks.slack.com/x", false},
		{slackAPI, `https://hooks.slack.com\@evil.example/x`, false},
		{slackAPI, `https:\\evil.example/x`, false},
		{slackAPI, "https://hooks.slack.com%2eevil.example/x", false},
		{slackAPI, "https://hooks.slack.com%00.evil.example/x", false},
		{slackAPI, "https://hooks.slack.com./x", false},
		{slackAPI, "https://hooks.slack.com:443/x", false},
		{slackAPI, "https://hooks.slack.com:8443/x", false},
		{slackAPI, "https://hooks.slack.com:/x", false},
		{slackAPI, "https://HOOKS.SLACK.COM/x", false},
		{slackAPI, "https://hooks.ѕlack.com/x", false}, // the first letter of the name is a Cyrillic one
		{slackAPI, "https://slack.com/x", false},
		{slackAPI, "https://evilhooks.slack.com/x", false},
		{slackAPI, "//evil.example/x", false},
		{slackAPI, "//hooks.slack.com/x", false},
		{slackAPI, "///hooks.slack.com/x", false},
		{slackAPI, "/commands/T1/1/xxx", false},
		{slackAPI, "https:hooks.slack.com/x", false},
		{slackAPI, "https:///hooks.slack.com/x", false},
		{slackAPI, "file:///etc/passwd", false},
		{slackAPI, "file://hooks.slack.com/etc/passwd", false},
		{slackAPI, "gopher://hooks.slack.com/x", false},
		{slackAPI, "javascript:alert(1)", false},
		{slackAPI, "http://169.254.169.254/latest/meta-data", false},
		{slackAPI, "https://169.254.169.254/latest/meta-data", false},
		{slackAPI, "http://[fd00:ec2::254]/latest", false},
		{slackAPI, "http://127.0.0.1:4001/commands/T1/1/xxx", false},
		{slackAPI, "http://localhost/x", false},
		{slackAPI, "http://2130706433/x", false},
		{slackAPI, " https://hooks.slack.com/x", false},
		{slackAPI, "https://hooks.slack.com /x", false},
		{slackAPI, "https://hooks.slack.com\r\nHost: evil.example/x", false},
		{ours, "http://127.0.0.1:4002/commands/T1/1/xxx", false},
		{ours, "https://127.0.0.1:4001/commands/T1/1/xxx", false},
		{ours, "http://127.0.0.1/commands/T1/1/xxx", false},
		{ours, "http://x@127.0.0.1:4001/commands/T1/1/xxx", false},
		{proxied, "http://slack.example/commands/T1/1/xxx", false},
		{proxied, "https://hooks.slack-gov.com/commands/T1/1/xxx", false},
	} {
		far := &called{answer: answers(200, "")}
		c := slack.NewClient(slack.ClientOptions{BotToken: "xoxb-1", APIURL: tc.api, HTTP: &http.Client{Transport: far}})
		for _, v := range []slack.Visibility{slack.OnlyYou, slack.InChannel, slack.Replace} {
			err := c.Respond(t.Context(), tc.url, slack.Message{Text: "v122 is live"}, v)
			switch {
			case tc.called && err != nil:
				t.Errorf("%q beside %q: %v", tc.url, tc.api, err)
			case !tc.called && !errors.Is(err, slack.ErrElsewhere):
				t.Errorf("%q beside %q: got %v, and called %q", tc.url, tc.api, err, far.list())
			case !tc.called && tc.url != "" && strings.Contains(err.Error(), tc.url):
				t.Errorf("the error shows the address: %v", err)
			}
		}
		if got := far.list(); (got != "") != tc.called {
			t.Errorf("%q beside %q: called %q", tc.url, tc.api, got)
		}
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{"https://evil.example/x", "http://169.254.169.254/latest", "https://hooks.slack.com/elsewhere", "//evil.example/x"} {
			far := &called{answer: answers(status, to)}
			c := slack.NewClient(slack.ClientOptions{BotToken: "xoxb-1", HTTP: &http.Client{Transport: far}})
			err := c.Respond(t.Context(), "https://hooks.slack.com/commands/T1/1/xxx", slack.Message{Text: "x"}, slack.OnlyYou)
			if e := wantError(t, err, "response_url", ""); e.Status != status || e.Ambiguous {
				t.Errorf("%d to %s: got %+v", status, to, e)
			}
			if _, err := c.Post(t.Context(), "C1", slack.Message{Text: "x"}); err == nil {
				t.Errorf("%d to %s: a post that was redirected is no error", status, to)
			}
			if got := far.list(); got != "https://hooks.slack.com https://slack.com" {
				t.Errorf("%d to %s: called %q", status, to, got)
			}
		}
	}
}

// Whoever has a response URL may write as the app for half an hour.
func TestNoErrorShowsAResponseURL(t *testing.T) {
	t.Parallel()
	cut := &net.OpError{Op: "read", Err: errors.New("connection reset")}
	c := slack.NewClient(slack.ClientOptions{HTTP: &http.Client{Transport: broken{cut}}})
	err := c.Respond(t.Context(), "https://hooks.slack.com/commands/T1/1/kept-to-itself", slack.Message{Text: "x"}, slack.OnlyYou)
	if e := wantError(t, err, "response_url", ""); !e.Ambiguous || !errors.Is(err, cut) || strings.Contains(err.Error(), "kept-to-itself") {
		t.Errorf("got %v", err)
	}
}

type broken struct{ err error }

func (b broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, b.err }

// Slack's answer to apps.connections.open says where to connect to. With an API that is encrypted an address that is not
// is refused before anything is dialled.
func TestASocketIsAsSafeAsTheAPI(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		far := &called{answer: func(r *http.Request) *http.Response {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(`{"ok":true,"url":"ws://` + simAddr + `/link/?ticket=1"}`))}
		}}
		dialled := make(chan string, 100)
		r := s.start(func(slack.Envelope) {}, func(o *slack.SessionOptions) {
			o.APIURL, o.HTTP = "https://slack.com/api/", &http.Client{Transport: far}
			o.Dial = func(_ context.Context, _, addr string) (net.Conn, error) {
				dialled <- addr
				return nil, errors.New("not here")
			}
		})
		asked := func() int { return strings.Count(far.list(), "slack.com") }
		for asked() < 3 {
			time.Sleep(time.Second)
		}
		s.stop(r)
		if len(dialled) > 0 {
			t.Errorf("dialled %s", <-dialled)
		}
	})
}
