package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"slipway/cmd/slipway/internal/checkout"
	"slipway/integrations/django"
)

const undoUsage = `slipway undo says how the Django migrations of a change are taken back: which commands to run, what they undo, what is lost,
and whether the old code works on the new database. It reads a local git checkout, and needs no account and no network.

  slipway undo [-C DIR] [--json] BASE HEAD

  -C DIR   the checkout; otherwise the current folder
  --json   print one JSON object
  BASE     the commit that was live before: a hash, a branch, a tag, HEAD~2
  HEAD     the commit with the change

The exit status is 0 when the commands undo exactly the change, or when it has no migrations; 3 when somebody should look first, and 4
when a migration cannot be undone. It is 2 when the command line is not understood.

Examples
  slipway undo origin/main HEAD
  slipway undo -C ~/penny_university --json v1.4 v1.5
`

// The exit statuses of slipway undo, besides those of the others.
const (
	exitReview     = 3
	exitImpossible = 4
)

func printUndo(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("undo", flag.ContinueOnError)
	dir := flags.String("C", "", "")
	asJSON := flags.Bool("json", false, "")
	revisions, status, ended := parseRevisions(flags, args, out, errs)
	if ended {
		return status
	}
	u, err := undoOf(context.Background(), checkout.Checkout{Dir: *dir}, revisions)
	switch {
	case errors.Is(err, checkout.ErrNoCommit):
		fmt.Fprintf(errs, "slipway undo: %v\n", err)
		return exitSettings
	case err != nil:
		fmt.Fprintf(errs, "slipway undo: %v\n", err)
		return exitFailed
	}
	text := undoText(u)
	if *asJSON {
		b, _ := json.MarshalIndent(u, "", "  ") // it holds nothing but texts and numbers
		text = string(b) + "\n"
	}
	if _, err := io.WriteString(out, text); err != nil {
		fmt.Fprintln(errs, "slipway:", err)
		return exitFailed
	}
	return map[django.Verdict]int{django.Review: exitReview, django.Impossible: exitImpossible}[u.Verdict]
}

// parseRevisions reads the flags and the two revisions, which may stand between them.
func parseRevisions(flags *flag.FlagSet, args []string, out, errs io.Writer) (revisions []string, status int, ended bool) {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	for flags.Parse(args) == nil && flags.NArg() > 0 { // what it does not understand is left for parseFlags
		revisions = append(revisions, flags.Arg(0))
		args = flags.Args()[1:]
	}
	if status, ended := parseFlags(flags, args, undoUsage, out, errs); ended {
		return nil, status, true
	}
	if len(revisions) != 2 {
		fmt.Fprintf(errs, "slipway undo: it takes two commits, the one before the change and the one with it, not %d\n\n%s", len(revisions), undoUsage)
		return nil, exitSettings, true
	}
	return revisions, exitOK, false
}

// undoOf reads the migrations at both commits.
func undoOf(ctx context.Context, c checkout.Checkout, revisions []string) (django.Undo, error) {
	var projects []*django.Project
	for _, revision := range revisions {
		commit, err := c.Commit(ctx, revision)
		if err != nil {
			return django.Undo{}, err
		}
		settings, err := c.Files(ctx, commit, django.IsSettings)
		if err != nil {
			return django.Undo{}, err
		}
		o := django.Options{}.With(settings)
		files, err := c.Files(ctx, commit, o.Wanted)
		if err != nil {
			return django.Undo{}, err
		}
		projects = append(projects, django.Load(files, o))
	}
	return django.Plan(projects[0], projects[1]), nil
}

// verdicts are what to think of an undo.
var verdicts = map[django.Verdict]string{
	django.Exact:      "exact: these commands undo the change and nothing else",
	django.Review:     "look first: below is what differs from just undoing the change",
	django.Impossible: "impossible: a migration cannot be undone",
	django.Nothing:    "no migrations",
}

// oldCode says whether the code alone can go back.
var oldCode = map[django.CodeOnly]string{
	django.Safe:    "works on the new database: the code alone can go back",
	django.Breaks:  "breaks on the new database",
	django.NotSure: "may or may not work on the new database",
}

// undoText is an undo for people.
func undoText(u django.Undo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Undo      %s\n", verdicts[u.Verdict])
	if u.Verdict == django.Nothing {
		return b.String()
	}
	fmt.Fprintf(&b, "Old code  %s\n", oldCode[u.CodeOnly])
	if len(u.Commands) > 0 {
		b.WriteString("\nTo run with the new code, before the code goes back, in this order:\n")
		for _, c := range u.Commands {
			fmt.Fprintf(&b, "  %s\n", c.Line)
		}
		b.WriteString("That undoes, in this order:\n")
		for _, k := range u.Undoes {
			fmt.Fprintf(&b, "  %s\n", k)
		}
	}
	for _, part := range []struct {
		title string
		has   func(django.Kind) bool
	}{
		{"Look at this first", func(k django.Kind) bool { return !k.OfData() && !k.OfOldCode() }},
		{"Data", django.Kind.OfData},
		{"Old code on the new database", django.Kind.OfOldCode},
	} {
		title := "\n" + part.title + "\n"
		for _, f := range u.Findings {
			if part.has(f.Kind) {
				b.WriteString(title + "  " + findingText(f) + "\n")
				title = ""
			}
		}
	}
	return b.String()
}

func findingText(f django.Finding) string {
	where := ""
	if f.Migration != (django.Key{}) {
		where = f.Migration.String()
	}
	if f.Line > 0 && where != "" {
		where += fmt.Sprintf(", line %d", f.Line)
	}
	if f.Operation != "" {
		where += ", " + f.Operation
	}
	if where != "" {
		where += ": "
	}
	return where + f.Why
}
