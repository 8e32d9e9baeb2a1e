package chattest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/bot"
	"slipway/bot/store/storetest"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// begin is when every conversation takes place: Monday 2026-01-05 14:00 UTC.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// The addresses of the far ends. They are loopback ones, as the configuration wants them for http, on a network in
// memory.
const (
	slackAddr  = "127.0.0.1:4001"
	githubAddr = "127.0.0.1:4002"
	herokuAddr = "127.0.0.1:4003"
)

// hooksAddr is where GitHub and Heroku send their webhooks: to the bot, or to somebody who takes them all where a bot is
// played that does not.
const hooksAddr = "127.0.0.1:4004"

// cast is who plays the bot, and how Slack knows it.
type cast struct {
	scopes, slashes []string // as of world.Options
	shortcuts       []slacksim.Shortcut
	receives        bool // it takes webhooks itself
	bot             func(s *stage) (Bot, error)
}

// slipway is the real bot.
func slipway(commands []bot.Command) cast {
	return cast{bot.Scopes(), bot.Slashes(commands), Shortcuts(commands), true, func(s *stage) (Bot, error) {
		cfg, err := Config(s.World)
		return &Host{
			Config: cfg, Commands: commands, Dial: s.net.DialContext, Log: s.logger(),
			Path: storetest.File(s.t), Listen: s.listen,
		}, err
	}}
}

// Shortcuts are the message shortcuts of a list of commands, as they are registered.
func Shortcuts(commands []bot.Command) []slacksim.Shortcut {
	list := []slacksim.Shortcut{}
	for _, s := range bot.Shortcuts(commands) {
		list = append(list, slacksim.Shortcut{Label: s.Label, CallbackID: s.CallbackID})
	}
	return list
}

// stage is a world with a bot in it, in memory.
type stage struct {
	t       *testing.T
	World   *world.World
	bot     Bot
	net     *memnet.Network
	servers []*http.Server
	sender  *http.Transport // with which webhooks are sent
	door    net.Listener    // where webhooks come to, before the bot has begun to listen
	serving sync.WaitGroup
	log     *bytes.Buffer
	misfits bool // what Slack does not show may be sent to it
}

// setting is what a play begins with.
type setting struct {
	changes  []string                          // as of world.Options
	settings string                            // of slipway, in the repository
	file     func(name string) (string, error) // what lines name; nil: nothing
}

// open sets the stage. It must be called in a bubble.
func open(t *testing.T, given setting, who cast) *stage {
	t.Helper()
	time.Sleep(time.Until(begin))
	s := &stage{t: t, net: &memnet.Network{}, log: &bytes.Buffer{}}
	s.sender = &http.Transport{DialContext: s.net.DialContext}
	s.receive(who) // first, since new hooks are told of at once
	w, err := world.New(world.Options{
		Changes: given.changes, Settings: given.settings, File: given.file,
		SlackURL: "http://" + slackAddr, GitHubURL: "http://" + githubAddr, HerokuURL: "http://" + herokuAddr,
		Scopes: who.scopes, Commands: who.slashes, Shortcuts: who.shortcuts,
		DeliverTo: "http://" + hooksAddr, Client: &http.Client{Transport: s.sender},
	})
	if err != nil {
		s.unserve()
		t.Fatal(err)
	}
	s.World = w
	s.serve(slackAddr, w.Slack)
	s.serve(githubAddr, w.GitHub)
	s.serve(herokuAddr, w.Heroku)
	if s.bot, err = who.bot(s); err == nil {
		err = s.bot.Start()
	}
	if err != nil {
		t.Errorf("the bot does not start: %v", err)
		s.close()
		t.FailNow()
	}
	return s
}

func (s *stage) serve(addr string, h http.Handler) {
	l, err := s.net.Listen(addr)
	if err != nil {
		panic(err) // two servers at one address
	}
	server := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	s.servers = append(s.servers, server)
	s.serving.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.t.Errorf("serve %s: %v", addr, err)
		}
	})
}

// receive lets webhooks wait for the bot, or has them taken.
func (s *stage) receive(who cast) {
	if !who.receives {
		s.serve(hooksAddr, http.HandlerFunc(accept))
		return
	}
	var err error
	if s.door, err = s.net.Listen(hooksAddr); err != nil {
		panic(err)
	}
}

// listen gives the listener for webhooks to a bot that starts.
func (s *stage) listen() (net.Listener, error) {
	if door := s.door; door != nil {
		s.door = nil
		return door, nil
	}
	return s.net.Listen(hooksAddr)
}

// logger writes the bot's log, which is shown when a test fails.
func (s *stage) logger() *slog.Logger { return slog.New(slog.NewTextHandler(s.log, nil)) }

// close ends all of it, and fails the test when the bot broke Slack's rules, or sent what Slack does not show.
func (s *stage) close() {
	t := s.t
	if s.bot != nil {
		if err := s.bot.Stop(); err != nil {
			t.Errorf("the bot ended with %v", err)
		}
	}
	faults := s.World.Slack.Faults()
	if !s.misfits {
		faults = append(faults, s.World.Slack.Misfits()...)
	}
	if len(faults) > 0 {
		t.Errorf("the bot broke Slack's rules:\n%s", strings.Join(faults, "\n"))
	}
	if _, real := s.bot.(*Host); real {
		if err := keepContents(s.World); err != nil {
			t.Error(err)
		}
	}
	s.World.Close()
	s.unserve()
	if t.Failed() {
		t.Logf("the bot's log:\n%s", s.log)
	}
}

// unserve ends the servers and waits for them.
func (s *stage) unserve() {
	if s.door != nil {
		_ = s.door.Close()
	}
	s.sender.CloseIdleConnections()
	// A server that was only closed would not wait for requests whose client was killed: they go on until they want to answer.
	patience, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, server := range s.servers {
		_ = server.Shutdown(patience)
		_ = server.Close()
	}
	s.serving.Wait()
}

// accept takes a webhook as the receiver of a bot does.
func accept(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusAccepted)
}
