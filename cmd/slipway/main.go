// Command slipway is a Slack bot for a team that merges on GitHub, tests in GitHub Actions and runs on Heroku.
//
// It is apart from the packages that do the work: main is one small file per subcommand, each of which puts them together
// and turns what comes back into an exit status.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"slipway/bot/say"
)

// The exit statuses. Settings and refused tokens have their own, because a restart does not mend them; a command line that
// is not understood has the same.
const (
	exitOK       = 0
	exitFailed   = 1
	exitSettings = 2
)

const usage = `slipway: every merge ships with its undo

  slipway run        be the bot; the environment says where and as whom
  slipway sandbox    try it: the bot and simulated Slack, GitHub and Heroku, with no account
  slipway hooks      show, create and repair the webhooks of GitHub and Heroku
  slipway undo       tell how the migrations between two commits of a local checkout are taken back
  slipway audit      print the audit trail, and tell whether it is whole
  slipway doctor     tell what is wrong with the set-up, and what to do
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
	name, args := args[0], args[1:]
	switch name {
	case "run":
		return run(args, out, errs)
	case "sandbox":
		return playSandbox(args, in, out, errs)
	case "hooks":
		return manageHooks(args, out, errs)
	case "undo":
		return printUndo(args, out, errs)
	case "audit":
		return printAudit(args, out, errs)
	case "doctor":
		return examine(args, out, errs)
	case "manifest":
		return printManifest(args, out, errs)
	case "--version", "-version", "version":
		return printAlone(name, args, "slipway "+version()+"\n", out, errs)
	case "--help", "-help", "-h", "help":
		return printAlone(name, args, usage, out, errs)
	}
	hint := ""
	if near, ok := say.Nearest(name, []string{"run", "sandbox", "hooks", "undo", "audit", "doctor", "manifest", "--version", "--help"}); ok {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	fmt.Fprintf(errs, "slipway: there is no command %q%s\n\n%s", name, hint, usage)
	return exitSettings
}

// printAlone prints the text of a flag that takes nothing after it.
func printAlone(name string, args []string, text string, out, errs io.Writer) int {
	if len(args) > 0 {
		fmt.Fprintf(errs, "slipway %s takes no %q\n", name, args[0])
		return exitSettings
	}
	fmt.Fprint(out, text)
	return exitOK
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
