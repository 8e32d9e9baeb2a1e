package heroku_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"sync"
	"testing"

	"slipway/integrations/heroku"
	"slipway/integrations/sim/memnet"
)

const (
	token   = "HRKU-7c0ffee0-1111-2222-3333-444455556666"
	address = "127.0.0.1:4013"
)

// journal is what a fake server was asked.
type journal struct {
	mu       sync.Mutex
	requests []*http.Request
}

func (j *journal) add(r *http.Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, r)
}

func (j *journal) all() []*http.Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]*http.Request(nil), j.requests...)
}

// carry serves h in memory and gives what carries requests to it. To be called in a bubble.
func carry(t *testing.T, h http.Handler) http.RoundTripper {
	t.Helper()
	var network memnet.Network
	transport := &http.Transport{DialContext: network.DialContext}
	serve(t, &network, h.ServeHTTP)
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// serve lets h answer at the address until the test ends.
func serve(t *testing.T, network *memnet.Network, h http.HandlerFunc) {
	t.Helper()
	serveAt(t, network, address, h)
}

func serveAt(t *testing.T, network *memnet.Network, addr string, h http.HandlerFunc) {
	t.Helper()
	l, err := network.Listen(addr)
	if err != nil {
		t.Error(err)
		return
	}
	server := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

// dial gives a client of h, and what h was asked. To be called in a bubble.
func dial(t *testing.T, h http.Handler) (*heroku.Client, *journal) {
	t.Helper()
	j := &journal{}
	c, err := heroku.New(heroku.Options{
		URL: "http://" + address, Token: token, Agent: "slipway/test",
		HTTP: carry(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			j.add(r)
			h.ServeHTTP(w, r)
		})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, j
}

// reply answers with a status, a JSON body, and headers given as name, value, name, value.
func reply(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// html answers as a proxy does.
func html(status int) http.HandlerFunc {
	return reply(status, "<html><body><h1>secret-looking page</h1></body></html>", "Content-Type", "text/html; charset=utf-8")
}

// drop ends the connection without an answer.
func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// breakOff promises more than it sends.
func breakOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"id":"`)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// hang answers nothing until the client has gone.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// oneAfterTheOther answers each request with the next of the handlers, and further ones with the last.
func oneAfterTheOther(handlers ...http.HandlerFunc) http.Handler {
	var mu sync.Mutex
	next := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(next, len(handlers)-1)]
		next++
		mu.Unlock()
		h(w, r)
	})
}

// read is one of the client's methods with the shortest answer that it takes.
type read struct {
	name   string
	answer string
	call   func(context.Context, *heroku.Client) error
}

var reads = []read{
	{"App", `{"id":"1"}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.App(ctx, "shop"); return err }},
	{"Releases", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Releases(ctx, "shop", 10); return err }},
	{"Release", `{"id":"1"}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Release(ctx, "shop", 7); return err }},
	{"Slug", `{"id":"1"}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Slug(ctx, "shop", "s"); return err }},
	{"Image", `{"id":"1"}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Image(ctx, "shop", "i"); return err }},
	{"Formation", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Formation(ctx, "shop"); return err }},
	{"Dynos", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Dynos(ctx, "shop"); return err }},
	{"Builds", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Builds(ctx, "shop", 10); return err }},
	{"Collaborators", `[]`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Collaborators(ctx, "shop"); return err }},
	{"Account", `{"id":"1"}`, func(ctx context.Context, c *heroku.Client) error { _, err := c.Account(ctx); return err }},
}

// failure takes an error apart, or ends the test.
func failure(t *testing.T, err error) *heroku.Error {
	t.Helper()
	var e *heroku.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T) is no *heroku.Error", err, err)
	}
	return e
}
