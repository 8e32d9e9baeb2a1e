// Package sandbox puts the simulators and the real bot together, for a person to type at.
//
// It is apart from main because it is the only part of the program that knows the simulators, and must never be reached
// by slipway run.
package sandbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"

	"golang.org/x/term"

	"slipway/bot"
	"slipway/bot/chattest"
	"slipway/commands"
	"slipway/integrations/sim/world"
)

// speed is how much faster than life the world goes: a two-minute job takes two seconds.
const speed = 60

// Options say what to start, and where people type and read.
type Options struct {
	World   string // default, two-files or pair
	Port    int    // 0: the kernel chooses
	NoBot   bool
	In      *os.File
	Out     io.Writer
	Version string
}

// Run starts a sandbox and plays what is typed. It returns when the input is at its end, or with a port or without a bot
// when ctx ends.
func Run(ctx context.Context, o Options) error {
	servers, err := listen(o.Port)
	if err != nil {
		return err
	}
	defer servers.close()
	w, err := world.New(world.Options{
		Changes: []string{"world " + o.World}, Speed: speed, AnyToken: o.NoBot,
		SlackURL: servers.url(slackOffset), GitHubURL: servers.url(githubOffset), HerokuURL: servers.url(herokuOffset),
		Scopes: scopes(o), Commands: slashes(o),
	})
	if err != nil {
		return err
	}
	defer w.Close()
	servers.serve(w)
	host, err := startBot(o, w)
	if err != nil {
		return err
	}
	if host != nil {
		defer func() { _ = host.Stop() }()
	}
	greet(o, w, servers)
	if err := play(ctx, o, newPlayer(o, w, host)); err != nil {
		return err
	}
	if o.stays() {
		<-ctx.Done()
	}
	return nil
}

// stays tells whether the sandbox goes on when its input has ended.
func (o Options) stays() bool { return o.NoBot || o.Port != 0 }

// scopes and slashes are those of the bot that runs in it; of another they are not known, and everything is granted.
func scopes(o Options) []string {
	if o.NoBot {
		return nil
	}
	return bot.Scopes()
}

func slashes(o Options) []string {
	if o.NoBot {
		return nil
	}
	return bot.Slashes(commands.All())
}

func startBot(o Options, w *world.World) (*chattest.Host, error) {
	if o.NoBot {
		return nil, nil
	}
	cfg, err := chattest.Config(w)
	if err != nil {
		return nil, err
	}
	host := &chattest.Host{Config: cfg, Commands: commands.All(), Dial: loopback, Log: slog.New(slog.DiscardHandler)}
	return host, host.Start()
}

// loopback connects to this machine and to nothing else, whatever an address says.
func loopback(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("the sandbox calls nothing outside this machine, and %s is", addr)
	}
	return (&net.Dialer{}).DialContext(ctx, network, addr)
}

func newPlayer(o Options, w *world.World, host *chattest.Host) *chattest.Player {
	var b chattest.Bot
	if host != nil {
		b = host
	}
	return chattest.NewPlayer(w, b, chattest.RealClock{}, o.Out)
}

func greet(o Options, w *world.World, s *servers) {
	if o.NoBot {
		for _, line := range w.Env() {
			fmt.Fprintln(o.Out, line)
		}
		return
	}
	if o.Port != 0 {
		fmt.Fprintf(o.Out, "# a page on %s, Slack on %s/api/, GitHub on %s, Heroku on %s\n",
			s.url(pageOffset), s.url(slackOffset), s.url(githubOffset), s.url(herokuOffset))
	}
}

// play takes lines from a terminal, from a pipe, or, when there are none, from the tour.
func play(ctx context.Context, o Options, p *chattest.Player) error {
	if term.IsTerminal(int(o.In.Fd())) {
		return converse(ctx, o, p)
	}
	played, err := playLines(ctx, o.In, p)
	if err != nil || played || o.stays() {
		return err
	}
	_, err = playLines(ctx, strings.NewReader(tour), p)
	return err
}

// playLines plays what it reads, and tells whether there was anything.
func playLines(ctx context.Context, in io.Reader, p *chattest.Player) (bool, error) {
	lines := make(chan string)
	failed := make(chan error, 1)
	go func() { // ends with its input, or with the process: reading a pipe cannot be called off
		defer close(lines)
		scanner := bufio.NewScanner(in)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
		if err := scanner.Err(); err != nil && !errors.Is(err, os.ErrClosed) {
			failed <- err
		}
	}()
	number := 0
	for {
		select {
		case <-ctx.Done():
			return true, nil
		case line, ok := <-lines:
			if !ok {
				select {
				case err := <-failed:
					return number > 0, fmt.Errorf("standard input: %w", err)
				default:
					return number > 0, nil
				}
			}
			number++
			if err := p.Line(line); err != nil {
				return true, fmt.Errorf("line %d: %w", number, err)
			}
		}
	}
}
