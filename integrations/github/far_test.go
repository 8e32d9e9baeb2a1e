package github_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/sim/memnet"
)

const (
	farAddr = "api.github.test:80"
	farURL  = "http://" + farAddr
	token   = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
)

var penny = github.Repo{Owner: "penny-university", Name: "penny_university"}

// far is a far end that answers as a test tells it to, over connections in memory.
type far struct {
	net *memnet.Network

	mu   sync.Mutex
	seen []*http.Request
}

// bubble runs a test in which time is simulated.
func bubble(t *testing.T, run func(*testing.T)) {
	t.Helper()
	synctest.Test(t, run)
}

// listen starts a server at an address of the far end.
func (f *far) listen(t *testing.T, addr string, h http.Handler) {
	t.Helper()
	l, err := f.net.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.seen = append(f.seen, r)
		f.mu.Unlock()
		h.ServeHTTP(w, r)
	})}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); <-ended })
}

// client makes a client that reaches the far end only.
func (f *far) client(t *testing.T, opts github.Options) *github.Client {
	t.Helper()
	transport := &http.Transport{DialContext: f.net.DialContext, DisableKeepAlives: true}
	if opts.URL == "" {
		opts.URL = farURL
	}
	if opts.Token == "" {
		opts.Token = token
	}
	opts.HTTP = transport
	c, err := github.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// asked counts the requests so far.
func (f *far) asked() int { return len(f.requests()) }

func (f *far) requests() []*http.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]*http.Request(nil), f.seen...)
}

// stage gives a client and the far end that it talks to.
func stage(t *testing.T, h http.HandlerFunc) (*github.Client, *far) {
	t.Helper()
	f := &far{net: &memnet.Network{}}
	f.listen(t, farAddr, h)
	return f.client(t, github.Options{}), f
}

// says answers always the same. Headers are name, value, name, value.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

// first answers with one handler after the other, the last one for ever.
func first(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(n, len(handlers)-1)]
		n++
		mu.Unlock()
		h(w, r)
	}
}

// drops ends the connection without an answer.
func drops(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

const goodRepo = `{"full_name":"penny-university/penny_university","default_branch":"master","private":false,"html_url":"https://github.com/penny-university/penny_university"}`

// fails gives the error as ours, and stops the test if it is another or none.
func fails(t *testing.T, err error) *github.Error {
	t.Helper()
	e, ok := err.(*github.Error)
	if !ok {
		t.Fatalf("got error %v (%T), want a *github.Error", err, err)
	}
	return e
}
