package main

import (
	"context"
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
	"time"

	"slipway/bot/audit"
	"slipway/bot/config"
	"slipway/bot/say"
	"slipway/bot/store"
)

const auditUsage = `slipway audit prints the audit trail, oldest first: who asked for what, what they were shown and confirmed, what was done, and what
came of it. It reads all of the trail, also what it does not print, and then says whether the chain is whole: that no row was
changed, taken away, put in or moved. It takes DATABASE_URL from the environment, or else reads slipway.db in the working folder,
also while the bot runs. It changes nothing.

The head of the chain is in the bot's log, written there at each start and each day ("the audit trail is whole"). Who can write
into the database could write the whole chain anew, but not the log: --head tells whether a row that was logged is still there.

  --app NAME       only what is about this app
  --operation ID   only what belongs to this operation
  --since WHEN     only what is newer than 90m, 24h or 7d, or of 2026-11-01 (UTC) and later
  --json           one JSON object a line, with times in UTC
  --csv            for spreadsheets, with a line of titles
  --head SEQ:HASH  a head from the log, that must be in the chain

With --json and --csv what is said of the chain goes to stderr. It exits with 0 when the chain is whole, 1 when it is broken or cannot be
read, 2 when flags or settings are wrong.

Examples
  slipway audit
  slipway audit --app penny-university --since 24h --json
  slipway audit --since 2026-11-01 --csv > audit.csv
`

func printAudit(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	var typed auditFlags
	typed.define(flags)
	if status, ended := parseFlags(flags, args, auditUsage, out, errs); ended {
		return status
	}
	o, err := typed.read(time.Now())
	if err != nil {
		fmt.Fprintf(errs, "slipway audit: %v\n", err)
		return exitSettings
	}
	url, err := databaseURL()
	if err != nil {
		fmt.Fprintf(errs, "slipway audit: cannot start with these settings:\n%s\n", say.Scrub(err.Error()))
		return exitSettings
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	st, err := store.OpenToRead(ctx, store.Options{URL: url.Reveal(), Path: storeFile, Patience: storePatience})
	if err != nil {
		return noTrail(err, errs)
	}
	defer func() { _ = st.Close() }() // nothing was written
	return readAudit(ctx, audit.New(st, slog.New(slog.DiscardHandler)), o, out, errs)
}

// noTrail tells why there is no trail to read.
func noTrail(err error, errs io.Writer) int {
	status := exitFailed
	text := say.Scrub(err.Error())
	switch {
	case errors.Is(err, os.ErrNotExist):
		text, status = "there is no "+storeFile+" in this folder, and DATABASE_URL is not set: go to the folder in which slipway run is started, "+
			"or set DATABASE_URL as it is set there", exitSettings
	case errors.Is(err, store.ErrOther):
		status = exitSettings
	}
	fmt.Fprintln(errs, "slipway audit:", text)
	return status
}

// readAudit prints the rows that were asked for and what there is to say of the chain.
func readAudit(ctx context.Context, trail *audit.Trail, o auditOptions, out, errs io.Writer) int {
	p := newAuditPrinter(o, out)
	head, err := trail.Verify(ctx, audit.Walk{Known: o.known, Row: p.row})
	var broken *audit.Broken
	if err != nil && !errors.As(err, &broken) {
		fmt.Fprintf(errs, "slipway audit: %s\n", say.Scrub(err.Error()))
		return exitFailed
	}
	if err := p.end(); err != nil {
		fmt.Fprintf(errs, "slipway audit: write: %v\n", err)
		return exitFailed
	}
	verdict := out
	if o.format != asText {
		verdict = errs
	}
	if p.printed == 0 && o.filters() && head.Seq > 0 {
		fmt.Fprintln(verdict, p.nothing())
	}
	if broken != nil {
		fmt.Fprintf(verdict, "chain is broken: %s. What stands from row %d on cannot be trusted; the head is %s\n", broken.Text, broken.Seq, printable(head.String()))
		return exitFailed
	}
	fmt.Fprintf(verdict, "chain of %s is whole, head %s%s\n", say.Count(int(head.Seq), "row", "rows"), head, o.knownWords())
	return exitOK
}

// databaseURL reads the one variable that is needed here, as the bot would.
func databaseURL() (config.Secret, error) {
	const variable = "DATABASE_URL"
	_, err := config.Load()
	if faults, ok := errors.AsType[config.Faults](err); ok {
		faults = slices.DeleteFunc(faults, func(f config.Fault) bool { return f.Variable != variable })
		if len(faults) > 0 {
			return config.Secret{}, faults
		}
	}
	return config.NewSecret(strings.TrimSpace(os.Getenv(variable))), nil
}
