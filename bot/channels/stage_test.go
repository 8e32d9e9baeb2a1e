package channels_test

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

	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

const (
	addr  = "slack.test:80"
	alice = "U1"
)

// stage is a simulated Slack and a database, in a bubble.
type stage struct {
	*slacksim.Server
	t     *testing.T
	store *store.Store
	slack *slack.Client
	log   logged
}

// onStage runs a test with alice and the bot in #deploys.
func onStage(t *testing.T, o slacksim.Options, test func(s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, Server: slacksim.New(o)}
		s.AddUser(slacksim.User{ID: alice, Name: "alice"})
		s.put("C1", "deploys")
		defer s.serve()()
		var err error
		if s.store, err = store.Open(t.Context(), store.Options{Path: storetest.File(t), Unsafe: true}); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.store.Close(); err != nil {
				t.Error(err)
			}
		}()
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
	s.slack = slack.NewClient(slack.ClientOptions{
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

// put makes a channel with alice and the bot in it, or gives the one with that id another name.
func (s *stage) put(id, name string) {
	s.AddChannel(slacksim.Channel{ID: id, Name: name, Members: []string{alice}, BotIn: true})
}

// apps reads APPS.
func (s *stage) apps(list string) config.Apps {
	s.t.Helper()
	var apps config.Apps
	if err := apps.Decode(list); err != nil {
		s.t.Fatal(err)
	}
	return apps
}

// process is a process that begins with APPS.
func (s *stage) process(list string) *channels.Channels {
	s.t.Helper()
	return channels.New(channels.Options{Store: s.store, Slack: s.slack, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Apps: s.apps(list)})
}

// resolve looks once.
func (s *stage) resolve(c *channels.Channels) {
	s.t.Helper()
	if _, err := c.Resolve(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// wants fails unless the apps' channels are these, in the order of APPS; "" is unknown.
func (s *stage) wants(c *channels.Channels, want ...string) {
	s.t.Helper()
	var got []string
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, app := range c.Apps {
			id, ok, err := c.ID(ctx, tx, app)
			if err != nil {
				return err
			}
			if ok != (id != "") {
				s.t.Errorf("%s: %q, %t", app.Name, id, ok)
			}
			got = append(got, id)
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if strings.Join(got, ",") != strings.Join(want, ",") {
		s.t.Errorf("the channels are %q, want %q; the log:\n%s", got, want, &s.log)
	}
}

// asked is how often Slack was asked for its channels so far.
func (s *stage) asked() int {
	calls, _ := s.Weather().Requests(0)
	return len(calls)
}

// logs fails unless the log says something so often.
func (s *stage) logs(words string, times int) {
	s.t.Helper()
	if n := strings.Count(s.log.String(), words); n != times {
		s.t.Errorf("the log says %q %d times, want %d:\n%s", words, n, times, &s.log)
	}
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
