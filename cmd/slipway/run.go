package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/commands"
	"slipway/integrations/slack"
)

const runUsage = `slipway run is the bot. It takes its settings from the environment (the README lists them), answers people in Slack until
it is told to stop by SIGTERM or an interrupt, and takes webhooks and serves /healthz, /readyz and /metrics on PORT. What it
knows it keeps in the database at DATABASE_URL, or in slipway.db in the working folder.

It exits with 0 when it was told to stop, 2 when the settings are wrong or a token is refused, 1 for anything else.

Examples
  slipway run
  PORT=9090 slipway run
`

// stopWithin is how long after the signal the process ends at the latest. The bot stops its commands after 15 s, and their
// answers are said within moments unless Slack hangs; Heroku kills a dyno after 30 s.
const stopWithin = 20 * time.Second

func run(args []string, out, errs io.Writer) int {
	if status, ended := parseFlags(flag.NewFlagSet("run", flag.ContinueOnError), args, runUsage, out, errs); ended {
		return status
	}
	cfg, err := config.Load()
	if err != nil {
		fmt.Fprintf(errs, "slipway: cannot start with these settings:\n%v\n", err)
		return exitSettings
	}
	log := slog.New(say.NewHandler(slog.NewTextHandler(errs, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err = within(ctx, stopWithin, func() error { return serve(ctx, cfg, log) })
	switch {
	case err == nil:
		log.Info("stopped")
		return exitOK
	case errors.Is(err, errLate):
		log.Warn("stopped with requests unanswered: they took too long", "after", stopWithin)
		return exitOK
	}
	fmt.Fprintln(errs, "slipway:", say.Scrub(err.Error()))
	if isRefused(err) {
		return exitSettings
	}
	return exitFailed
}

// isRefused tells whether an error is that of a token.
func isRefused(err error) bool {
	if _, ok := errors.AsType[*slack.RefusedError](err); ok {
		return true
	}
	_, ok := errors.AsType[*bot.TokenError](err)
	return ok
}

// errLate says that something had not ended in time.
var errLate = errors.New("not ended in time")

// within calls f and gives its error. When f goes on for longer than grace after ctx has ended it is left alone, for the
// process to end with: no hanging far end keeps slipway from stopping.
func within(ctx context.Context, grace time.Duration, f func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- f() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case err := <-ended:
		return err
	case <-late.C:
		return errLate
	}
}

// serve is the bot and its listener; the end of one is the end of the other.
func serve(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	st, err := openStore(ctx, cfg, log)
	if st == nil || err != nil {
		return err
	}
	defer func() {
		if err := st.Close(); err != nil {
			log.Warn("the database was not closed in good order", "error", err)
		}
	}()
	b, err := bot.New(cfg, commands.All(), bot.Outside{
		Store: st, Log: log, Version: version(), Dyno: os.Getenv("DYNO"), App: os.Getenv("HEROKU_APP_NAME"),
	})
	if err != nil {
		return err
	}
	defer b.Close()
	listener, err := listen(cfg.Port)
	if err != nil {
		return err
	}
	log.Info("listening", "address", listener.Addr().String(), "version", version())
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
	parts.Go(func() error {
		select {
		case <-b.Connected():
			log.Info("connected to Slack")
		case <-ctx.Done():
		}
		return nil
	})
	return parts.Wait()
}

// storePatience is how long a webhook may wait for the database; GitHub gives it 10 s. People do not wait so long: see bot.StoreWithin.
const storePatience = 3 * time.Second

// openStore opens the database, and waits for it while it is away: nothing listens until it is there, so that whoever sends
// webhooks keeps them. It gives nothing when it was told to stop meanwhile.
func openStore(ctx context.Context, cfg config.Config, log *slog.Logger) (*store.Store, error) {
	for {
		st, err := store.Open(ctx, store.Options{URL: cfg.DatabaseURL.Reveal(), Path: storeFile, Patience: storePatience, Log: log})
		switch {
		case err == nil:
			return st, nil
		case ctx.Err() != nil:
			return nil, nil
		case !store.Away(err):
			return nil, err
		}
		log.Warn("the database does not answer, it is tried again", "error", err)
		select {
		case <-time.After(2 * time.Second):
		case <-ctx.Done():
		}
	}
}

// storeFile is where everything is kept without DATABASE_URL.
const storeFile = "slipway.db"

// listen opens the port on all addresses, since a platform's router comes from outside.
func listen(port config.Port) (net.Listener, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(int(port))))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use. End what listens there, or set PORT to another", port)
	}
	if err != nil {
		return nil, fmt.Errorf("PORT %d: %w", port, err)
	}
	return listener, nil
}
