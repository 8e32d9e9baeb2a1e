package herokusim

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/integrations/sim/weather"
)

func basic(user, password string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// "The CLI uses … Basic `:token`"; "A 401 is a hard error"
func TestATokenIsTakenAsBearerAndAsBasicPassword(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for header, ok := range map[string]bool{
			"Authorization: Bearer " + token: true,
			"Authorization: bearer " + token: true,
			basic("", token):                 true,
			basic(alice, token):              true,
			basic(token, ""):                 false,
			"Authorization: Bearer wrong":    false,
			"Authorization: Token " + token:  false,
			"Authorization: Bearer ":         false,
			"Authorization: ":                false,
		} {
			a := s.get(t, "/account", header)
			if ok && a.object(t)["email"] != alice {
				t.Errorf("%s: %d %s", header, a.StatusCode, a.body)
			}
			if !ok {
				a.fault(t, http.StatusUnauthorized, "unauthorized")
			}
		}
	})
}

func TestAnyTokenOfTheRightShapeIsTakenWhenToldTo(t *testing.T) {
	t.Parallel()
	play(t, Options{AnyToken: true}, func(t *testing.T, s *site) {
		for token, status := range map[string]int{
			"HRKU-anything": 200, "01234567-89ab-cdef-0123-456789abcdef": 200, "ghp_x": 401, "HRKU-": 401,
		} {
			if a := s.get(t, "/apps/penny-university", "Authorization: Bearer "+token); a.StatusCode != status {
				t.Errorf("%s: %d, want %d", token, a.StatusCode, status)
			}
		}
	})
}

// "404 `not_found` (also no permission)"; "Accept app by name AND by UUID"
func TestAnAppIsShownToItsPeopleOnly(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.AddAccount(bob, "HRKU-bob")
		s.AddAccount("dave@example.com", "HRKU-dave")
		for _, path := range []string{"/apps/penny-university", "/apps/" + s.app.ID()} {
			if a := s.get(t, path, "Authorization: Bearer HRKU-bob"); a.object(t)["name"] != "penny-university" {
				t.Errorf("a collaborator gets %s", a.body)
			}
			s.get(t, path, "Authorization: Bearer HRKU-dave").fault(t, http.StatusNotFound, "not_found")
		}
		if a := s.get(t, "/apps", "Authorization: Bearer HRKU-dave"); a.body != "[]" {
			t.Errorf("somebody else lists %s", a.body)
		}
		s.get(t, "/apps/nosuch").fault(t, http.StatusNotFound, "not_found")
	})
}

// "402 delinquent; 403 `suspended`/`forbidden`"; "403 `{"id":"two_factor"}`"
func TestAnAccountInTroubleIsRefused(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for why, status := range map[string]int{"delinquent": 402, "suspended": 403, "two_factor": 403} {
			if err := s.RefuseAccount(alice, why); err != nil {
				t.Fatal(err)
			}
			s.get(t, "/apps").fault(t, status, why)
		}
		if err := s.RefuseAccount(alice, ""); err != nil || s.get(t, "/apps").StatusCode != 200 {
			t.Errorf("not forgiven: %v", err)
		}
		if err := s.RefuseAccount(alice, "bored"); err == nil {
			t.Error("an unknown reason was taken")
		}
	})
}

