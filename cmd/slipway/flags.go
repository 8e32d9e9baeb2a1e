package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// parseFlags reads a subcommand's flags. When it tells that the subcommand has ended, all has been said (the usage on out
// if it was asked for, what is not understood on errs) and the status is what to exit with.
func parseFlags(flags *flag.FlagSet, args []string, usage string, out, errs io.Writer) (status int, ended bool) {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("it takes no %q", flags.Arg(0))
	}
	switch {
	case err == nil:
		return exitOK, false
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, usage)
		return exitOK, true
	}
	fmt.Fprintf(errs, "slipway %s: %v\n\n%s", flags.Name(), err, usage)
	return exitSettings, true
}
