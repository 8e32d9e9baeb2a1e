package weather_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/weather"
)

const url = "http://far.test:80"

// sky is a server that counts what it does, with weather before it. It lives in a bubble.
type sky struct {
	*weather.Weather
	client *http.Client

	mu   sync.Mutex
	done []string // what the server did: method, path, body
	at   []time.Time
}

// under runs f in a bubble.
func under(t *testing.T, f func(t *testing.T, s *sky)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := &memnet.Network{}
		s := &sky{
			Weather: weather.New(func(w http.ResponseWriter, after time.Duration) {
				w.Header().Set("Retry-After", after.String())
				w.WriteHeader(http.StatusTooManyRequests)
			}),
			// Without keep-alive, so that no request is repeated by the client itself.
			client: &http.Client{Transport: &http.Transport{DialContext: network.DialContext, DisableKeepAlives: true}},
		}
		l, err := network.Listen("far.test:80")
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: s.Wrap(http.HandlerFunc(s.work))}
		served := make(chan error)
		go func() { served <- server.Serve(l) }()
		defer func() {
			_ = server.Close()
			s.Close()
			<-served
		}()
		f(t, s)
	})
}

func (s *sky) work(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.done = append(s.done, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Method, r.URL.Path, body)))
	s.at = append(s.at, time.Now())
	n := len(s.done)
	s.mu.Unlock()
	switch r.URL.Path {
	case "/silent":
	case "/made":
		w.WriteHeader(http.StatusCreated)
	case "/slow":
		time.Sleep(time.Minute)
	default:
		fmt.Fprintf(w, "answer %d", n)
	}
}

func (s *sky) did() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.done)
}

// post gives what the client sees: the status and the body, or "cut".
func (s *sky) post(path, body string) string {
	answer, err := s.client.Post(url+path, "text/plain", strings.NewReader(body))
	if err != nil {
		if errors.Is(err, io.EOF) {
			return "cut"
		}
		return err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	words := fmt.Sprintf("%d %s", answer.StatusCode, text)
	if after := answer.Header.Get("Retry-After"); after != "" {
		words += " after " + after
	}
	return strings.TrimSpace(words)
}