// "4500 tokens per ACCOUNT, refilled ~75/min; `RateLimit-Remaining` on every answer; 429 `{"id":"rate_limit",…}`;
// `GET /account/rate-limits` -> `{"remaining":N}` is free"
func TestTheRateLimitIsPerAccountAndRefills(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		if got := s.get(t, "/apps").Header.Get("RateLimit-Remaining"); got != "4499" {
			t.Errorf("the first answer leaves %s", got)
		}
		s.SetTokens(1)
		for range 3 {
			if got := s.get(t, "/account/rate-limits").body; got != `{"remaining":1}` {
				t.Errorf("asking costs: %s", got)
			}
		}
		if a := s.get(t, "/apps"); a.StatusCode != 200 || a.Header.Get("RateLimit-Remaining") != "0" {
			t.Errorf("with the last token: %d", a.StatusCode)
		}
		a := s.get(t, "/apps")
		a.fault(t, http.StatusTooManyRequests, "rate_limit")
		if !strings.HasPrefix(a.object(t)["message"].(string), "Your account reached the API rate limit") {
			t.Errorf("message: %s", a.body)
		}
		s.AddAccount(bob, "HRKU-bob")
		if a := s.get(t, "/apps", "Authorization: Bearer HRKU-bob"); a.StatusCode != 200 {
			t.Errorf("another account: %d", a.StatusCode)
		}
		time.Sleep(time.Minute)
		if got := s.get(t, "/account/rate-limits").body; got != `{"remaining":75}` {
			t.Errorf("a minute later: %s", got)
		}
		time.Sleep(2 * time.Hour)
		if got := s.get(t, "/account/rate-limits").body; got != `{"remaining":4500}` {
			t.Errorf("two hours later: %s", got)
		}
	})
}

// "`ETag` on every answer; `If-None-Match` -> 304, empty body". Unverified is "Whether 304 answers … count": both ways.
func TestEveryAnswerHasAnETag(t *testing.T) {
	t.Parallel()
	for free, left := range map[bool]string{false: "4498", true: "4499"} {
		play(t, Options{FreeNotModified: free}, func(t *testing.T, s *site) {
			tag := s.get(t, "/apps/penny-university").Header.Get("ETag")
			a := s.get(t, "/apps/penny-university", "If-None-Match: "+tag)
			if a.StatusCode != http.StatusNotModified || a.body != "" || a.Header.Get("ETag") != tag {
				t.Errorf("got %d %q with %s", a.StatusCode, a.body, a.Header.Get("ETag"))
			}
			if got := a.Header.Get("RateLimit-Remaining"); got != left {
				t.Errorf("free %v: leaves %s, want %s", free, got, left)
			}
			s.app.SetMaintenance(true)
			if a := s.get(t, "/apps/penny-university", "If-None-Match: "+tag); a.StatusCode != 200 {
				t.Errorf("after a change: %d", a.StatusCode)
			}
		})
	}
}

// "Send `Request-Id` and `RateLimit-Remaining`"; "JSON answers need Content-Type `application/json`"
func TestEveryAnswerHasHerokusHeaders(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		seen := map[string]bool{}
		for _, a := range []answer{
			s.get(t, "/apps"), s.get(t, "/apps"), s.get(t, "/nosuch"), s.get(t, "/teams"), s.get(t, "/apps/nosuch"),
			s.get(t, "/account", "Authorization: "), s.do(t, http.MethodPost, "/apps"),
		} {
			for _, h := range []string{"Request-Id", "RateLimit-Remaining", "ETag", "Content-Type"} {
				if a.Header.Get(h) == "" {
					t.Errorf("%s: %d without %s", a.Request.URL.Path, a.StatusCode, h)
				}
			}
			if id := a.Header.Get("Request-Id"); seen[id] {
				t.Errorf("%s: the request id %s came before", a.Request.URL.Path, id)
			} else {
				seen[id] = true
			}
		}
	})
}

// "`Accept`: `version=3` is the default …; `3.sdk` is the newer one"
func TestTheVersionDecidesWhichFieldsThereAre(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		slug := "/slugs/" + s.app.Current().SlugID
		for path, fields := range map[string][]string{
			"":              {"generation"},
			"/releases/122": {"eligible_for_rollback", "oci_image", "artifacts"},
			slug:            {"deleted_at"},
		} {
			for accept, want := range map[string]bool{
				sdk: true, v3: false, "": false, "*/*": false, "application/json": false,
				"application/vnd.heroku+json; version=3.webhooks": false,
			} {
				got := s.get(t, "/apps/penny-university"+path, "Accept: "+accept).object(t)
				for _, f := range fields {
					if _, there := got[f]; there != want {
						t.Errorf("%s with %q: %s there: %v, want %v", path, accept, f, there, want)
					}
				}
			}
		}
		s.get(t, "/apps", "Accept: application/vnd.heroku+json; version=2").fault(t, 406, "not_acceptable")
	})
}

