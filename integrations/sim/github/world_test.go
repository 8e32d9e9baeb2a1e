package githubsim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	gh "github.com/google/go-github/v60/github"

	"slipway/integrations/sim/memnet"
)

const (
	address     = "127.0.0.1:4012"
	blobAddress = "127.0.0.1:4013"
	token       = "ghp_alice"
)

// world is a repository with a history, two open pull requests and a workflow, and clients that reach it.
type world struct {
	*testing.T
	s    *Server
	r    *Repo
	http *http.Client
	gh   *gh.Client
	net  *memnet.Network
}

// inWorld plays a test inside a bubble, so that its minutes take no time.
func inWorld(t *testing.T, play func(w world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := &memnet.Network{}
		transport := &http.Transport{DialContext: network.DialContext}
		client := &http.Client{Transport: transport}
		s := New(Options{URL: "http://" + address, Blob: "http://" + blobAddress, Client: client})
		w := world{T: t, s: s, r: build(s), net: network, http: client}
		stop := w.serve(address, s)
		stopBlob := w.serve(blobAddress, s.Blob())
		w.gh = gh.NewClient(w.http).WithAuthToken(token)
		w.gh.BaseURL, _ = url.Parse("http://" + address + "/")
		defer func() {
			s.Close()
			transport.CloseIdleConnections()
			stop()
			stopBlob()
		}()
		play(w)
	})
}

// serve answers at an address of the bubble's network until it is stopped.
func (w world) serve(at string, h http.Handler) (stop func()) {
	w.Helper()
	l, err := w.net.Listen(at)
	if err != nil {
		w.Fatal(err)
	}
	server := &http.Server{Handler: h}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(l)
	}()
	return func() {
		_ = server.Close()
		<-served
	}
}

// build makes the world: commits at 9:00, 10:00 and so on of the bubble's first day.
func build(s *Server) *Repo {
	s.AddUser("alice", "Alice", "alice@example.com")
	s.AddUser("bob", "Bob", "bob@example.com")
	s.AddToken(token, "alice", "penny/university")
	r := s.AddRepo("penny", "university", "master")
	r.AddWorkflow(ci())
	r.Commit("master", CommitSpec{Author: "alice", Message: "First", At: hour(-5), Files: []File{
		{Path: "README.md", Text: "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"}, {Path: "app/models.py", Text: "a = 1\n"},
	}})
	r.Commit("master", CommitSpec{Author: "bob", Message: "Second\n\nWith a body.", At: hour(-4), Files: []File{{Path: "app/views.py", Text: "b = 1\n"}}})
	r.Branch("master", "migrations")
	r.Commit("migrations", CommitSpec{Author: "bob", Message: "Add a field", At: hour(-3), Files: []File{{Path: "app/models.py", Text: "a = 2\n"}}})
	r.Commit("migrations", CommitSpec{Author: "bob", Message: "Add its migration", At: hour(-2), Files: []File{{Path: "app/migrations/0002.py", Text: "x\n"}}})
	r.OpenPull(PullSpec{Number: 45, Title: "Add a field", Author: "bob", Head: "migrations", At: hour(-2)})
	r.Branch("master", "readme/fix")
	r.Commit("readme/fix", CommitSpec{Author: "alice", Message: "Fix the readme", At: hour(-1), Files: []File{
		{Path: "README.md", Text: "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"},
	}})
	r.OpenPull(PullSpec{Number: 46, Title: "Fix <the> readme", Author: "alice", Head: "readme/fix", At: hour(-1)})
	return r
}

// hour is a time before or after the bubble's beginning.
func hour(n int) time.Time { return midnight.Add(time.Duration(n) * time.Hour) }

// midnight is when every bubble begins.
var midnight = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func ci() Workflow {
	return Workflow{
		Path: ".github/workflows/ci.yml", Name: "CI", On: []string{"push", "pull_request"},
		Jobs: []Job{
			{Name: "test-frontend", Queue: 5 * time.Second, Steps: []Step{{Name: "Checkout", Takes: 2 * time.Second}, {Name: "Run Tests", Takes: 40 * time.Second}}},
			{Name: "test-backend (3.8)", Queue: 5 * time.Second, Steps: []Step{{Name: "Checkout", Takes: 2 * time.Second}, {Name: "Test with pytest", Takes: 90 * time.Second}}},
			{Name: "deploy", Needs: []string{"test-frontend", "test-backend"}, On: []string{"push"}, Steps: []Step{{Name: "Push to Production", Takes: 30 * time.Second}}},
		},
	}
}

// answered is an answer with its body read.
type answered struct {
	*http.Response
	body []byte
}

// get asks for a path as alice; header pairs come on top.
func (w world) get(path string, header ...string) answered {
	w.Helper()
	return w.ask(http.MethodGet, path, append([]string{"Authorization", "Bearer " + token}, header...)...)
}

func (w world) ask(method, path string, header ...string) answered {
	w.Helper()
	return w.askWith(method, path, "", header...)
}

// do asks as alice with a body in JSON.
func (w world) do(method, path, body string) answered {
	w.Helper()
	return w.askWith(method, path, body, "Authorization", "Bearer "+token)
}

// askWith does not follow redirects.
func (w world) askWith(method, path, body string, header ...string) answered {
	w.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, "http://"+address+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := *w.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	whole, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return answered{res, whole}
}

// json reads an answer that must be a success.
func (a answered) json(t *testing.T) map[string]any {
	t.Helper()
	if a.StatusCode/100 != 2 {
		t.Fatalf("%s: %s: %s", a.Request.URL, a.Status, a.body)
	}
	var o map[string]any
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatalf("%s: %v: %s", a.Request.URL, err, a.body)
	}
	return o
}

// below is a path below the world's repository.
func below(path string) string { return "/repos/penny/university" + path }

// settle lets time pass until nothing goes on.
func (w world) settle() {
	w.Helper()
	for range 10_000 {
		synctest.Wait()
		if len(w.s.Open()) == 0 {
			return
		}
		time.Sleep(time.Second)
	}
	w.Fatalf("still open: %v", w.s.Open())
}

// soon lets what happens at this instant happen: each job has its place within the next millisecond.
func soon() {
	synctest.Wait()
	time.Sleep(time.Millisecond)
	synctest.Wait()
}

// open checks what Open names.
func (w world) open(want ...string) {
	w.Helper()
	soon()
	if d := cmp.Diff(want, w.s.Open()); d != "" {
		w.Errorf("open: %s", d)
	}
}
