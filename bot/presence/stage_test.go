package presence_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/presence"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

const (
	simAddr = "slack.test:80"
	alice   = "U1"
	deploys = "C1"
)

// logged is a log that can be read while it is written.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), text)
}

// What is logged when somebody else is there, and when not any more.
const (
	alarm = "Somebody else is connected to Slack"
	calm  = "Nobody else is connected to Slack"
)

// stage is a simulated Slack and a database file, for processes of ours and others.
type stage struct {
	*slacksim.Server
	t     *testing.T
	net   memnet.Network
	path  string
	log   logged
	alive []*process // those that run
	dead  []*process // killed ones
}

func onStage(t *testing.T, o slacksim.Options, test func(t *testing.T, s *stage)) {
	t.Helper()
	path := storetest.File(t)
	synctest.Test(t, func(t *testing.T) {
		o.URL = "http://" + simAddr
		o.NoLimits = true
		s := &stage{Server: slacksim.New(o), t: t, path: path}
		s.AddUser(slacksim.User{ID: alice, Name: "alice"})
		s.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", Members: []string{alice}, BotIn: true})
		l, err := s.net.Listen(simAddr)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: s.Server, ReadHeaderTimeout: time.Minute}
		served := make(chan struct{})
		go func() { defer close(served); _ = server.Serve(l) }()
		defer func() {
			s.close()
			if err := server.Shutdown(context.Background()); err != nil {
				t.Error(err)
			}
			<-served
		}()
		test(t, s)
	})
}

// close ends all processes, then Slack.
func (s *stage) close() {
	for len(s.alive) > 0 {
		s.alive[0].stop()
	}
	for _, p := range s.dead {
		p.bury()
	}
	s.Close()
	if s.t.Failed() {
		s.t.Logf("the log:\n%s", s.log.buf.String())
	}
}

// process is one of ours, or somebody else's: that has no presence and no store.
type process struct {
	*presence.Presence
	s       *stage
	session *slack.Session
	store   *store.Store
	line    storetest.Cable
	http    *http.Transport
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	cut   bool
	acked int
}

// start begins one of our processes.
func (s *stage) start() *process {
	s.t.Helper()
	p := &process{s: s}
	var err error
	p.store, err = store.Open(s.t.Context(), store.Options{Path: s.path, Shared: true, Unsafe: true, Connect: p.line.Connect})
	if err != nil {
		s.t.Fatal(err)
	}
	p.Presence = presence.New(presence.Options{Store: p.store, Log: slog.New(slog.NewTextHandler(&s.log, nil))})
	p.run(func(e slack.Envelope) { p.ack(e) })
	s.alive = append(s.alive, p)
	return p
}

// foreign begins somebody else's process, which takes commands and acknowledges none.
func (s *stage) foreign(sockets int) *process {
	p := &process{s: s}
	p.run(func(slack.Envelope) {}, func(o *slack.SessionOptions) { o.Sockets = sockets })
	s.dead = append(s.dead, p)
	return p
}

func (p *process) run(handle func(slack.Envelope), change ...func(*slack.SessionOptions)) {
	p.http = &http.Transport{DialContext: p.dial}
	opts := slack.SessionOptions{
		AppToken: p.s.AppToken(), APIURL: "http://" + simAddr + "/api/", Dial: p.dial, Handle: handle,
		HTTP: &http.Client{Transport: p.http, Timeout: 10 * time.Second},
	}
	if p.Presence != nil {
		p.Hook(&opts)
	}
	for _, f := range change {
		f(&opts)
	}
	p.session = slack.NewSession(opts)
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.running.Go(func() { _ = p.session.Run(ctx) })
	if p.Presence != nil {
		p.running.Go(func() { p.Run(ctx, p.session) })
	}
}

func (p *process) ack(e slack.Envelope) {
	if e.Ack(nil) == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.acked++
	}
}

func (p *process) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	p.mu.Lock()
	cut := p.cut
	p.mu.Unlock()
	if cut {
		return nil, syscall.ECONNREFUSED
	}
	c, err := p.s.net.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut {
		return nil, errors.Join(syscall.ECONNREFUSED, c.Close())
	}
	p.conns = append(p.conns, c)
	return c, nil
}

// stop ends a process in good order.
func (p *process) stop() {
	p.gone()
	p.bury()
}

// kill ends a process as kill -9 does: nothing that it does from then on reaches anybody.
func (p *process) kill() {
	p.mu.Lock()
	p.cut = true
	conns := p.conns
	p.mu.Unlock()
	p.line.Cut()
	for _, c := range conns {
		_ = c.Close()
	}
	p.cancel()
	p.gone()
	p.s.dead = append(p.s.dead, p)
}

// gone takes it out of those that run.
func (p *process) gone() {
	for i, q := range p.s.alive {
		if q == p {
			p.s.alive = append(p.s.alive[:i:i], p.s.alive[i+1:]...)
			return
		}
	}
}

// bury waits until nothing of a process is left. It may be called twice.
func (p *process) bury() {
	p.cancel()
	p.running.Wait()
	p.http.CloseIdleConnections()
	if p.store != nil {
		_ = p.store.Close() // a killed one cannot say goodbye
	}
}

// others is what all processes that run know.
func (s *stage) others() int {
	s.t.Helper()
	n, known := s.alive[0].Others(s.t.Context())
	if !known {
		s.t.Fatal("nothing is known")
	}
	return n
}

// within waits until what is known is as wanted, and fails after a while.
func (s *stage) within(d time.Duration, want int) time.Duration {
	s.t.Helper()
	for begun := time.Now(); ; time.Sleep(time.Second) {
		took := time.Since(begun)
		if s.others() == want {
			return took
		}
		if took > d {
			s.t.Fatalf("after %v others are %d, want %d", took, s.others(), want)
		}
	}
}

// never fails if somebody else was ever known.
func (s *stage) never() {
	s.t.Helper()
	if n := s.log.count(alarm); n != 0 {
		s.t.Errorf("%d false alarms", n)
	}
}

func (s *stage) command() *slacksim.Delivery {
	s.t.Helper()
	d, err := s.Command(alice, deploys, "/deploy", "status")
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}
