package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

const welcome = `This is #deploys of a small team: alice, bob, dave, carol (a guest) and erin (from elsewhere).
Pull requests #45 by bob and #46 by alice are open. Type as one of them, or let something happen:
  alice> /deploy status
  !merge 46
  !wait
`

// converse takes lines from a terminal, and shows the channel as it changes. It tells whether the sandbox has ended with
// it, because somebody pressed Ctrl-C.
func (d *desk) converse(ctx context.Context, out *os.File) (interrupted bool, err error) {
	before, err := term.MakeRaw(int(d.options.In.Fd()))
	if err != nil {
		return false, fmt.Errorf("terminal: %w", err)
	}
	defer func() { _ = term.Restore(int(d.options.In.Fd()), before) }()
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	screen := term.NewTerminal(keyboard{d.options.In, out, interrupt}, "")
	fit := func() {
		if width, height, err := term.GetSize(int(out.Fd())); err == nil {
			_ = screen.SetSize(width, height)
		}
	}
	fit()
	fmt.Fprint(screen, welcome, d.ending())
	d.player.WriteTo(screen, false)
	defer d.player.WriteTo(d.options.Out, true)
	defer d.clock.during(ctx, func() { fit(); d.player.Print() })()
	_, err = d.play(ctx, screen.ReadLine, func(_ int, err error) error {
		fmt.Fprintf(screen, "! %v\n", err)
		return nil
	})
	return ctx.Err() != nil, err
}

// ending says how it ends.
func (d *desk) ending() string {
	if d.options.stays() {
		return "Ctrl-C ends it.\n"
	}
	return "Ctrl-D ends it.\n"
}

// keyboard is a terminal in raw mode, where Ctrl-C is a byte like any other.
type keyboard struct {
	io.Reader
	io.Writer
	interrupt func()
}

const ctrlC = 3

// Read calls interrupt when Ctrl-C was pressed.
func (k keyboard) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	if bytes.IndexByte(p[:n], ctrlC) >= 0 {
		k.interrupt()
	}
	return n, err
}
