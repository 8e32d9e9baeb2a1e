package sandbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"slipway/bot/chattest"
	"slipway/integrations/sim/world"
)

// shownEvery is how often a sandbox that somebody watches looks for news while nobody types.
const shownEvery = 200 * time.Millisecond

// typedAhead is how many lines may wait while one is played. The keyboard is read meanwhile, so that Ctrl-C is seen.
const typedAhead = 256

// desk is where lines are typed and the transcript is read.
type desk struct {
	options Options
	player  *chattest.Player
	clock   *clock
}

func newDesk(ctx context.Context, o Options, w *world.World, host *chattest.Host) *desk {
	var b chattest.Bot
	if host != nil {
		b = host
	}
	c := &clock{ctx: ctx, meanwhile: func() {}}
	return &desk{o, chattest.NewPlayer(w, b, c, o.Out), c}
}

// work takes lines from a terminal, from a pipe, or, when there are none, from the tour. A sandbox that stays then shows
// what other clients do until ctx ends.
func (d *desk) work(ctx context.Context) error {
	if screen, ok := d.terminal(); ok {
		if ended, err := d.converse(ctx, screen); ended || err != nil {
			return err
		}
	} else if err := d.pipe(ctx); err != nil {
		return err
	}
	if !d.options.stays() {
		return nil
	}
	d.clock.meanwhile = d.player.Print
	d.clock.stay()
	return nil
}

// terminal gives the terminal that somebody sits at. With only one of its two sides there is nobody to show things to.
func (d *desk) terminal() (*os.File, bool) {
	out, ok := d.options.Out.(*os.File)
	return out, ok && term.IsTerminal(int(out.Fd())) && term.IsTerminal(int(d.options.In.Fd()))
}

// pipe plays lines that do not come from a terminal.
func (d *desk) pipe(ctx context.Context) error {
	lines := bufio.NewScanner(d.options.In)
	if d.options.stays() {
		d.clock.meanwhile = d.player.Print
		_, err := d.play(ctx, next(lines), func(number int, err error) error {
			fmt.Fprintf(d.options.Errs, "slipway: line %d: %v\n", number, err)
			return nil
		})
		return err
	}
	played, err := d.play(ctx, next(lines), asItsEnd)
	if err != nil || played > 0 {
		return err
	}
	_, err = d.play(ctx, next(bufio.NewScanner(strings.NewReader(tour))), asItsEnd)
	return err
}

// asItsEnd makes a wrong line the end of the play.
func asItsEnd(number int, err error) error { return fmt.Errorf("line %d: %w", number, err) }

// next reads line after line, and gives io.EOF after the last.
func next(s *bufio.Scanner) func() (string, error) {
	return func() (string, error) {
		switch {
		case s.Scan():
			return s.Text(), nil
		case s.Err() != nil && !errors.Is(s.Err(), os.ErrClosed):
			return "", fmt.Errorf("standard input: %w", s.Err())
		}
		return "", io.EOF
	}
}

// read is a line that was read, or why there are no more.
type read struct {
	line string
	err  error
}

// play plays lines until there are no more or ctx ends, and tells how many there were. A line that fails is handed to
// wrong, whose error ends the play. Between lines it shows what happens, if somebody watches.
func (d *desk) play(ctx context.Context, next func() (string, error), wrong func(number int, err error) error) (int, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	lines := make(chan read, typedAhead)
	go func() { // ends after the play, with its input, or with the process: reading cannot be called off
		for {
			line, err := next()
			select {
			case lines <- read{line, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	tick := time.NewTicker(shownEvery)
	defer tick.Stop()
	for number := 0; ; {
		select {
		case <-ctx.Done():
			return number, nil
		case <-tick.C:
			d.clock.meanwhile()
		case r := <-lines:
			switch {
			case ctx.Err() != nil || errors.Is(r.err, io.EOF):
				return number, nil
			case r.err != nil:
				return number, r.err
			}
			number++
			if err := d.line(ctx, r.line, number, wrong); err != nil {
				return number, err
			}
		}
	}
}

// line plays one line. What an interrupt cut short is no fault of the line.
func (d *desk) line(ctx context.Context, text string, number int, wrong func(number int, err error) error) error {
	if err := d.player.Line(text); err != nil && ctx.Err() == nil {
		return wrong(number, err)
	}
	return nil
}
