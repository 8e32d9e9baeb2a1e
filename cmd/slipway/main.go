// Command slipway is a Slack bot for a team that merges on GitHub, tests in GitHub Actions and runs on Heroku.
//
// It is apart from the packages that do the work: main is one small file per subcommand, each of which puts them together
// and turns what comes back into an exit status.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// The exit statuses. Settings and refused tokens have their own, because a restart does not mend them.
const (
	exitOK       = 0
	exitFailed   = 1
	exitSettings = 2
)

const usage = `slipway: every merge ships with its undo

  slipway run        be the bot; the environment says where and as whom
  slipway sandbox    try it: the bot and simulated Slack, GitHub and Heroku, with no account
  slipway manifest   print the Slack app's manifest and the link that creates the app
  slipway --version  print the version
  slipway --help     print this

Examples
  slipway sandbox
  printf 'alice> /deploy status\n!merge 46\n!wait\nalice> /deploy status\n' | slipway sandbox
  slipway sandbox --port 4000 --no-bot
  slipway manifest > manifest.json
  slipway run

slipway COMMAND --help says more.
`

func main() { os.Exit(slipway(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// slipway runs a subcommand and gives the exit status.
func slipway(args []string, in *os.File, out, errs io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(errs, usage)
		return exitSettings
	}
	switch args[0] {
	case "run":
		return run(args[1:], errs)
	case "sandbox":
		return playSandbox(args[1:], in, out, errs)
	case "manifest":
		return printManifest(args[1:], out, errs)
	case "--version", "-version", "version":
		fmt.Fprintln(out, "slipway", version())
		return exitOK
	case "--help", "-help", "-h", "help":
		fmt.Fprint(out, usage)
		return exitOK
	}
	fmt.Fprintf(errs, "slipway: there is no command %q\n\n%s", args[0], usage)
	return exitSettings
}

// version is the module's, or the commit that it was built from, or "devel".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}

// parseFlags reads a subcommand's flags. What is not understood has been explained on errs; the status is what to exit
// with then, and whether to.
func parseFlags(flags *flag.FlagSet, args []string, errs io.Writer) (status int, ended bool) {
	flags.SetOutput(errs)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK, true
	case err != nil:
		return exitSettings, true
	case flags.NArg() > 0:
		fmt.Fprintf(errs, "slipway %s takes no %q\n", flags.Name(), flags.Arg(0))
		flags.Usage()
		return exitSettings, true
	}
	return exitOK, false
}
