package github_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
)

const secondary = `{"message":"You have exceeded a secondary rate limit.","documentation_url":"https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`

// The bubble's clock starts at this time.
var dawn = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func TestEachTroubleHasItsKind(t *testing.T) {
	t.Parallel()
	reset := dawn.Add(40 * time.Minute)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   github.Kind
		status int
		tries  int           // 0: 1
		until  time.Duration // from the moment the error came; 0: none
		text   string        // must be in the error
	}{
		"401":                                 {says(401, `{"message":"Bad credentials"}`), github.Unauthorized, 401, 0, 0, "Bad credentials"},
		"401 two-factor":                      {says(401, `{"message":"Must specify two-factor authentication OTP code."}`, "X-GitHub-OTP", "required; app"), github.Unauthorized, 401, 0, 0, "two-factor"},
		"403 permission":                      {says(403, `{"message":"Resource not accessible by personal access token"}`, "X-Accepted-GitHub-Permissions", "actions=read", "X-RateLimit-Remaining", "17", "X-RateLimit-Reset", unix(reset)), github.Forbidden, 403, 0, 0, "needs actions=read"},
		"403 primary":                         {says(403, `{"message":"API rate limit exceeded"}`, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(reset)), github.OutOfQuota, 403, 0, 40 * time.Minute, "until 2000-01-01 00:40:00 UTC: API rate limit exceeded"},
		"403 primary without a reset":         {says(403, `{"message":"API rate limit exceeded"}`, "X-RateLimit-Remaining", "0"), github.OutOfQuota, 403, 0, time.Minute, ""},
		"403 primary, reset in a century":     {says(403, `{}`, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(dawn.AddDate(100, 0, 0))), github.OutOfQuota, 403, 0, time.Minute, ""},
		"429 primary":                         {says(429, `{"message":"API rate limit exceeded"}`, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(reset)), github.OutOfQuota, 429, 0, 40 * time.Minute, ""},
		"403 secondary":                       {says(403, secondary, "Retry-After", "30", "X-RateLimit-Remaining", "17", "X-RateLimit-Reset", unix(reset)), github.SlowDown, 403, 0, 30 * time.Second, "secondary"},
		"403 secondary, unsaid":               {says(403, secondary, "X-RateLimit-Remaining", "17", "X-RateLimit-Reset", unix(reset)), github.SlowDown, 403, 0, time.Minute, "secondary"},
		"403 secondary of another page":       {says(403, `{"message":"slow down","documentation_url":"https://example.com"}`, "Retry-After", "30"), github.SlowDown, 403, 0, 30 * time.Second, ""},
		"429":                                 {says(429, `{"message":"slow down"}`, "Retry-After", "5", "X-RateLimit-Remaining", "17", "X-RateLimit-Reset", unix(reset)), github.SlowDown, 429, 0, 5 * time.Second, ""},
		"429 bare":                            {says(429, ``), github.SlowDown, 429, 0, time.Minute, ""},
		"429 with a date":                     {says(429, ``, "Retry-After", dawn.Add(90*time.Second).Format(http.TimeFormat)), github.SlowDown, 429, 0, 90 * time.Second, ""},
		"429 for ever":                        {says(429, ``, "Retry-After", "9223372036854775807"), github.SlowDown, 429, 0, 24 * time.Hour, ""},
		"429 below nought":                    {says(429, ``, "Retry-After", "-5"), github.SlowDown, 429, 0, time.Minute, ""},
		"429 web page":                        {says(429, `<html>`, "Content-Type", "text/html"), github.SlowDown, 429, 0, time.Minute, ""},
		"202":                                 {says(202, `{}`), github.NotReady, 202, 0, 0, "not ready"},
		"404":                                 {says(404, `{"message":"Not Found"}`), github.NotFound, 404, 0, 0, "Not Found"},
		"410":                                 {says(410, `{"message":"Gone"}`), github.NotFound, 410, 0, 0, ""},
		"409":                                 {says(409, `{"message":"Git Repository is empty."}`), github.Invalid, 409, 0, 0, "Git Repository is empty."},
		"422":                                 {says(422, `{"message":"Validation Failed","errors":[{"resource":"Search","field":"q","code":"missing"},"and more"]}`), github.Invalid, 422, 0, 0, "Validation Failed; Search q missing; and more"},
		"422 unknown commit":                  {says(422, `{"message":"No commit found for SHA: deadbeef"}`), github.NotFound, 422, 0, 0, "deadbeef"},
		"451":                                 {says(451, `{"message":"Repository access blocked"}`), github.Forbidden, 451, 0, 0, ""},
		"500 is not asked again":              {says(500, `{"message":"Server Error"}`), github.Unavailable, 500, 1, 0, ""},
		"501":                                 {says(501, `{"message":"not simulated"}`), github.Unavailable, 501, 1, 0, ""},
		"502 is asked again":                  {says(502, ``), github.Unavailable, 502, 3, 0, ""},
		"503 is asked again":                  {says(503, `{"message":"busy"}`), github.Unavailable, 503, 3, 0, "busy"},
		"504 is asked again":                  {says(504, ``), github.Unavailable, 504, 3, 0, ""},
		"503 that says when":                  {says(503, ``, "Retry-After", "30"), github.Unavailable, 503, 1, 30 * time.Second, ""},
		"503 web page":                        {says(503, `<html>`, "Content-Type", "text/html; charset=utf-8"), github.Unavailable, 503, 3, 0, "a web page answered"},
		"404 web page":                        {says(404, `<html>`, "Content-Type", "text/html"), github.Unavailable, 404, 0, 0, "a web page answered"},
		"200 web page":                        {says(200, `<html>log in here</html>`, "Content-Type", "text/html"), github.Unavailable, 200, 0, 0, "a web page answered"},
		"200 with an ETag, then no If-None":   {says(304, ``), github.Malformed, 304, 0, 0, ""},
		"200 empty":                           {says(200, ``), github.Malformed, 200, 0, 0, "empty"},
		"200 cut JSON":                        {says(200, `{"full_name":"penny`), github.Malformed, 200, 0, 0, "unexpected"},
		"200 no JSON":                         {says(200, `hello`), github.Malformed, 200, 0, 0, "invalid character"},
		"200 another type":                    {says(200, `{"full_name":7}`), github.Malformed, 200, 0, 0, "cannot unmarshal"},
		"200 null":                            {says(200, `null`), github.Malformed, 200, 0, 0, "has no full_name"},
		"200 without what matters":            {says(200, `{"full_name":"a/b"}`), github.Malformed, 200, 0, 0, "has no full_name or default_branch"},
		"200 too large":                       {says(200, `"`+strings.Repeat("x", 33<<20)+`"`), github.Malformed, 200, 0, 0, "larger than 32 MB"},
		"message with lines is one line":      {says(404, "{\"message\":\"Not\\nFound\\u001b[31m\"}"), github.NotFound, 404, 0, 0, "Not Found [31m"},
		"message without end is cut":          {says(404, `{"message":"`+strings.Repeat("long ", 1000)+`"}`), github.NotFound, 404, 0, 0, "…"},
		"error body that is no JSON":          {says(404, `{`), github.NotFound, 404, 0, 0, ""},
		"error body that is a list":           {says(404, `[1]`), github.NotFound, 404, 0, 0, ""},
		"connection ends":                     {drops, github.Unreachable, 0, 3, 0, "EOF"},
		"answer ends in the middle":           {cutShort, github.Unreachable, 0, 3, 0, "unexpected EOF"},
		"redirect without a place":            {says(301, ``), github.Malformed, 301, 1, 0, ""},
		"redirect to another host":            {says(301, ``, "Location", "http://elsewhere.test/x"), github.Unavailable, 0, 1, 0, "http://elsewhere.test"},
		"redirect from one to another scheme": {says(301, ``, "Location", "https://"+farAddr+"/x"), github.Unavailable, 0, 1, 0, "another host"},
		"redirect in a circle":                {says(301, ``, "Location", "/repos/penny-university/penny_university"), github.Malformed, 0, 4, 0, "more than 3 times"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-GitHub-Request-Id", "C0DE:1")
					c.answer(w, r)
				})
				_, err := client.Repository(t.Context(), penny)
				e := fails(t, err)
				if e.Kind != c.kind || e.Status != c.status {
					t.Errorf("got %q, status %d, want %q, status %d: %v", e.Kind, e.Status, c.kind, c.status, e)
				}
				if got := far.asked(); got != max(c.tries, 1) {
					t.Errorf("asked %d times, want %d", got, max(c.tries, 1))
				}
				wantUntil := time.Time{}
				if c.until != 0 {
					wantUntil = dawn.Add(c.until)
				}
				if !e.Until.Equal(wantUntil) {
					t.Errorf("until %v, want %v", e.Until, wantUntil)
				}
				if !strings.Contains(e.Error(), c.text) || !strings.HasPrefix(e.Error(), "read repository penny-university/penny_university: ") {
					t.Errorf("error reads %q, want %q in it", e, c.text)
				}
				if strings.ContainsAny(e.Error(), "\n\x1b") || len(e.Error()) > 600 {
					t.Errorf("error is no short line: %q", e)
				}
				if e.Status >= 300 && e.RequestID != "C0DE:1" {
					t.Errorf("request id %q", e.RequestID)
				}
				if c.status == 0 && c.kind == github.Unreachable && e.Err == nil {
					t.Error("what lies below is lost")
				}
			})
		})
	}
}

