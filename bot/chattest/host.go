package chattest

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"slipway/bot"
	"slipway/bot/audit"
	"slipway/bot/config"
	"slipway/bot/op"
	"slipway/bot/store"
)

// Host runs the bot as a player wants it: started, stopped, killed and started again, each time built anew on the same
// store.
type Host struct {
	Config   config.Config
	Commands []bot.Command
	Dial     Dial
	Listen   func() (net.Listener, error) // where webhooks come to; nil: the bot is not reached
	Path     string                       // of the SQLite file
	Log      *slog.Logger

	away bool    // the database
	now  *life   // nil while no bot runs
	dead []*life // killed ones, whose goroutines may not have noticed yet
}

// life is one bot from its start to its end.
type life struct {
	bot    *bot.Bot
	store  *store.Store
	seam   *seam
	cancel context.CancelFunc
	ended  chan error
	served chan error // nil if nobody listens
}

// connectWithin is how long a start waits for Slack. A bot that was not connected by then goes on trying.
const connectWithin = 10 * time.Second

// errRunning says that Start was called twice.
var errRunning = errors.New("the bot runs already")

// Start begins a new bot. It returns when the bot is connected to Slack, has failed, or has tried for 10 s, as while Slack
// is down.
func (h *Host) Start() error {
	if h.now != nil {
		return errRunning
	}
	l, err := h.build()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel = cancel
	if h.Listen != nil {
		listener, err := h.Listen()
		if err != nil {
			l.ended <- nil // it never ran
			return errors.Join(err, l.end())
		}
		l.served = make(chan error, 1)
		go func() { l.served <- l.bot.Serve(ctx, l.seam.Listener(listener)) }()
	}
	go func() { l.ended <- l.bot.Run(ctx) }()
	h.now = l
	late := time.NewTimer(connectWithin)
	defer late.Stop()
	select {
	case <-l.bot.Connected():
	case <-late.C:
	case err := <-l.ended:
		h.now = nil
		l.ended <- nil
		return errors.Join(cmp.Or(err, errors.New("the bot ended before it was connected")), l.end())
	}
	return nil
}

// build makes a bot on the store as it is left.
func (h *Host) build() (*life, error) {
	l := &life{seam: newSeam(h.Dial), ended: make(chan error, 1)}
	if h.away {
		l.seam.database.Cut()
	}
	var err error
	l.store, err = store.Open(context.Background(), store.Options{
		Path: h.Path, Log: h.Log, Shared: true, Unsafe: true, Connect: l.seam.database.Connect,
	})
	if err != nil {
		return nil, err
	}
	l.bot, err = bot.New(h.Config, h.Commands, bot.Outside{Dial: l.seam.Dial, Store: l.store, Log: h.Log, Version: "test"})
	if err != nil {
		return nil, errors.Join(err, l.store.Close())
	}
	return l, nil
}

// Database lets the bot's database be away, or come back.
func (h *Host) Database(away bool) error {
	h.away = away
	if h.now == nil {
		return nil
	}
	if line := &h.now.seam.database; away {
		line.Cut()
	} else {
		line.Mend()
	}
	return nil
}

// Open is how many operations of the bot have not ended.
func (h *Host) Open() (int, error) {
	if h.now == nil {
		return 0, nil
	}
	return op.New(op.Options{Store: h.now.store}).Open(context.Background())
}

// Audit reads the audit trail of the bot that runs.
func (h *Host) Audit(row func(audit.Row) error) error {
	if h.now == nil {
		return errors.New("the bot does not run")
	}
	_, err := audit.New(h.now.store, h.Log).Verify(context.Background(), audit.Walk{Row: row})
	return err
}

// Stop ends the bot in good order, and waits for what is left of killed ones.
func (h *Host) Stop() error {
	for _, l := range h.dead {
		_ = l.end() // it says only that its connections were cut
	}
	h.dead = nil
	if h.now == nil {
		return nil
	}
	l := h.now
	h.now = nil
	err := l.end()
	even()
	return err
}

// even lets time pass to the next whole tick. A bot ends at a random moment where somebody is still connected to it, since net/http
// looks at random moments whether they are gone; what comes after it is not to come at a random time.
func even() {
	const tick = 10 * time.Millisecond
	if over := time.Duration(time.Now().UnixNano()) % tick; over > 0 {
		time.Sleep(tick - over)
	}
}

func (l *life) end() error {
	l.cancel()
	var err error
	if l.served != nil {
		err = <-l.served
	}
	err = errors.Join(err, <-l.ended)
	l.bot.Close()
	return errors.Join(err, l.store.Close())
}

// Kill ends the bot without warning: all its connections are cut at one instant, so that nothing it does from then on
// reaches anybody. It does not wait for the dying bot, as a killed process is not there to be waited for.
func (h *Host) Kill() error {
	if h.now == nil {
		return nil
	}
	h.now.seam.Cut()
	h.now.cancel()
	h.dead = append(h.dead, h.now)
	h.now = nil
	return nil
}

// Busy is how much the bot has yet to answer, to work and to write.
func (h *Host) Busy() int {
	if h.now == nil {
		return 0
	}
	return h.now.bot.Busy()
}
