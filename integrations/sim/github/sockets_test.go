package githubsim

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Over real sockets, as the sandbox has it: a merge in a fast world is delivered to whoever listens.
func TestWebhooksGoOverRealSockets(t *testing.T) {
	t.Parallel()
	names := make(chan string, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var o struct{ Action string }
		_ = json.Unmarshal(body, &o)
		names <- strings.TrimSpace(r.Header.Get("X-GitHub-Event") + " " + o.Action)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer receiver.Close()
	s := New(Options{Speed: 1000})
	defer s.Close()
	r := build(s)
	s.AddHook("penny/university", HookSpec{URL: receiver.URL, ContentType: "json", Events: []string{"pull_request", "push", "workflow_run"}})
	first(r.Merge(45, "merge", "alice"))
	want := []string{"ping", "pull_request closed", "push", "workflow_run requested", "workflow_run in_progress", "workflow_run completed"}
	for _, name := range want {
		select {
		case got := <-names:
			if got != name {
				t.Errorf("%s came, want %s", got, name)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s did not come", name)
		}
	}
}
