package slack

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// answering is a network that always gives the same answer, or none.
type answering struct {
	status      int
	header      http.Header
	body        string
	err         error
	contentType string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.err != nil {
		return nil, a.err
	}
	h := a.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
	}
	return &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Header: h, Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
	}, nil
}

// calls are the client's methods, those that write marked.
var calls = []struct {
	method string
	writes bool
	call   func(context.Context, *Client) error
}{
	{"auth.test", false, func(ctx context.Context, c *Client) error { _, err := c.Auth(ctx); return err }},
	{"users.info", false, func(ctx context.Context, c *Client) error { _, err := c.User(ctx, "U1"); return err }},
	{"conversations.info", false, func(ctx context.Context, c *Client) error { _, err := c.Channel(ctx, "C1"); return err }},
	{"conversations.history", false, func(ctx context.Context, c *Client) error { _, err := c.Find(ctx, Search{Channel: "C1"}); return err }},
	{"conversations.replies", false, func(ctx context.Context, c *Client) error {
		_, err := c.Find(ctx, Search{Channel: "C1", ThreadTS: "1.2"})
		return err
	}},
	{"conversations.open", false, func(ctx context.Context, c *Client) error { _, err := c.Direct(ctx, "U1"); return err }},
	{"chat.postMessage", true, func(ctx context.Context, c *Client) error {
		_, err := c.Post(ctx, "C1", Message{Text: "x"})
		return err
	}},
	{"chat.update", true, func(ctx context.Context, c *Client) error {
		return c.Update(ctx, Posted{Channel: "C1", TS: "1.2"}, Message{Text: "x"})
	}},
	{"chat.delete", true, func(ctx context.Context, c *Client) error {
		return c.Delete(ctx, Posted{Channel: "C1", TS: "1.2"})
	}},
	{"chat.postEphemeral", true, func(ctx context.Context, c *Client) error {
		return c.Ephemeral(ctx, "C1", "U1", Message{Text: "x"})
	}},
	{"response_url", true, func(ctx context.Context, c *Client) error {
		return c.Respond(ctx, "https://hooks.slack.com/commands/T1/1/x", Message{Text: "x"}, OnlyYou)
	}},
}

func TestEveryCallTellsItsFailuresApart(t *testing.T) {
	t.Parallel()
	dead := context.DeadlineExceeded
	tests := []struct {
		name   string
		answer answering
		want   Error // Ambiguous is meant for calls that write
	}{
		{"a refusal", answering{status: 200, body: `{"ok":false,"error":"channel_not_found"}`}, Error{Code: "channel_not_found", Status: 200}},
		{
			"a missing scope",
			answering{status: 200, body: `{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"commands"}`},
			Error{Code: "missing_scope", Status: 200, Needed: "chat:write"},
		},
		{
			"what is wrong with blocks",
			answering{status: 200, body: `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] must be more than 0 characters [json-pointer:/blocks/0]"]}}`},
			Error{Code: "invalid_blocks", Status: 200, Details: []string{"[ERROR] must be more than 0 characters [json-pointer:/blocks/0]"}},
		},
		{
			"429 with Retry-After",
			answering{status: 429, header: http.Header{"Retry-After": {"7"}}, body: `{"ok":false,"error":"ratelimited"}`},
			Error{Code: "ratelimited", Status: 429, RetryAfter: 7 * time.Second},
		},
		{
			"429 with a fraction",
			answering{status: 429, header: http.Header{"Retry-After": {"0.4"}}},
			Error{Code: "ratelimited", Status: 429, RetryAfter: time.Second},
		},
		{"429 with nonsense", answering{status: 429, header: http.Header{"Retry-After": {"soon"}}}, Error{Code: "ratelimited", Status: 429}},
		{"429 bare", answering{status: 429}, Error{Code: "ratelimited", Status: 429}},
		{"ratelimited with 200", answering{status: 200, body: `{"ok":false,"error":"ratelimited"}`}, Error{Code: "ratelimited", Status: 200}},
		{
			"HTML 503",
			answering{status: 503, body: "<html>Service Unavailable</html>", contentType: "text/html"},
			Error{Status: 503, Ambiguous: true},
		},
		{"fatal_error", answering{status: 200, body: `{"ok":false,"error":"fatal_error"}`}, Error{Code: "fatal_error", Status: 200, Ambiguous: true}},
		{"internal_error", answering{status: 200, body: `{"ok":false,"error":"internal_error"}`}, Error{Code: "internal_error", Status: 200, Ambiguous: true}},
		{"a 4xx with a code", answering{status: 404, body: `{"ok":false,"error":"used_url"}`}, Error{Code: "used_url", Status: 404}},
		{"a 4xx in plain text", answering{status: 404, body: "expired_url", contentType: "text/plain"}, Error{Code: "expired_url", Status: 404}},
		{"an answer that stops in the middle", answering{status: 200, body: `{"ok":tr`}, Error{Status: 200, Ambiguous: true}},
		{"a connection that was cut", answering{err: io.ErrUnexpectedEOF}, Error{Ambiguous: true}},
		{"no answer in time", answering{err: dead}, Error{Ambiguous: true}},
		{"nobody there", answering{err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}, Error{}},
		{"cut while reading", answering{err: &net.OpError{Op: "read", Err: syscall.ECONNRESET}}, Error{Ambiguous: true}},
	}
	for _, tt := range tests {
		for _, c := range calls {
			t.Run(c.method+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				client := NewClient(ClientOptions{BotToken: "xoxb-1", HTTP: &http.Client{Transport: tt.answer}})
				err := c.call(t.Context(), client)
				got, ok := errors.AsType[*Error](err)
				if !ok {
					t.Fatalf("got %v, want an *Error", err)
				}
				want := tt.want
				want.Method = c.method
				want.Ambiguous = want.Ambiguous && c.writes
				if !c.writes { // slack-go keeps details for what sends blocks
					want.Details, got.Details = nil, nil
				}
				if d := cmp.Diff(&want, got, cmpopts.IgnoreFields(Error{}, "Err")); d != "" {
					t.Errorf("(-want +got)\n%s\nfrom %v", d, got.Err)
				}
				if got.RateLimited() != (want.Code == "ratelimited") {
					t.Errorf("RateLimited is %v", got.RateLimited())
				}
			})
		}
	}
}

