package slack_test

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

const simAddr = "127.0.0.1:4011"

// stage is a simulated Slack on a network in memory. It belongs inside a synctest bubble.
type stage struct {
	*slacksim.Server
	t       *testing.T
	network memnet.Network
	dialled atomic.Int32 // connections of sockets that are open on our side
}

// onStage runs a test in a bubble, with alice in #deploys.
func onStage(t *testing.T, opts slacksim.Options, f func(*testing.T, *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		opts.URL = "http://" + simAddr
		s := &stage{Server: slacksim.New(opts), t: t}
		s.AddUser(slacksim.User{ID: "U1", Name: "alice"})
		s.AddChannel(slacksim.Channel{ID: "C1", Name: "deploys", Members: []string{"U1"}, BotIn: true})
		l, err := s.network.Listen(simAddr)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: s.Server, ReadHeaderTimeout: time.Minute}
		served := make(chan struct{})
		go func() { defer close(served); _ = server.Serve(l) }()
		f(t, s)
		s.Close()
		if err := server.Shutdown(context.Background()); err != nil { // waits for what is still being answered
			t.Error(err)
		}
		<-served
	})
}

// http is a client that reaches the stage only. Its idle connections end with the test.
func (s *stage) http() *http.Client {
	transport := &http.Transport{DialContext: s.network.DialContext}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

func (s *stage) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := s.network.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	s.dialled.Add(1)
	return &counted{Conn: c, closed: func() { s.dialled.Add(-1) }}, nil
}

// counted tells when a connection is closed.
type counted struct {
	net.Conn
	closed func()
}

func (c *counted) Close() error {
	if f := c.closed; f != nil {
		c.closed = nil
		f()
	}
	return c.Conn.Close()
}

// running is a session in its own goroutine.
type running struct {
	*slack.Session
	cancel context.CancelFunc
	ended  chan error
	http   *http.Client
}

func (s *stage) start(handle func(slack.Envelope), change ...func(*slack.SessionOptions)) *running {
	opts := slack.SessionOptions{
		AppToken: s.AppToken(), APIURL: "http://" + simAddr + "/api/", HTTP: s.http(), Dial: s.dial, Handle: handle,
	}
	for _, f := range change {
		f(&opts)
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	r := &running{Session: slack.NewSession(opts), cancel: cancel, ended: make(chan error, 1), http: opts.HTTP}
	go func() { r.ended <- r.Run(ctx) }()
	return r
}

// startBoth waits until both sockets are open.
func (s *stage) startBoth(handle func(slack.Envelope)) *running {
	s.t.Helper()
	r := s.start(handle)
	<-r.Connected()
	time.Sleep(5 * time.Second)
	if n := s.Sockets(); n != 2 {
		s.t.Fatalf("%d sockets are open, want 2", n)
	}
	return r
}

// stop ends the session and fails if Run returns anything.
func (s *stage) stop(r *running) {
	s.t.Helper()
	r.cancel()
	if err := <-r.ended; err != nil {
		s.t.Errorf("Run: %v", err)
	}
	r.http.CloseIdleConnections()
}

// command sends a slash command and gives how it ended.
func (s *stage) command(text string) slacksim.Outcome {
	s.t.Helper()
	return s.await(s.send(text))
}

func (s *stage) send(text string) *slacksim.Delivery {
	s.t.Helper()
	d, err := s.Command("U1", "C1", "/deploy", text)
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

func (s *stage) await(d *slacksim.Delivery) slacksim.Outcome {
	<-d.Done()
	return d.Outcome()
}

// clean fails if the simulator saw a fault of ours.
func (s *stage) clean() {
	s.t.Helper()
	for _, f := range s.Faults() {
		s.t.Errorf("fault: %s", f)
	}
}

// ackAll acknowledges whatever comes.
func ackAll(e slack.Envelope) { _ = e.Ack(nil) }
