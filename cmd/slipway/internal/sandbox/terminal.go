package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"slipway/bot/chattest"
)

const welcome = `This is #deploys of a small team: alice, bob, dave, carol (a guest) and erin (from elsewhere).
Pull requests #45 by bob and #46 by alice are open. Type as one of them, or let something happen:
  alice> /deploy status
  !merge 46
  !wait
The end of input (Ctrl-D) ends it.
`

// converse takes lines from a terminal, and shows the channel as it changes.
func converse(ctx context.Context, o Options, p *chattest.Player) error {
	before, err := term.MakeRaw(int(o.In.Fd()))
	if err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer func() { _ = term.Restore(int(o.In.Fd()), before) }()
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{o.In, os.Stdout}, "")
	fmt.Fprint(screen, welcome)
	p.WriteTo(screen, false)

	var playing sync.Mutex
	ctx, stop := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	watcher.Go(func() { watch(ctx, &playing, p) })
	defer watcher.Wait()
	defer stop()

	lines := make(chan string)
	ended := make(chan error, 1)
	go func() { // ends with the terminal's input, or with the process: reading a terminal cannot be called off
		for {
			line, err := screen.ReadLine()
			if err != nil {
				ended <- err
				return
			}
			lines <- line
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case line := <-lines:
			playing.Lock()
			if err := p.Line(line); err != nil {
				fmt.Fprintf(screen, "! %v\n", err)
			}
			playing.Unlock()
		}
	}
}

// watch prints what happens while nobody types.
func watch(ctx context.Context, playing *sync.Mutex, p *chattest.Player) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if playing.TryLock() {
				p.Print()
				playing.Unlock()
			}
		}
	}
}
