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

	bot    *bot.Bot
	seam   *seam
	cancel context.CancelFunc
	ended  chan error
}

// errRunning says that Start was called twice.
var errRunning = errors.New("the bot runs already")

// Start begins a new bot and returns when it is connected to Slack, or has failed.
func (h *Host) Start() error {
	if h.bot != nil {
		return errRunning
	}
	h.seam = newSeam(h.Dial)
	b, err := bot.New(h.Config, h.Commands, bot.Outside{Dial: h.seam.Dial, Log: h.Log, Version: "test"})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.bot, h.cancel, h.ended = b, cancel, make(chan error, 1)
	go func() { h.ended <- b.Run(ctx) }()
	select {
	case <-b.Connected():
		return nil
	case err := <-h.ended:
		h.bot = nil
		cancel()
		if err == nil {
			err = errors.New("the bot ended before it was connected")
		}
		return err
	case <-time.After(30 * time.Second):
		return errors.Join(errors.New("the bot did not connect within 30 s"), h.Stop())
	}
}

// Stop ends the bot in good order.
func (h *Host) Stop() error {
	if h.bot == nil {
		return nil
	}
	h.cancel()
	err := <-h.ended
	h.bot.Close()
	h.bot = nil
	return err
}

// Kill ends the bot without warning: its connections are cut before it knows.
func (h *Host) Kill() error {
	if h.bot == nil {
		return nil
	}
	h.seam.Cut()
	return h.Stop()
}

// Busy is the number of requests that the bot has not answered.
func (h *Host) Busy() int {
	if h.bot == nil {
		return 0
	}
	return h.bot.Busy()
}
