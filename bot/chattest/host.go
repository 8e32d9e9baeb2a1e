package chattest

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"slipway/bot"
	"slipway/bot/config"
)

// Host runs the bot as a player wants it: started, stopped, killed and started again, each time built anew.
type Host struct {
	Config   config.Config
	Commands []bot.Command
	Dial     Dial
	Log      *slog.Logger

	now  *life   // nil while no bot runs
	dead []*life // killed ones, whose goroutines may not have noticed yet
}

// life is one bot from its start to its end.
type life struct {
	bot    *bot.Bot
	seam   *seam
	cancel context.CancelFunc
	ended  chan error
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
	seam := newSeam(h.Dial)
	b, err := bot.New(h.Config, h.Commands, bot.Outside{Dial: seam.Dial, Log: h.Log, Version: "test"})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.now = &life{bot: b, seam: seam, cancel: cancel, ended: make(chan error, 1)}
	go func(l *life) { l.ended <- l.bot.Run(ctx) }(h.now)
	late := time.NewTimer(connectWithin)
	defer late.Stop()
	select {
	case <-b.Connected():
	case <-late.C:
	case err := <-h.now.ended:
		cancel()
		b.Close()
		h.now = nil
		if err == nil {
			err = errors.New("the bot ended before it was connected")
		}
		return err
	}
	return nil
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
	return l.end()
}

func (l *life) end() error {
	l.cancel()
	err := <-l.ended
	l.bot.Close()
	return err
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

// Busy is the number of requests that the bot has not answered.
func (h *Host) Busy() int {
	if h.now == nil {
		return 0
	}
	return h.now.bot.Busy()
}
