package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/signal"
	"strings"
	"syscall"

	"slipway/bot/config"
	"slipway/bot/say"
	"slipway/cmd/slipway/internal/hooks"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

const hooksUsage = `slipway hooks shows the webhooks by which GitHub and Heroku tell the bot what happens, with their last deliveries. With --to
it makes them: it creates those that are missing, repairs those that are not as they are to be, and leaves alone what is right,
so that it can be run again and again. It takes APPS from the environment, and as whom to ask: GITHUB_WRITE_TOKEN and
HEROKU_WRITE_API_KEY if they are set, else GITHUB_TOKEN (or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY) and HEROKU_API_KEY. At
GitHub it needs the permission Webhooks (read and write), at Heroku the scopes read and write; the bot itself needs neither for this.

Deliveries are signed with GITHUB_WEBHOOK_SECRET and HEROKU_WEBHOOK_SECRET, the first of several with commas between. When one
of them is not set, every webhook of its sender gets a fresh secret, which is printed once.

  --to URL     where the bot is reached: https://bot.example.com; /webhooks/github and /webhooks/heroku are put behind it
  --app NAME   only this app and its repository
  --dry-run    say what would be done, and do nothing
  --secrets    write the secrets into the webhooks again, as after changing them: what a webhook has cannot be read

It exits with 0 when all is as it is to be, 2 when the settings are wrong or a token is refused, 1 for anything else.

Examples
  slipway hooks
  slipway hooks --to https://bot.example.com --dry-run
  slipway hooks --to https://bot.example.com --app penny-university
`

func manageHooks(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("hooks", flag.ContinueOnError)
	o := hooks.Options{Out: out}
	flags.StringVar(&o.To, "to", "", "")
	app := flags.String("app", "", "")
	flags.BoolVar(&o.DryRun, "dry-run", false, "")
	flags.BoolVar(&o.Secrets, "secrets", false, "")
	if status, ended := parseFlags(flags, args, hooksUsage, out, errs); ended {
		return status
	}
	to, err := botAddress(o.To)
	if err != nil {
		fmt.Fprintf(errs, "slipway hooks: --to: %v\n", err)
		return exitSettings
	}
	o.To = to
	if err := errors.Join(forHooks(&o), only(&o, *app)); err != nil {
		fmt.Fprintf(errs, "slipway hooks: cannot start with these settings:\n%s\n", say.Scrub(err.Error()))
		return exitSettings
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	return hooksEnded(hooks.Run(ctx, o), errs)
}

// hooksEnded tells what failed, and gives the exit status.
func hooksEnded(err error, errs io.Writer) int {
	if err == nil {
		return exitOK
	}
	for line := range strings.Lines(say.Scrub(err.Error())) {
		fmt.Fprintf(errs, "slipway: %s\n", strings.TrimSuffix(line, "\n"))
	}
	if failed, ok := errors.AsType[hooks.Failures](err); ok && failed.Refused() {
		return exitSettings
	}
	return exitFailed
}

// botAddress checks where the bot is said to be reached, and takes the slashes at its end away.
func botAddress(to string) (string, error) {
	if to == "" {
		return "", nil
	}
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return "", errors.New("it is no address; write it like https://bot.example.com")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("it holds more than an address; write it like https://bot.example.com")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "", errors.New("what is sent over http can be read on its way; use https")
	case strings.Contains(u.Path, "/webhooks/"):
		return "", errors.New("leave out the path: /webhooks/github and /webhooks/heroku are put behind it")
	}
	return strings.TrimRight(to, "/"), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// hooksNeed are the variables that this is about. Slack's have no part in it.
var hooksNeed = []string{
	"GITHUB_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WRITE_TOKEN", "HEROKU_API_KEY", "HEROKU_WRITE_API_KEY", "APPS",
	"GITHUB_WEBHOOK_SECRET", "HEROKU_WEBHOOK_SECRET", "GITHUB_API_URL", "HEROKU_API_URL",
}

// forHooks reads as much of the environment as this subcommand needs. All its faults are told at once.
func forHooks(o *hooks.Options) error {
	cfg, err := config.Part(hooksNeed...)
	if err != nil {
		return err
	}
	o.Apps = cfg.Apps
	// Those of several are there while the secret is changed; webhooks get the newest.
	o.GitHubSecret, o.HerokuSecret = cfg.GitHubSecrets.First(), cfg.HerokuSecrets.First()
	_, o.GitHubVariable = cfg.GitHubVariables()
	_, o.HerokuVariable = cfg.HerokuVariables()
	hub, platform := cfg.GitHubWriting(), cfg.HerokuWriting()
	hub.Agent = "slipway/" + version()
	platform.Agent = hub.Agent
	if o.GitHub, err = github.New(hub); err != nil {
		return err
	}
	o.Heroku, err = heroku.New(platform)
	return err
}

// only leaves out all apps but the one that is named.
func only(o *hooks.Options, name string) error {
	if name == "" || len(o.Apps) == 0 { // which is a fault of its own
		return nil
	}
	var names []string
	for _, app := range o.Apps {
		if app.Name == name {
			o.Apps, o.Fewer = []config.App{app}, len(o.Apps) > 1
			return nil
		}
		names = append(names, app.Name)
	}
	return fmt.Errorf("--app: APPS has no %q; it has %s", name, strings.Join(names, ", "))
}