// "Unknown paths: 404 `{"id":"not_found","message":"Couldn't find that ..."}`; an error body must be JSON with
// `message`"; design: "What is not simulated answers 501, loudly."
func TestWhatIsNotSimulatedAnswers501AndNonsense404(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for _, c := range []struct {
			method, path string
			status       int
			id           string
		}{
			{"GET", "/teams", 501, "not_simulated"},
			{"POST", "/apps", 501, "not_simulated"},
			{"PUT", "/apps/penny-university/releases", 501, "not_simulated"},
			{"DELETE", "/apps/penny-university", 501, "not_simulated"},
			{"GET", "/apps/penny-university/domains", 501, "not_simulated"},
			{"POST", "/addon-attachments", 501, "not_simulated"},
			{"POST", "/client/v11/databases/postgresql-flat-1/restores", 501, "not_simulated"},
			{"GET", "/nosuch", 404, "not_found"},
			{"GET", "/apps/penny-university/nosuch", 404, "not_found"},
			{"GET", "/", 404, "not_found"},
		} {
			a := s.do(t, c.method, c.path)
			a.fault(t, c.status, c.id)
			if c.status == 501 && a.object(t)["message"] != fmt.Sprintf("not simulated: %s %s", c.method, c.path) {
				t.Errorf("%s %s: %s", c.method, c.path, a.body)
			}
		}
	})
}

// What the weather refuses is Heroku's own 429, with and without Retry-After.
func TestTheWeatherRefusesAsHerokuDoes(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for _, c := range []struct {
			fault weather.Fault
			after string
		}{
			{weather.Fault{Method: "*", Path: "*", Kind: weather.TooMany, D: 1500 * time.Millisecond}, "2"},
			{weather.Fault{Method: "*", Path: "*", Kind: weather.TooManyBare}, ""},
		} {
			s.Weather().Add(c.fault)
			a := s.get(t, "/apps")
			a.fault(t, http.StatusTooManyRequests, "rate_limit")
			if got := a.Header.Get("Retry-After"); got != c.after {
				t.Errorf("%s: Retry-After %q, want %q", c.fault.Kind, got, c.after)
			}
		}
		if a := s.get(t, "/apps"); a.StatusCode != 200 {
			t.Errorf("afterwards: %d", a.StatusCode)
		}
	})
}

// "Warning headers: `X-Heroku-Warning`, `Warning-Message`"
func TestWarningsComeWithEveryAnswer(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for _, text := range []string{"Your stack is old.", ""} {
			s.SetWarning(text)
			for _, path := range []string{"/apps", "/nosuch"} {
				h := s.get(t, path).Header
				if h.Get("X-Heroku-Warning") != text || h.Get("Warning-Message") != text {
					t.Errorf("%s: %v", path, h)
				}
			}
		}
	})
}

// "Lists: `Range` …; 206 + `Next-Range` when there is more": that of dynos, formation, collaborators and add-ons too. Without
// a range they come in their own order.
func TestSmallListsAreReadInRangesToo(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for list, field := range map[string]string{
			"dynos": "name", "formation": "type", "collaborators": "email", "addons": "name", "addon-attachments": "name",
		} {
			path := "/apps/penny-university/" + list
			all := s.get(t, path)
			if all.StatusCode != 200 || all.Header.Get("Next-Range") != "" {
				t.Errorf("%s: %d %v", list, all.StatusCode, all.Header)
			}
			got, next := 0, field+" ..; max=1"
			for next != "" {
				a := s.get(t, path, "Range: "+next)
				got += len(a.list(t))
				if next = a.Header.Get("Next-Range"); (next != "") != (a.StatusCode == http.StatusPartialContent) {
					t.Fatalf("%s: %d with Next-Range %q", list, a.StatusCode, next)
				}
			}
			if want := len(all.list(t)); got != want {
				t.Errorf("%s: %d in ranges, %d at once", list, got, want)
			}
		}
	})
}
