package slack

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	// pingInterval is what slack-go waits for Slack's pings: a half-open socket is noticed after 30 to 60 s.
	pingInterval = 30 * time.Second
	// maxBackoff is the longest pause after failures that slack-go is allowed; by itself it goes up to 5 min.
	maxBackoff = 10 * time.Second
	// helloWithin is the patience with a connection on which Slack never says hello: it stands, and is deaf.
	helloWithin = 15 * time.Second
)

// errStartOver ends a life whose slack-go client has backed off too far. The next one begins afresh, within the pace.
var errStartOver = errors.New("backed off for too long")

// socket is one of the connections that a session keeps open.
type socket struct {
	session *Session
	log     *slog.Logger
	crew    *crew
	parting chan struct{} // closed when it is to end for good
	greeted atomic.Bool   // Slack has said hello, and the connection is not left
	extra   bool          // it ends with its first connection; guarded by the crew's lock
}

// run returns when ctx ends or the socket has parted (nil), or when the token is refused.
func (k *socket) run(ctx context.Context) error {
	for {
		err := k.live(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if refused, ok := errors.AsType[*RefusedError](err); ok {
			return refused
		}
		if errors.Is(err, errParted) || k.crew.release(k) {
			return nil
		}
		k.log.Warn("the Slack socket starts over", "err", err)
	}
}

// life is one slack-go client from its start to its end.
type life struct {
	session *Session
	socket  *socket
	log     *slog.Logger
	cancel  context.CancelCauseFunc

	opens atomic.Int64 // calls of apps.connections.open, counted as slack-go makes them

	mu      sync.Mutex
	dialled map[int64]*wire // by the number of their open

	// What follows belongs to the goroutine that reads the client's events.
	attempts int64 // Connecting events seen: each is followed by one open
	wire     *wire // of the present connection; nil while there is none
	since    time.Time
	greeted  bool
	hush     *time.Timer // ends a wire without a hello
}

// live runs one life. It always returns an error, which says why the life ended.
func (k *socket) live(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	l := &life{session: k.session, socket: k, log: k.log, cancel: cancel, dialled: map[int64]*wire{}}
	s := k.session
	// Never slack.OptionDebug: it shortens connections to 360 s, and prints what people write.
	api := slackgo.New("",
		slackgo.OptionAppLevelToken(s.opts.AppToken),
		slackgo.OptionAPIURL(s.opts.APIURL),
		slackgo.OptionHTTPClient(&opener{http: s.http, pace: &s.pace, life: l}))
	client := socketmode.New(api,
		socketmode.OptionPingInterval(pingInterval),
		socketmode.OptionDialer(dialer(plainDial(s.opts.APIURL, s.opts.Dial), s.opts.Dial, s.roots, l.dialledTo)))
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	err := l.follow(client.Events, ended)
	l.leave()
	l.endDialled()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return s.verdict(err)
}

// follow takes the client's events until it has ended, and then those that were left.
func (l *life) follow(events <-chan socketmode.Event, ended <-chan error) error {
	parting := l.socket.parting
	for {
		select {
		case <-parting:
			parting = nil
			l.part()
		case e := <-events:
			l.take(e)
		case err := <-ended:
			for len(events) > 0 {
				l.take(<-events)
			}
			return err
		}
	}
}

// opening counts an open. slack-go opens, dials, and only then opens again. It tells whether another connection is wanted, and
// ends the life otherwise: all that came over the last one is on its way already.
func (l *life) opening() bool {
	again := l.opens.Add(1) > 1
	if l.socket.parts() || again && l.socket.crew.release(l.socket) {
		l.cancel(errParted)
		return false
	}
	return true
}

// dialledTo puts a wire over a connection that slack-go has just made.
func (l *life) dialledTo(c net.Conn) net.Conn {
	w := l.session.newWire(c)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dialled[l.opens.Load()] = w
	return w
}

// takeWire gives the wire that was dialled in the present attempt; nil if there is none.
func (l *life) takeWire() *wire {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.dialled[l.attempts]
	delete(l.dialled, l.attempts)
	return w
}

// endDialled ends what slack-go did not get to tell of before it ended.
func (l *life) endDialled() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.dialled {
		w.end()
	}
}

// enter begins a connection.
func (l *life) enter() {
	w := l.takeWire()
	if w == nil { // the client is ending, and events get lost
		return
	}
	l.wire = w
	l.since = time.Now()
	l.greeted = false
	l.hush = time.AfterFunc(helloWithin, w.end)
	l.session.opened(w)
}

// part ends the life: at once without a connection, else when Slack has answered the goodbye and all that it sent before is
// handed over, when slack-go wants to open again.
func (l *life) part() {
	if l.wire == nil {
		l.cancel(errParted)
		return
	}
	l.wire.part()
}

// leave ends the present connection, if there is one, and what the present attempt has dialled.
func (l *life) leave() {
	if w := l.takeWire(); w != nil {
		w.end()
	}
	if l.wire == nil {
		return
	}
	l.hush.Stop()
	l.socket.greeted.Store(false)
	var lived time.Duration
	if l.greeted {
		lived = time.Since(l.since)
	}
	ours := l.socket.parts() // which says nothing about Slack
	if !ours {
		l.session.pace.ended(lived)
	}
	l.session.count(func(s *Stats) {
		s.Lost++
		if lived < youngDeath && !ours {
			s.Young++
		}
		if l.greeted {
			s.Open--
		}
	})
	l.log.Info("a Slack socket ended", "lived", lived)
	l.wire.retire()
	l.wire = nil
}
