package main

import (
	"flag"
	"fmt"
	"io"

	"slipway/bot"
	"slipway/commands"
)

const manifestUsage = `slipway manifest prints the manifest of the Slack app as JSON on standard output, with exactly the scopes, events and
slash commands that this version uses; and on standard error the link that creates the app from it.

Examples
  slipway manifest
  slipway manifest > manifest.json
`

func printManifest(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("manifest", flag.ContinueOnError)
	if status, ended := parseFlags(flags, args, manifestUsage, out, errs); ended {
		return status
	}
	manifest := bot.Manifest(commands.All())
	if _, err := out.Write(manifest); err != nil {
		fmt.Fprintln(errs, "slipway:", err)
		return exitFailed
	}
	fmt.Fprintf(errs, "Create the app with this link:\n%s\n"+
		"Then make an app-level token with the scope connections:write under Basic Information, and install the app.\n", bot.ManifestLink(manifest))
	return exitOK
}
