package herokusim

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slipway/integrations/sim/memnet"
)

// Quotes in comments of these tests are the lines of facts/heroku.md that the simulator claims to follow.

const (
	address = "127.0.0.1:4013"
	base    = "http://" + address
	meeting = "127.0.0.1:4015"
	token   = "HRKU-alice"
	alice   = "alice@example.com"
	bob     = "bob@example.com"
	sha     = "69eec518968cc409e116940aa5304ab6ab237a4d"
	sha2    = "0f3c2b1a968cc409e116940aa5304ab6ab237a4d"
)

// site is a simulator inside a bubble, and a client of it.
type site struct {
	*Server
	app     *App
	client  *http.Client
	network *memnet.Network
}

// play runs a test inside a bubble, against a simulator with one app whose v120 to v122 are past: v122 is code and
// live, v121 set a config var.
func play(t *testing.T, opts Options, f func(t *testing.T, s *site)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var network memnet.Network
		opts.URL, opts.Rendezvous = base, meeting
		transport := &http.Transport{DialContext: network.DialContext}
		client := &http.Client{Transport: transport}
		if opts.Client == nil {
			opts.Client = client
		}
		s := &site{Server: New(opts), client: client, network: &network}
		s.AddAccount(alice, token)
		s.app = s.AddApp(pennySpec())
		history(s.app)

		l, err := network.Listen(address)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: s}
		go func() { _ = server.Serve(l) }()
		door, err := network.Listen(meeting)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = s.ServeRendezvous(door) }()
		defer func() {
			s.Close()
			transport.CloseIdleConnections()
			_ = server.Close()
		}()
		f(t, s)
	})
}

func pennySpec() AppSpec {
	return AppSpec{
		Name: "penny-university", Owner: alice, Collaborators: []string{bob},
		Config: map[string]string{"DEBUG": "0"}, AddonPlans: []string{"heroku-postgresql:standard-0", "scheduler:standard"},
		ReleasePhase: "python manage.py migrate",
		Formation: []Process{
			{Type: "web", Command: "gunicorn penny.wsgi", Size: "Standard-1X", Quantity: 2},
			{Type: "worker", Command: "celery -A penny worker", Quantity: 1},
		},
		CreatedAt: time.Now().AddDate(-1, 0, 0),
	}
}

func history(a *App) {
	day := time.Now().Add(-24 * time.Hour)
	a.PastRelease(PastRelease{Version: 120, Kind: "code", Commit: sha2, By: bob, At: day})
	a.PastRelease(PastRelease{
		Kind: "config", Set: map[string]string{"FEATURE_X": "1"}, At: day.Add(time.Hour),
	})
	a.PastRelease(PastRelease{Kind: "code", Commit: sha, CommitDescription: "Add chats", At: day.Add(2 * time.Hour)})
}

const (
	v3  = "application/vnd.heroku+json; version=3"
	sdk = "application/vnd.heroku+json; version=3.sdk"
)

// answer is what a plain client got.
type answer struct {
	*http.Response
	body string
}

// get asks with alice's token. Headers come as "Name: value" and may override.
func (s *site) get(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	return s.do(t, http.MethodGet, path, headers...)
}

func (s *site) do(t *testing.T, method, path string, headers ...string) answer {
	t.Helper()
	return s.send(t, method, path, "", headers...)
}

// send asks with a body.
func (s *site) send(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+strings.TrimPrefix(path, base), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", v3)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(text)}
}

// object reads the body as one JSON object.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	return decode[map[string]any](t, a)
}

// list reads the body as a JSON array of objects.
func (a answer) list(t *testing.T) []map[string]any {
	t.Helper()
	return decode[[]map[string]any](t, a)
}

func decode[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("status %d, body %q: %v", a.StatusCode, a.body, err)
	}
	return v
}

// fault checks that an answer is the API's error with this status and id.
func (a answer) fault(t *testing.T, status int, id string) {
	t.Helper()
	if a.StatusCode != status || !strings.Contains(a.body, `"id":"`+id+`"`) || a.object(t)["message"] == "" {
		t.Errorf("got %d %s, want %d with id %s and a message", a.StatusCode, a.body, status, id)
	}
}

// skipUnlessCI passes over a test that lacks what it needs, but never silently where all must run.
func skipUnlessCI(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip("NOT CHECKED: " + why)
}
