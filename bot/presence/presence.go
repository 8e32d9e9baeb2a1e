package presence

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"slipway/bot/store"
	"slipway/integrations/slack"
)

const (
	registerWithin = 2 * time.Second  // a connection does not wait longer for the store
	retry          = 2 * time.Second  // after the store was away
	stale          = 30 * time.Second // a hello that could not be compared for so long is worth nothing
	lookWithin     = 20 * time.Second // a connection without a hello by then is let go
)

// Options say what a presence works with.
type Options struct {
	Store *store.Store
	Log   *slog.Logger
}

// Presence is this process among all that hold connections with our app token.
type Presence struct {
	Options
	process string // unlike that of any other; nobody sees it
	count   count
	news    chan struct{}

	mu     sync.Mutex
	latest *hello // that is not compared yet
}

// hello is what Slack said, and what this process held then.
type hello struct {
	at                time.Time
	slack, open, held int
}

// New makes a presence. Its hooks are put into the options of the session before that is made; then it runs beside it.
func New(o Options) *Presence {
	return &Presence{Options: o, process: rand.Text(), news: make(chan struct{}, 1)}
}

// Hook has a session tell of its connections.
func (p *Presence) Hook(o *slack.SessionOptions) {
	o.Opening, o.Ended, o.Hello = p.opening, p.ended, p.hello
}

// opening writes a connection down before it is tried. While the store is away it is tried all the same: people are told that
// slipway cannot do much, rather than nothing.
func (p *Presence) opening(ctx context.Context) {
	p.count.opening()
	ctx, cancel := context.WithTimeout(ctx, registerWithin)
	defer cancel()
	err := p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		return p.write(ctx, tx, now, -1)
	})
	if err != nil {
		p.nudge()
	}
}

func (p *Presence) ended(reached bool) {
	p.count.ended(reached)
	p.nudge()
}

func (p *Presence) hello(s slack.Stats) {
	p.mu.Lock()
	p.latest = &hello{at: time.Now(), slack: s.Connections, open: s.Open, held: p.count.held()}
	p.mu.Unlock()
	p.nudge()
}

func (p *Presence) nudge() {
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// Run writes down what this process holds, compares what Slack says, and looks when it is time to, until ctx ends. It runs beside the
// session, and ends before the store is closed.
func (p *Presence) Run(ctx context.Context, session *slack.Session) {
	w := watch{Presence: p, session: session, well: true}
	timer := time.NewTimer(beat)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			p.leave(ctx)
			return
		case <-p.news:
		case <-timer.C:
		}
		timer.Reset(w.round(ctx))
	}
}

// leave says that nothing is open here any more. What Slack may still count stays written down until it is old.
func (p *Presence) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), registerWithin)
	defer cancel()
	_ = p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		return p.write(ctx, tx, now, 0)
	}) // else it shows in time
}
