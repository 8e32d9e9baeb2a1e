package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os/signal"
	"strconv"
	"syscall"

	"golang.org/x/sync/errgroup"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/say"
	"slipway/commands"
	"slipway/integrations/slack"
)

const runUsage = `slipway run is the bot. It takes its settings from the environment (the README lists them), answers people in Slack until
it is told to stop by SIGTERM or an interrupt, and serves /healthz, /readyz and /metrics on PORT.

It exits with 0 when it was told to stop, 2 when the settings are wrong or a token is refused, 1 for anything else.
`

func run(args []string, errs io.Writer) int {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(errs, runUsage) }
	if status, ended := parseFlags(flags, args, errs); ended {
		return status
	}
	cfg, err := config.Load()
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitSettings
	}
	log := slog.New(say.NewHandler(slog.NewTextHandler(errs, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err = serve(ctx, cfg, log)
	var refused *slack.RefusedError
	var token *bot.TokenError
	switch {
	case err == nil:
		log.Info("stopped")
		return exitOK
	case errors.As(err, &refused):
		fmt.Fprintln(errs, "slipway:", refused)
		return exitSettings
	case errors.As(err, &token):
		fmt.Fprintln(errs, "slipway:", token)
		return exitSettings
	default:
		fmt.Fprintln(errs, "slipway:", say.Scrub(err.Error()))
		return exitFailed
	}
}

// serve is the bot and its listener; the end of one is the end of the other.
func serve(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	b, err := bot.New(cfg, commands.All(), bot.Outside{Log: log, Version: version()})
	if err != nil {
		return err
	}
	defer b.Close()
	listener, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(int(cfg.Port))))
	if err != nil {
		return fmt.Errorf("listen on PORT: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var parts errgroup.Group
	parts.Go(func() error {
		defer stop()
		return b.Serve(ctx, listener)
	})
	parts.Go(func() error {
		defer stop()
		return b.Run(ctx)
	})
	go func() {
		select {
		case <-b.Connected():
			log.Info("connected to Slack", "version", version(), "listening", listener.Addr().String())
		case <-ctx.Done():
		}
	}()
	return parts.Wait()
}
