package heroku_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"slipway/integrations/heroku"
)

// refusals are the documented ones, and what must come of each whichever library made the call.
var refusals = []struct {
	status     int
	body       string
	headers    []string
	kind       heroku.Kind
	id, text   string
	retryAfter time.Duration
}{
	{status: 400, body: `{"id":"bad_request","message":"No."}`, kind: heroku.Invalid, id: "bad_request", text: "No."},
	{status: 401, body: `{"id":"unauthorized","message":"Invalid credentials provided."}`, kind: heroku.Unauthorized, id: "unauthorized", text: "Invalid credentials provided."},
	{status: 402, body: `{"id":"delinquent","message":"Pay.","url":"https://x"}`, kind: heroku.PaymentRequired, id: "delinquent", text: "Pay."},
	{status: 403, body: `{"id":"forbidden","message":"You do not have access."}`, kind: heroku.Forbidden, id: "forbidden", text: "You do not have access."},
	{status: 403, body: `{"id":"suspended","message":"Suspended."}`, kind: heroku.Suspended, id: "suspended", text: "Suspended."},
	{status: 403, body: `{"id":"two_factor","message":"Code?"}`, kind: heroku.TwoFactor, id: "two_factor", text: "Code?"},
	{status: 404, body: `{"id":"not_found","message":"Couldn't find that app."}`, kind: heroku.NotFound, id: "not_found", text: "Couldn't find that app."},
	{status: 409, body: `{"id":"conflict","message":"Release not found yet."}`, kind: heroku.Conflict, id: "conflict", text: "Release not found yet."},
	{status: 422, body: `{"id":"invalid_params","message":"Bad range."}`, kind: heroku.Invalid, id: "invalid_params", text: "Bad range."},
	{status: 422, body: `{"id":"cannot_run_above_limit","limit":2,"message":"Two."}`, kind: heroku.Invalid, id: "cannot_run_above_limit", text: "Two."},
	{status: 429, body: `{"id":"rate_limit","message":"Your account reached the API rate limit","url":"u"}`, headers: []string{"Retry-After", "7"}, kind: heroku.OutOfQuota, id: "rate_limit", text: "Your account reached the API rate limit", retryAfter: 7 * time.Second},
	{status: 429, body: `{"id":"rate_limit","message":"Slow."}`, headers: []string{"Retry-After", "Sat, 01 Jan 2000 00:01:00 GMT"}, kind: heroku.OutOfQuota, id: "rate_limit", text: "Slow.", retryAfter: time.Minute},
	{status: 429, body: `{"id":"rate_limit","message":"Slow."}`, headers: []string{"Retry-After", "soon"}, kind: heroku.OutOfQuota, id: "rate_limit", text: "Slow."},
	{status: 500, body: `{"id":"internal","message":"Oh."}`, kind: heroku.Unavailable, id: "internal", text: "Oh."},
	{status: 503, body: `{"id":"maintenance","message":"Back soon."}`, headers: []string{"Retry-After", "60"}, kind: heroku.Unavailable, id: "maintenance", text: "Back soon.", retryAfter: time.Minute},
	{status: 404, body: ``, kind: heroku.NotFound, text: "the answer is empty"},
	{status: 404, body: `[]`, kind: heroku.NotFound, text: "the answer is no error as the API describes it"},
	{status: 422, body: `{"message":`, kind: heroku.Invalid, text: "the answer is no error as the API describes it"},
	{status: 302, body: `x`, headers: []string{"Location", "http://elsewhere.example/", "Content-Type", "text/plain"}, kind: heroku.Malformed, text: "the answer is text/plain"},
	{status: 304, body: ``, kind: heroku.Malformed, text: "the answer is empty"},
}

