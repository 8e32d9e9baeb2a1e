// Package sandbox puts the simulators and the real bot together, for a person to type at.
//
// It is apart from main because it is the only part of the program that knows the simulators, and must never be reached
// by slipway run.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"slipway/bot"
	"slipway/bot/chattest"
	"slipway/commands"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// speed is how much faster than life the world goes: a two-minute job takes two seconds.
const speed = 60

// Options say what to start, and where people type and read.
type Options struct {
	World string // default, two-files or pair
	Port  int    // the first of four; 0: the kernel chooses
	NoBot bool

	DeliverTo string // where GitHub and Heroku send their webhooks, on this machine; "": they send none
	Secret    string // signs them; "": world.DefaultSecret

	In   *os.File
	Out  io.Writer // what happens; where In and Out are both a terminal, it is shown as it happens
	Errs io.Writer // which lines were wrong, when that does not end the sandbox
}

// OptionError says which option has a value that there is not.
type OptionError struct {
	Option string // as it is typed: --world
	Err    error
}

func (e *OptionError) Error() string { return e.Option + ": " + e.Err.Error() }

// Unwrap gives what is wrong.
func (e *OptionError) Unwrap() error { return e.Err }

// Run starts a sandbox and plays what is typed. It returns when the input is at its end, or with a port or without a bot
// when ctx ends. The error of an option is an *OptionError, and that of a line names its number.
func Run(ctx context.Context, o Options) error {
	if o.World == "" {
		return &OptionError{"--world", errors.New("it needs a name: default, two-files or pair")}
	}
	to, err := o.receiver()
	if err != nil {
		return err
	}
	servers, err := listen(o.Port)
	if err != nil {
		return err
	}
	defer servers.close()
	home, err := newHome(o, to != "")
	if err != nil {
		return err
	}
	defer home.close()
	if to == "" {
		to = home.url()
	}
	sender := newSender()
	defer sender.CloseIdleConnections()
	w, err := world.New(world.Options{
		Changes: []string{"world " + o.World}, Speed: speed, AnyToken: o.NoBot,
		SlackURL: servers.url(slackOffset), GitHubURL: servers.url(githubOffset), HerokuURL: servers.url(herokuOffset),
		Scopes: scopes(o), Commands: slashes(o), Shortcuts: shortcuts(o),
		File: file, DeliverTo: to, Secret: o.Secret, Client: &http.Client{Transport: sender},
	})
	if err != nil {
		return &OptionError{"--world", err}
	}
	defer w.Close()
	servers.serve(w)
	host, err := startBot(o, w, home)
	if err != nil {
		return err
	}
	if host != nil {
		defer func() { _ = host.Stop() }()
	}
	greet(o, w, servers)
	tellReceivers(o, to)
	return newDesk(ctx, o, w, host).work(ctx)
}

// file gives the text of a file that a line names.
func file(name string) (string, error) {
	text, err := os.ReadFile(name)
	return string(text), err
}

// stays tells whether the sandbox goes on when its input has ended.
func (o Options) stays() bool { return o.NoBot || o.Port != 0 }

// scopes, slashes and shortcuts are those of the bot that runs in it; of another they are not known, and everything is granted.
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

func shortcuts(o Options) []slacksim.Shortcut {
	if o.NoBot {
		return nil
	}
	return chattest.Shortcuts(commands.All())
}

func startBot(o Options, w *world.World, h *home) (*chattest.Host, error) {
	if o.NoBot {
		return nil, nil
	}
	cfg, err := chattest.Config(w)
	if err != nil {
		return nil, err
	}
	host := &chattest.Host{Config: cfg, Commands: commands.All(), Dial: loopback, Path: h.file(), Log: slog.New(slog.DiscardHandler)}
	if h.door != nil {
		host.Listen = h.listen
	} else {
		host.Config.GitHubSecrets, host.Config.HerokuSecrets = nil, nil // webhooks go elsewhere
	}
	return host, host.Start()
}

// loopback connects to this machine and to nothing else, whatever an address says. Names are not looked up, since that
// asks somebody else.
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

// greet says where things are. Without a bot it is the environment and nothing else, for a shell to read.
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
