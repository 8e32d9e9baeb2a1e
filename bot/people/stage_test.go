package people_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/config/settings"
	"slipway/bot/people"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/slack"
)

const addr = "slack.test:80"

// stage is a simulated Slack, a database and people, in a bubble.
type stage struct {
	*slacksim.Server
	*people.People
	t       *testing.T
	options people.Options
	log     logged
}

// onStage runs a test with alice in the workspace.
func onStage(t *testing.T, o slacksim.Options, test func(s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, Server: slacksim.New(o)}
		s.AddUser(slacksim.User{ID: "U1", Name: "alice", Email: "alice@penny.example"})
		defer s.serve()()
		kept, err := store.Open(t.Context(), store.Options{Path: storetest.File(t), Unsafe: true})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := kept.Close(); err != nil {
				t.Error(err)
			}
		}()
		s.options.Store, s.options.Log = kept, slog.New(slog.NewTextHandler(&s.log, nil))
		s.process()
		test(s)
	})
}

func (s *stage) serve() (stop func()) {
	var network memnet.Network
	l, err := network.Listen(addr)
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{Handler: s.Server}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	transport := &http.Transport{DialContext: network.DialContext}
	s.options.Slack = slack.NewClient(slack.ClientOptions{
		BotToken: s.BotToken(), APIURL: "http://" + addr + "/api/", HTTP: &http.Client{Transport: transport, Timeout: 10 * time.Second},
	})
	return func() {
		transport.CloseIdleConnections()
		s.Close()
		_ = server.Close()
		serving.Wait()
		time.Sleep(time.Second) // net/http lets closed connections linger
	}
}

// process begins anew, with nothing in memory.
func (s *stage) process() { s.People = people.New(s.options) }

// mentions fails unless somebody is mentioned so.
func (s *stage) mentions(login, email, want string) {
	s.t.Helper()
	named := settings.People{"jane-doe": "U012AB3CD"}
	if got, _ := s.Mention(s.t.Context(), named, login, email); got != want {
		s.t.Errorf("%s <%s> is %q, want %q; the log:\n%s", login, email, got, want, &s.log)
	}
}

// asked fails unless Slack was asked so often so far.
func (s *stage) asked(want int) {
	s.t.Helper()
	if calls, _ := s.Weather().Requests(0); len(calls) != want {
		s.t.Errorf("Slack was asked %d times, want %d", len(calls), want)
	}
}

func (s *stage) fault(kind weather.Kind, d time.Duration) {
	s.Weather().Add(weather.Fault{Method: "POST", Path: "/api/users.lookupByEmail", Kind: kind, D: d})
}

// logs fails unless the log says something so often.
func (s *stage) logs(words string, times int) {
	s.t.Helper()
	if n := strings.Count(s.log.String(), words); n != times {
		s.t.Errorf("the log says %q %d times, want %d:\n%s", words, n, times, &s.log)
	}
}

// kept is how many addresses the database has.
func (s *stage) kept() (n int64) {
	s.t.Helper()
	err := s.options.Store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from people").Scan(&n)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// logged keeps the lines of a log.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
