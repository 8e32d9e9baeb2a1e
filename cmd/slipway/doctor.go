package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"slipway/bot"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/doctor"
	"slipway/bot/presence"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/slack"
)

const doctorUsage = `slipway doctor looks at the whole set-up, with the environment that slipway run is to have: settings, database, tokens with their
rights and their end, channels, people, webhooks with their last deliveries, slipway's own dyno, and the clock. It prints a line for
each, ok, warning or fault, and beneath it what to do. It changes nothing, and may be run beside the bot.

  --json  one array of objects with level, subject, text and fix
  --post  also post a message into each app's channel, and delete it

It exits with 0 when all is well, 1 when there are warnings, 2 when there are faults.

Examples
  slipway doctor
  slipway doctor --json
  slipway doctor --post
`

func examine(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	inJSON := flags.Bool("json", false, "")
	post := flags.Bool("post", false, "")
	if status, ended := parseFlags(flags, args, doctorUsage, out, errs); ended {
		return status
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	found := findings(ctx, *post)
	var err error
	if *inJSON {
		err = printJSON(found, out)
	} else {
		_, err = io.WriteString(out, report(found))
	}
	if err != nil {
		fmt.Fprintf(errs, "slipway doctor: write: %v\n", err)
		return exitFailed
	}
	return map[doctor.Level]int{doctor.OK: 0, doctor.Warning: 1, doctor.Fault: 2}[doctor.Worst(found)]
}

// findings are those of the environment, and of all that it makes possible to ask.
func findings(ctx context.Context, post bool) (found []doctor.Finding) {
	_, err := config.Load()
	wrong, _ := errors.AsType[config.Faults](err)
	for _, f := range wrong {
		found = append(found, doctor.Finding{Level: doctor.Fault, Subject: f.Variable, Text: say.Scrub(f.Text), Fix: say.Scrub(f.Fix)})
	}
	cfg, err := config.Part() // what can be read of it
	if err != nil {
		return append(found, doctor.Finding{Level: doctor.Fault, Subject: "settings", Text: say.Scrub(err.Error())})
	}
	p := doctor.Patient{Config: cfg, Scopes: bot.Needs(), Dyno: os.Getenv("DYNO"), OwnApp: os.Getenv("HEROKU_APP_NAME"), Post: post}
	fine := func(variables ...string) bool {
		return !slices.ContainsFunc(wrong, func(f config.Fault) bool { return slices.Contains(variables, f.Variable) })
	}
	askSlack(&p, fine)
	defer askDatabase(ctx, &p, fine)()
	for _, err := range []error{askGitHub(&p, fine), askHeroku(&p, fine)} {
		if err != nil {
			found = append(found, doctor.Finding{Level: doctor.Fault, Subject: "settings", Text: say.Scrub(err.Error())})
		}
	}
	looked := slices.DeleteFunc(doctor.New(p).Look(ctx), func(f doctor.Finding) bool { return !fine(f.Subject) }) // it has its fault
	return append(found, looked...)
}

// askSlack makes it possible to ask Slack if its settings are fine.
func askSlack(p *doctor.Patient, fine func(...string) bool) {
	if !fine("SLACK_BOT_TOKEN", "SLACK_API_URL") {
		return
	}
	o := slack.ClientOptions{BotToken: p.Config.SlackBotToken.Reveal(), APIURL: string(p.Config.SlackAPIURL) + "/"}
	p.Slack = slack.NewClient(o)
	if fine("SLACK_APP_TOKEN") {
		p.AppToken = func(ctx context.Context) error { return slack.TryAppToken(ctx, p.Config.SlackAppToken.Reveal(), o) }
	}
}

// askDatabase makes it possible to look at the database, and to find in it which channels the bot knows, and whom it has seen
// beside itself.
func askDatabase(ctx context.Context, p *doctor.Patient, fine func(...string) bool) (done func()) {
	if !fine("DATABASE_URL") {
		return func() {}
	}
	o := store.Options{URL: p.Config.DatabaseURL.Reveal(), Path: storeFile, Patience: storePatience}
	p.Database = func(ctx context.Context) (store.Vitals, error) { return store.Inspect(ctx, o) }
	kept, err := store.OpenToRead(ctx, o)
	if err != nil {
		return func() {} // of which the database's finding tells
	}
	if seen := presence.New(presence.Options{Store: kept, Log: slog.New(slog.DiscardHandler)}); known(seen.Others(ctx)) {
		p.Others = seen.Others // what a running bot has written down
	}
	p.Channels = channels.New(channels.Options{Store: kept, Slack: p.Slack, Log: slog.New(slog.DiscardHandler), Apps: p.Config.Apps})
	return func() { _ = kept.Close() } // nothing was written
}

func known(_ int, known bool) bool { return known }

func askGitHub(p *doctor.Patient, fine func(...string) bool) (err error) {
	if !fine("GITHUB_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WRITE_TOKEN", "GITHUB_API_URL") {
		return nil
	}
	o := p.Config.GitHubReading()
	o.Agent = "slipway/" + version()
	if p.GitHub, err = github.New(o); err != nil || p.Config.GitHubWriteToken.IsZero() {
		return err
	}
	o = p.Config.GitHubWriting()
	o.Agent = "slipway/" + version()
	p.GitHubWrite, err = github.New(o)
	return err
}

func askHeroku(p *doctor.Patient, fine func(...string) bool) (err error) {
	if !fine("HEROKU_API_KEY", "HEROKU_WRITE_API_KEY", "HEROKU_API_URL") {
		return nil
	}
	o := p.Config.HerokuReading()
	o.Agent = "slipway/" + version()
	if p.Heroku, err = heroku.New(o); err != nil || p.Config.HerokuWriteKey.IsZero() {
		return err
	}
	o = p.Config.HerokuWriting()
	o.Agent = "slipway/" + version()
	p.HerokuWrite, err = heroku.New(o)
	return err
}

// report has a line for each finding, and its fix beneath.
func report(found []doctor.Finding) string {
	width := 0
	for _, f := range found {
		width = max(width, utf8.RuneCountInString(f.Subject))
	}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%-8s %-*s  %s\n", f.Level, width, f.Subject, f.Text)
		if f.Fix != "" {
			fmt.Fprintf(&b, "%9s%s\n", "", f.Fix)
		}
	}
	return b.String()
}

func printJSON(found []doctor.Finding, out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(found)
}