func TestAnAnswerWithoutAMessageIsNoSuccess(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		if !c.writes || c.method == "response_url" {
			continue
		}
		client := NewClient(ClientOptions{HTTP: &http.Client{Transport: answering{status: 200, body: `{"ok":false}`}}})
		got, ok := errors.AsType[*Error](c.call(t.Context(), client))
		if !ok || !got.Ambiguous {
			t.Errorf("%s: got %v, want an ambiguous error", c.method, got)
		}
	}
}

func TestACallWhoseTimeIsOverIsNotSent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sent := false
	client := NewClient(ClientOptions{HTTP: &http.Client{Transport: roundTrip(func(*http.Request) { sent = true })}})
	_, err := client.Post(ctx, "C1", Message{Text: "x"})
	got, ok := errors.AsType[*Error](err)
	if !ok || got.Ambiguous || sent || !errors.Is(err, context.Canceled) {
		t.Errorf("sent %v, err %v", sent, err)
	}
}

type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return answering{status: 200, body: `{"ok":true,"ts":"1.2","channel":"C1"}`}.RoundTrip(r)
}

func TestARefusedBotTokenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed"} {
		client := NewClient(ClientOptions{HTTP: &http.Client{Transport: answering{status: 200, body: `{"ok":false,"error":"` + code + `"}`}}})
		_, err := client.Auth(t.Context())
		refused, ok := errors.AsType[*RefusedError](err)
		if !ok || refused.Code != code || refused.Variable != "SLACK_BOT_TOKEN" {
			t.Fatalf("%s: got %v", code, err)
		}
		for _, want := range []string{"SLACK_BOT_TOKEN", code, "https://api.slack.com/apps"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q does not say %q", err, want)
			}
		}
	}
}

func TestErrorsReadAsSentences(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*Error{
		"Slack chat.postMessage: missing_scope (needs chat:write)":        {Method: "chat.postMessage", Code: "missing_scope", Needed: "chat:write"},
		"Slack chat.update: too many requests, wait 3s":                   {Method: "chat.update", Code: "ratelimited", Status: 429, RetryAfter: 3 * time.Second},
		"Slack chat.postMessage: HTTP 503; it may have been done":         {Method: "chat.postMessage", Status: 503, Ambiguous: true},
		"Slack chat.postMessage: unexpected EOF; it may have been done":   {Method: "chat.postMessage", Err: io.ErrUnexpectedEOF, Ambiguous: true},
		"Slack chat.postMessage: invalid_blocks (must be a; must be a b)": {Method: "chat.postMessage", Code: "invalid_blocks", Details: []string{"must be a", "must be a b"}},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestRetryAfterInAnySpelling(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for after, want := range map[string]string{
		"3": "3", "0": "0", "1.2": "2", "-1": "", "soon": "", "1e99": "", "NaN": "",
		"Sun, 22 Nov 2026 12:00:30 GMT": "30", "Sun, 22 Nov 2026 11:00:00 GMT": "0",
	} {
		if got := wholeSeconds(after, now); got != want {
			t.Errorf("%q: got %q, want %q", after, got, want)
		}
	}
}
