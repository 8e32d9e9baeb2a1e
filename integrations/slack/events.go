package slack

import (
	"encoding/json"
	"errors"
	"runtime/debug"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// take handles one of slack-go's events. They come in the order in which things happened: all envelopes of a
// connection before the Connecting of the next. slack-go never tells of a disconnect frame; the next Connecting
// is its only trace.
func (l *life) take(e socketmode.Event) {
	switch data := e.Data.(type) {
	case *slackgo.ConnectingEvent:
		l.leave()
		l.attempts++
	case *slackgo.ConnectionErrorEvent:
		l.failed(data)
	case *socketmode.ConnectedEvent:
		l.enter()
	default:
		// Without a connection the client is ending, and some of its events were lost.
		if l.wire != nil {
			l.receive(e)
		}
	}
}

// receive handles what came over the present connection.
func (l *life) receive(e socketmode.Event) {
	switch data := e.Data.(type) {
	case *socketmode.ErrorBadMessage:
		l.bad(data)
	case *slackgo.IncomingEventError:
		l.unreadable(data.ErrorObj)
	default:
		if e.Type == socketmode.EventTypeHello {
			l.hello(e.Request)
			return
		}
		if env, ok := envelopeOf(e); ok {
			l.session.count(func(s *Stats) { s.Envelopes++ })
			l.handle(l.accept(env))
		}
	}
}

func (l *life) hello(r *socketmode.Request) {
	if l.greeted {
		return
	}
	l.greeted = true
	l.hush.Stop()
	now := l.session.hello(r)
	l.socket.greeted.Store(true)
	l.log.Info("Slack said hello", "connections", now.Connections, "others", now.Others, "lifetime", now.Lifetime)
	if l.session.opts.Hello != nil && r.NumConnections > 0 {
		l.session.opts.Hello(now)
	}
}

// failed looks at an attempt that led to no connection.
func (l *life) failed(e *slackgo.ConnectionErrorEvent) {
	l.leave()
	if errors.Is(e.ErrorObj, errParted) {
		return
	}
	l.session.count(func(s *Stats) { s.Failed++ })
	l.session.pace.ended(0)
	if refused := refusedApp(e.ErrorObj); refused != nil {
		l.cancel(refused)
		return
	}
	l.log.Warn("cannot connect to Slack", "attempt", e.Attempt, "err", e.ErrorObj)
	if limited, ok := errors.AsType[*slackgo.RateLimitedError](e.ErrorObj); ok {
		l.session.pace.pause(limited.RetryAfter)
		return
	}
	if e.Backoff > maxBackoff {
		l.cancel(errStartOver)
	}
}

// accept makes the receipt that an envelope is owed.
func (l *life) accept(env Envelope) Envelope {
	env.Received = time.Now()
	env.receipt = &receipt{id: env.ID, received: env.Received, session: l.session, wire: l.wire}
	l.wire.expect()
	return env
}

// handle hands an envelope to the handler.
func (l *life) handle(env Envelope) {
	defer func() {
		if p := recover(); p != nil {
			l.session.count(func(s *Stats) { s.Panics++ })
			l.log.Error("panic in the handler of Slack's envelopes", "delivery", env.ID, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	l.session.opts.Handle(env)
}

// bad sees to a frame that slack-go could not read, and would leave unacknowledged.
func (l *life) bad(e *socketmode.ErrorBadMessage) {
	b := readBadFrame(e.Message)
	if b.kind == socketmode.RequestTypeHello {
		l.hello(b.hello())
		return
	}
	l.session.count(func(s *Stats) { s.BadFrames++ })
	if b.id == "" {
		l.log.Warn("a frame from Slack that cannot be read, without an envelope id", "type", b.kind, "bytes", len(e.Message), "err", e.Cause)
		return
	}
	env, salvaged := b.envelope()
	l.log.Warn("a frame from Slack that cannot be read", "delivery", b.id, "type", b.kind, "salvaged", salvaged, "err", e.Cause)
	if err := l.ackBad(env, salvaged); err != nil {
		l.log.Warn("such a frame could not be acknowledged", "delivery", b.id, "err", err)
		return
	}
	l.session.count(func(s *Stats) { s.BadAcked++ })
}

// ackBad acknowledges a bad frame, through the handler if that takes it. A submitted form is left to the handler
// alone, whose answer may come later and carry what is wrong with it.
func (l *life) ackBad(env Envelope, salvaged bool) error {
	env = l.accept(env)
	if salvaged {
		l.session.count(func(s *Stats) { s.Envelopes++ })
		l.handle(env)
		if env.Interaction != nil && env.Interaction.Type == slackgo.InteractionTypeViewSubmission {
			return nil
		}
	}
	err := env.Ack(nil)
	if errors.Is(err, ErrAcked) {
		return nil
	}
	return err
}

// unreadable counts frames that are not even JSON. Other errors of reading are the end of a connection, and are
// told by what follows.
func (l *life) unreadable(err error) {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	if syntax || kind {
		l.session.count(func(s *Stats) { s.BadFrames++ })
		l.log.Warn("a frame from Slack that is not JSON", "err", err)
	}
}