// cutShort promises more than it sends.
func cutShort(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(goodRepo))
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func TestKindOfAnotherErrorIsNone(t *testing.T) {
	t.Parallel()
	if got := github.KindOf(http.ErrAbortHandler); got != "" {
		t.Errorf("got %q", got)
	}
	if got := github.KindOf(nil); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestWhileHeldNothingIsAskedAndTheErrorSaysUntilWhen(t *testing.T) {
	t.Parallel()
	quota := []string{"X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(dawn.Add(time.Hour))}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   github.Kind
		until  time.Duration
	}{
		"403 primary":           {says(403, `{}`, quota...), github.OutOfQuota, time.Hour},
		"429 primary":           {says(429, `{}`, quota...), github.OutOfQuota, time.Hour},
		"200 that was the last": {says(200, goodRepo, quota...), github.OutOfQuota, time.Hour},
		"403 secondary":         {says(403, secondary, "Retry-After", "30"), github.SlowDown, 30 * time.Second},
		"403 secondary, unsaid": {says(403, secondary, "X-RateLimit-Remaining", "9", "X-RateLimit-Reset", unix(dawn.Add(time.Hour))), github.SlowDown, time.Minute},
		"429":                   {says(429, ``, "Retry-After", "30"), github.SlowDown, 30 * time.Second},
		"429 bare":              {says(429, ``), github.SlowDown, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, first(c.answer, says(200, goodRepo)))
				_, _ = client.Repository(t.Context(), penny)

				time.Sleep(c.until - time.Second)
				_, err := client.Branch(t.Context(), penny, "master")
				e := fails(t, err)
				if e.Kind != c.kind || !e.Until.Equal(dawn.Add(c.until)) || e.Status != 0 || !strings.Contains(e.Error(), "not asked") {
					t.Errorf("got %v (%q until %v, status %d), want %q until %v, not asked", e, e.Kind, e.Until, e.Status, c.kind, dawn.Add(c.until))
				}
				if far.asked() != 1 {
					t.Errorf("asked %d times, want once", far.asked())
				}

				time.Sleep(time.Second)
				if _, err := client.Repository(t.Context(), penny); err != nil {
					t.Errorf("after the wait: %v", err)
				}
			})
		})
	}
}
