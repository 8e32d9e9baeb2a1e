package githubsim

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"

	"slipway/integrations/sim/weather"
)

// facts 6.4, "Every answer: `X-RateLimit-Limit`, `-Remaining`, `-Used`, `-Reset` (unix seconds), `-Resource` …,
// `X-GitHub-Request-Id`, `X-GitHub-Media-Type`", also those that are errors.
func TestEveryAnswerHasGitHubsHeaders(t *testing.T) {
	inWorld(t, func(w world) {
		for i, path := range []string{below(""), below("/branches/none"), "/user", below("/labels")} {
			a := w.get(path)
			for name, want := range map[string]string{
				"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": strconv.Itoa(4999 - i), "X-RateLimit-Used": strconv.Itoa(i + 1),
				"X-RateLimit-Reset": strconv.FormatInt(midnight.Add(time.Hour).Unix(), 10), "X-RateLimit-Resource": "core",
				"X-GitHub-Media-Type": "github.v3; format=json", "Content-Type": "application/json; charset=utf-8",
			} {
				if got := a.Header.Get(name); got != want {
					w.Errorf("%s: %s is %q, want %q", path, name, got, want)
				}
			}
			if a.Header.Get("X-GitHub-Request-Id") == "" {
				w.Errorf("%s: no request id", path)
			}
		}
	})
}

// facts 6.4, "Primary exhausted: 403 … with Remaining 0"; 3.2, "`*RateLimitError`; later calls fail **locally**
// until Reset"; and the quota is whole again after it.
func TestAnExhaustedQuotaIsARateLimitErrorUntilItsReset(t *testing.T) {
	inWorld(t, func(w world) {
		w.s.SetQuota(1, time.Now().Add(10*time.Minute))
		read := func() error {
			_, _, err := w.gh.Repositories.Get(w.Context(), "penny", "university")
			return err
		}
		check(w.T, read())
		var limited *gh.RateLimitError
		err := read()
		if !errors.As(err, &limited) || !limited.Rate.Reset.Time.Equal(midnight.Add(10*time.Minute)) {
			w.Fatalf("%v", err)
		}
		a := w.get(below(""))
		if a.StatusCode != http.StatusForbidden || a.Header.Get("X-RateLimit-Remaining") != "0" || a.Header.Get("X-Accepted-GitHub-Permissions") != "metadata=read" {
			w.Errorf("%s %v", a.Status, a.Header)
		}
		time.Sleep(10*time.Minute + time.Second)
		check(w.T, read())
	})
}

// facts 6.4, "Secondary: 403 or 429 with `Retry-After` and a documentation_url ending in `secondary-rate-limits`".
func TestTheSecondaryLimitIsAnAbuseError(t *testing.T) {
	inWorld(t, func(w world) {
		w.s.SecondaryLimit(1500 * time.Millisecond)
		_, _, err := w.gh.Repositories.Get(w.Context(), "penny", "university")
		var abuse *gh.AbuseRateLimitError
		if !errors.As(err, &abuse) || abuse.GetRetryAfter() != 2*time.Second {
			w.Fatalf("%v", err)
		}
		if a := w.get(below("")); a.StatusCode != http.StatusOK {
			w.Errorf("it hit twice: %s", a.Status)
		}
	})
}

// facts 3.2, "429 with rate headers: `*ErrorResponse`, not a rate-limit error" has its match in the weather's 429.
func TestTheWeathers429IsGitHubs(t *testing.T) {
	inWorld(t, func(w world) {
		for kind, after := range map[weather.Kind]string{weather.TooMany: "7", weather.TooManyBare: ""} {
			w.s.Weather().Add(weather.Fault{Method: "*", Path: "*", Kind: kind, D: 7 * time.Second})
			a := w.get(below(""))
			if a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != after || !strings.Contains(string(a.body), `secondary-rate-limits"`) {
				w.Errorf("%s: %s, Retry-After %q: %s", kind, a.Status, a.Header.Get("Retry-After"), a.body)
			}
			if a.Header.Get("X-RateLimit-Limit") != "5000" || a.Header.Get("X-RateLimit-Remaining") == "0" || a.Header.Get("X-RateLimit-Reset") == "" {
				w.Errorf("%s: %v", kind, a.Header)
			}
		}
	})
}

// facts 6.4, "`GET /rate_limit` is free".
func TestAskingForTheLimitCostsNothing(t *testing.T) {
	inWorld(t, func(w world) {
		w.get(below(""))
		for range 2 {
			limits, _, err := w.gh.RateLimit.Get(w.Context())
			check(w.T, err)
			if limits.Core.Remaining != 4999 || limits.Core.Limit != 5000 {
				w.Errorf("%v", limits.Core)
			}
		}
	})
}

// facts 6.4, "`ETag` + `Vary` + `Cache-Control: private, max-age=60`; `If-None-Match` -> 304 without spending quota".
func TestAnUnchangedAnswerIs304AndFree(t *testing.T) {
	inWorld(t, func(w world) {
		whole := w.get(below("/pulls"))
		tag := whole.Header.Get("ETag")
		if !strings.HasPrefix(tag, `W/"`) || whole.Header.Get("Cache-Control") != "private, max-age=60" ||
			whole.Header.Get("Vary") != "Accept, Authorization, Cookie, X-GitHub-OTP" {
			w.Fatalf("%v", whole.Header)
		}
		same := w.get(below("/pulls"), "If-None-Match", `"other", `+tag)
		if same.StatusCode != http.StatusNotModified || len(same.body) != 0 || same.Header.Get("ETag") != tag ||
			same.Header.Get("X-RateLimit-Remaining") != whole.Header.Get("X-RateLimit-Remaining") {
			w.Errorf("%s, %d bytes, %v", same.Status, len(same.body), same.Header)
		}
		first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More"}))
		if changed := w.get(below("/pulls"), "If-None-Match", tag); changed.StatusCode != http.StatusOK || changed.Header.Get("ETag") == tag {
			w.Errorf("after a change: %s", changed.Status)
		}
		if missing := w.get(below("/pulls/99")); missing.Header.Get("ETag") != "" {
			w.Error("an error carries an ETag")
		}
	})
}
