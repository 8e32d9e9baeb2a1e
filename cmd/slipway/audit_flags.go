package main

import (
	"errors"
	"flag"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"slipway/bot/audit"
	"slipway/bot/say"
)

// auditFlags are the flags as they were typed.
type auditFlags struct {
	app, operation, since, head string
	json, csv                   bool
}

func (f *auditFlags) define(flags *flag.FlagSet) {
	flags.StringVar(&f.app, "app", "", "")
	flags.StringVar(&f.operation, "operation", "", "")
	flags.StringVar(&f.since, "since", "", "")
	flags.StringVar(&f.head, "head", "", "")
	flags.BoolVar(&f.json, "json", false, "")
	flags.BoolVar(&f.csv, "csv", false, "")
}

// auditFormat is how rows are printed.
type auditFormat int

const (
	asText auditFormat = iota
	asJSON
	asCSV
)

// auditOptions are the flags, understood.
type auditOptions struct {
	app, operation string    // "" for all
	since          time.Time // the zero time for all
	format         auditFormat
	known          []audit.Head
}

func (f *auditFlags) read(now time.Time) (auditOptions, error) {
	o := auditOptions{app: strings.ToLower(strings.TrimSpace(f.app)), operation: strings.TrimSpace(f.operation)}
	switch {
	case f.json && f.csv:
		return o, errors.New("--json and --csv: choose one")
	case f.json:
		o.format = asJSON
	case f.csv:
		o.format = asCSV
	}
	if f.since != "" {
		var err error
		if o.since, err = parseSince(now, f.since); err != nil {
			return o, fmt.Errorf("--since: %w", err)
		}
	}
	if f.head != "" {
		head, err := audit.ParseHead(f.head)
		if err != nil {
			return o, fmt.Errorf("--head: %w", err)
		}
		o.known = []audit.Head{head}
	}
	return o, nil
}

var days = regexp.MustCompile(`^[0-9]{1,6}d$`)

// parseSince reads how long ago something was, or a day in UTC.
func parseSince(now time.Time, text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	var at time.Time
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		at = day
	} else if at, err = before(now, text); err != nil {
		return time.Time{}, err
	}
	if at.After(now) {
		return time.Time{}, fmt.Errorf("%q is yet to come", say.Cut(text, 40))
	}
	return at, nil
}

// before gives the time that is as long before now as a text says.
func before(now time.Time, text string) (time.Time, error) {
	if days.MatchString(text) {
		n, _ := strconv.Atoi(strings.TrimSuffix(text, "d"))
		return now.AddDate(0, 0, -n), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return time.Time{}, fmt.Errorf("%q is neither a time that has passed, such as 90m, 24h or 7d, nor a day, such as 2026-11-01", say.Cut(say.Scrub(text), 40))
	}
	return now.Add(-d), nil
}

// filters tells whether less than all was asked for.
func (o auditOptions) filters() bool { return o.app != "" || o.operation != "" || !o.since.IsZero() }

func (o auditOptions) wants(r audit.Row) bool {
	return (o.app == "" || o.app == r.App) && (o.operation == "" || o.operation == r.Operation) && !r.At.Before(o.since)
}

func (o auditOptions) knownWords() string {
	if len(o.known) == 0 {
		return ""
	}
	return fmt.Sprintf("; row %d is the one that was logged", o.known[0].Seq)
}
