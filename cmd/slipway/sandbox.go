package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"slipway/cmd/slipway/internal/sandbox"
)

const sandboxUsage = `slipway sandbox starts the bot in a simulated world: a small team, its Slack, its GitHub repository and its Heroku app, all
on this machine, where a two-minute job takes two seconds. It needs no account and calls nothing outside.

In a terminal, type as one of the team:
  alice> /deploy status
  !merge 46
  !wait
With lines on standard input it plays them and prints the transcript; with no input it plays a tour.

  --world NAME   default, two-files (two workflow files of one name) or pair (two apps)
  --port N       a page on N, Slack's API on N+1 (/api/), GitHub's on N+2, Heroku's on N+3; keeps running until interrupted
  --no-bot       only the simulated world: prints the environment for "slipway run"; keeps running until interrupted
  --deliver-to URL
                 GitHub and Heroku send webhooks there, to /webhooks/github and /webhooks/heroku below it; an address on this
                 machine only. While Heroku's are not taken, !wait waits for them
  --secret S     signs the webhooks, in place of s3cret

Examples
  slipway sandbox
  echo 'alice> /deploy history' | slipway sandbox --world two-files
  slipway sandbox --port 4000
  slipway sandbox --no-bot
  slipway sandbox --deliver-to http://127.0.0.1:8080 --no-bot
`

func playSandbox(args []string, in *os.File, out, errs io.Writer) int {
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	o := sandbox.Options{In: in, Out: out, Errs: errs}
	flags.StringVar(&o.World, "world", "default", "")
	flags.IntVar(&o.Port, "port", 0, "")
	flags.BoolVar(&o.NoBot, "no-bot", false, "")
	flags.StringVar(&o.DeliverTo, "deliver-to", "", "")
	flags.StringVar(&o.Secret, "secret", "", "")
	if status, ended := parseFlags(flags, args, sandboxUsage, out, errs); ended {
		return status
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := sandbox.Run(ctx, o)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(errs, "slipway:", err)
	if _, ok := errors.AsType[*sandbox.OptionError](err); ok {
		return exitSettings
	}
	return exitFailed
}