func TestEveryMethodTellsEveryDocumentedErrorApart(t *testing.T) {
	t.Parallel()
	for _, r := range reads {
		for _, f := range refusals {
			t.Run(fmt.Sprintf("%s/%d %s", r.name, f.status, f.id), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					headers := append([]string{"Request-Id", "theirs"}, f.headers...)
					c, j := dial(t, reply(f.status, f.body, headers...))
					start := time.Now()
					got := failure(t, r.call(t.Context(), c))
					want := heroku.Error{Kind: f.kind, Status: f.status, ID: f.id, Message: f.text, RequestID: "theirs", RetryAfter: f.retryAfter}
					if diff := cmp.Diff(want, *got, cmpopts.IgnoreFields(heroku.Error{}, "Op")); diff != "" {
						t.Error(diff)
					}
					if got.Op == "" || heroku.KindOf(got) != f.kind {
						t.Errorf("Op %q, Kind %q", got.Op, got.Kind)
					}
					if n := len(j.all()); n != 1 || time.Since(start) != 0 {
						t.Errorf("%d requests in %v; it cannot pass by itself", n, time.Since(start))
					}
				})
			})
		}
	}
}

func TestEveryMethodRefusesASuccessThatIsNone(t *testing.T) {
	t.Parallel()
	answers := map[string]struct {
		kind   heroku.Kind
		answer func(r read) string
		media  string
	}{
		"empty":         {heroku.Malformed, func(read) string { return "" }, "application/json"},
		"blank":         {heroku.Malformed, func(read) string { return " \n" }, "application/json"},
		"null":          {heroku.Malformed, func(read) string { return "null" }, "application/json"},
		"broken JSON":   {heroku.Malformed, func(r read) string { return r.answer[:len(r.answer)-1] }, "application/json"},
		"another shape": {heroku.Malformed, func(r read) string { return `"text"` }, "application/json"},
		"HTML":          {heroku.Unavailable, func(read) string { return "<html>hello</html>" }, "text/html; charset=utf-8"},
	}
	for _, r := range reads {
		for name, a := range answers {
			t.Run(r.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c, _ := dial(t, reply(200, a.answer(r), "Content-Type", a.media, "Request-Id", "theirs"))
					e := failure(t, r.call(t.Context(), c))
					if e.Kind != a.kind || e.Status != 200 || e.RequestID != "theirs" || strings.Contains(e.Error(), "hello") {
						t.Errorf("kind %q, status %d, request %q: %v", e.Kind, e.Status, e.RequestID, e)
					}
				})
			})
		}
	}
}

func TestAnObjectWithoutItsIDIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, r := range reads {
		if r.answer == "[]" {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := dial(t, reply(200, `{}`))
				if e := failure(t, r.call(t.Context(), c)); e.Kind != heroku.Malformed {
					t.Error(e)
				}
			})
		})
	}
}

func TestAnErrorReadsAsOneLine(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*heroku.Error{
		"heroku: app shop: not found: Couldn't find that app. (404 not_found)": {
			Op: "app shop", Kind: heroku.NotFound, Status: 404, ID: "not_found", Message: "Couldn't find that app.", RequestID: "r",
		},
		"heroku: account: unavailable (503)":                     {Op: "account", Kind: heroku.Unavailable, Status: 503},
		"heroku: dynos of shop: unreachable: connection refused": {Op: "dynos of shop", Kind: heroku.Unreachable, Err: errors.New("connection refused")},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestALogHoldsTheRequestID(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	log.Info("x", "err", &heroku.Error{Op: "account", Kind: heroku.OutOfQuota, Status: 429, RequestID: "abc", RetryAfter: time.Minute})
	for _, want := range []string{"err.request_id=abc", `err.kind="rate limit reached"`, "err.retry_after=1m0s"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s lacks %s", out.String(), want)
		}
	}
}

func TestNoErrorHoldsTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, oneAfterTheOther(
			reply(401, `{"id":"unauthorized `+token+`","message":"The token `+token+` is\nnot valid."}`),
			drop,
		))
		_, err := c.Account(t.Context())
		if got, want := err.Error(), "heroku: account: token refused: The token [token] is not valid. (401 unauthorized [token])"; got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
		_, err = c.Account(t.Context())
		if strings.Contains(fmt.Sprintf("%+v", err), token) {
			t.Error(err)
		}
	})
}
