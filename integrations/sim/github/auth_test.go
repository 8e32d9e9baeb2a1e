package githubsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	gh "github.com/google/go-github/v60/github"
)

// facts 6.2, "Errors: `{"message", "documentation_url"}` … Private without right: 404", and the issue's
// "Auth `Authorization: Bearer|token X`; 401 bad credentials".
func TestWhoAsksDecidesWhatIsThere(t *testing.T) {
	inWorld(t, func(w world) {
		w.s.AddUser("carol", "Carol", "")
		w.s.AddToken("ghp_carol", "carol")
		for _, c := range []struct {
			name, authorization, path string
			status                    int
			message                   string
		}{
			{"bearer", "Bearer ghp_alice", below(""), 200, ""},
			{"token", "token ghp_alice", below(""), 200, ""},
			{"another case of the name", "token ghp_alice", "/repos/Penny/University", 200, ""},
			{"unknown token", "Bearer ghp_nobody", below(""), 401, "Bad credentials"},
			{"another scheme", "Basic ghp_alice", below(""), 401, "Bad credentials"},
			{"a token without the right", "Bearer ghp_carol", below(""), 404, "Not Found"},
			{"no token", "", below(""), 404, "Not Found"},
			{"no such repository", "Bearer ghp_alice", "/repos/penny/nothing", 404, "Not Found"},
			{"nobody's account", "", "/user", 401, "Requires authentication"},
			{"not simulated", "Bearer ghp_alice", below("/labels"), 501, "not simulated: GET /repos/penny/university/labels"},
		} {
			header := []string{}
			if c.authorization != "" {
				header = []string{"Authorization", c.authorization}
			}
			a := w.ask(http.MethodGet, c.path, header...)
			var e struct {
				Message string
				URL     string `json:"documentation_url"`
			}
			if err := json.Unmarshal(a.body, &e); err != nil {
				w.Fatalf("%s: %v", c.name, err)
			}
			if a.StatusCode != c.status || c.status != 200 && (e.Message != c.message || e.URL == "") {
				w.Errorf("%s: %d %+v, want %d %q", c.name, a.StatusCode, e, c.status, c.message)
			}
		}
		if a := w.ask(http.MethodPost, below("/pulls"), "Authorization", "Bearer ghp_alice"); a.StatusCode != http.StatusNotImplemented {
			w.Errorf("a write: %s", a.Status)
		}
	})
}

func TestTheUserIsTheTokens(t *testing.T) {
	inWorld(t, func(w world) {
		u, _, err := w.gh.Users.Get(w.Context(), "")
		check(w.T, err)
		if u.GetLogin() != "alice" || u.GetName() != "Alice" || u.GetType() != "User" {
			w.Errorf("%v", u)
		}
	})
}

// What go-github makes of a refused token.
func TestBadCredentialsAreAnErrorResponse(t *testing.T) {
	inWorld(t, func(w world) {
		wrong := gh.NewClient(w.http).WithAuthToken("ghp_wrong")
		wrong.BaseURL = w.gh.BaseURL
		_, _, err := wrong.Repositories.Get(w.Context(), "penny", "university")
		var refused *gh.ErrorResponse
		if !errors.As(err, &refused) || refused.Response.StatusCode != http.StatusUnauthorized {
			w.Errorf("%v", err)
		}
	})
}

// Over a real socket, as the sandbox has it: any token of the right prefix reads everything.
func TestAnyTokenTakesTheRightPrefixes(t *testing.T) {
	t.Parallel()
	s := New(Options{AnyToken: true})
	defer s.Close()
	build(s)
	server := httptest.NewServer(s)
	defer server.Close()
	for token, want := range map[string]int{"ghp_x": 200, "github_pat_x": 200, "ghs_x": 200, "xoxb-x": 401, "ghp_": 401} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+below("/pulls"), http.NoBody)
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := server.Client().Do(r)
		check(t, err)
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %s, want %d", token, res.Status, want)
		}
	}
}
