package slack

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	defaultAPI     = "https://slack.com/api/"
	defaultSockets = 2
	apiTimeout     = 10 * time.Second
	// drain is the time left to the network between the last acknowledgement and the end of the connections.
	drain    = 200 * time.Millisecond
	maxDrain = time.Second
)

// SessionOptions says how a session connects and who is told.
type SessionOptions struct {
	AppToken string       // xapp-…
	APIURL   string       // with a trailing slash; empty: https://slack.com/api/
	Sockets  int          // connections to keep open; 0: 2. Slack allows an app 10 in all
	HTTP     *http.Client // for apps.connections.open; nil: one with a timeout of 10 s
	// Dial makes the network connections of the sockets; nil: net.Dialer, through HTTPS_PROXY if that is set.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	Log  *slog.Logger // nil: nothing is logged
	// Opening is called before each network connection of a socket is tried, and Ended when that has failed (reached is false)
	// or the connection is closed; once each. Both may be nil. Slack counts a connection at most from the one to the other, and
	// for a while after one that was reached has ended.
	Opening func(ctx context.Context)
	Ended   func(reached bool)
	// Hello is told the counts after each hello that says how many connections there are; nil: nobody is. It must return at once.
	Hello func(Stats)
	// Handle gets every envelope, once per delivery. It is called on the goroutine that reads a socket, so it must
	// return at once: acknowledge, hand over, return. After a panic the session goes on.
	Handle func(Envelope)
}

// Session keeps several Socket Mode connections open at the same time, so that while Slack refreshes one of them
// another takes what people do.
type Session struct {
	opts      SessionOptions
	http      *http.Client
	ownHTTP   bool
	roots     *x509.CertPool // nil: the system's; tests have their own
	log       *slog.Logger
	pace      pace
	connected chan struct{}
	lastRead  atomic.Int64 // Unix nanoseconds; 0: nothing yet

	mu      sync.Mutex
	crew    *crew              // nil unless Run runs
	wires   map[*wire]struct{} // every network connection that is not closed
	ready   []*wire            // of these, those on which Slack can be written to, oldest first
	parked  []parked
	stats   Stats
	lastAck time.Time
	over    bool
}

// NewSession makes a session that does nothing before Run.
func NewSession(opts SessionOptions) *Session {
	s := &Session{opts: opts, http: opts.HTTP, log: opts.Log, connected: make(chan struct{}), wires: map[*wire]struct{}{}}
	if s.opts.APIURL == "" {
		s.opts.APIURL = defaultAPI
	}
	if s.opts.Sockets == 0 {
		s.opts.Sockets = defaultSockets
	}
	if s.opts.Dial == nil {
		s.opts.Dial = dialFromHere
	}
	s.opts.Dial = s.told(s.opts.Dial)
	if s.http == nil {
		s.http = newHTTP()
		s.ownHTTP = true
	}
	s.http = straight(s.http)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// newHTTP is a client of its own: slack-go's default one has no timeout at all.
func newHTTP() *http.Client {
	return &http.Client{Timeout: apiTimeout, Transport: http.DefaultTransport.(*http.Transport).Clone()}
}

// Connected is closed when Slack has said hello for the first time.
func (s *Session) Connected() <-chan struct{} { return s.connected }

// Run keeps the connections open until ctx ends, then gives what was acknowledged last 200 ms to get through and
// returns nil. The only error is a *RefusedError: Slack refuses the token, and trying again would not help. Run may be called once.
func (s *Session) Run(ctx context.Context) error {
	// The sockets outlive ctx for the drain.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	c := newCrew(s, life)
	s.setCrew(c)
	var err error
	select {
	case <-ctx.Done():
		s.drain()
	case err = <-c.refused:
	}
	s.setCrew(nil)
	end()
	c.wait()
	s.close()
	return err
}

// drain waits until the last acknowledgement is 200 ms old. Those of what still comes in count, up to a second.
func (s *Session) drain() {
	for latest := time.Now().Add(maxDrain); ; {
		s.mu.Lock()
		until := s.lastAck.Add(drain)
		s.mu.Unlock()
		wait := min(time.Until(until), time.Until(latest))
		if wait <= 0 {
			return
		}
		time.Sleep(wait)
	}
}

// close ends the wires that lingered.
func (s *Session) close() {
	s.mu.Lock()
	s.over = true
	left := make([]*wire, 0, len(s.wires))
	for w := range s.wires {
		left = append(left, w)
	}
	s.stats.AcksFailed += len(s.parked)
	s.parked = nil
	s.mu.Unlock()
	for _, w := range left {
		w.end()
	}
	if s.ownHTTP {
		s.http.CloseIdleConnections()
	}
}
