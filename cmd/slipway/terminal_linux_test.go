package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// seated is a child that somebody runs in a terminal.
type seated struct {
	*child
	person, program *os.File
	before          syscall.Termios
}

func sit(t *testing.T, args ...string) *seated {
	t.Helper()
	s := &seated{}
	s.person, s.program = openTerminal(t)
	s.before = modes(t, s.program)
	s.child = start(t, how{Args: args, Env: []string{"TERM=xterm"}, Cmd: func(c *exec.Cmd) { seat(c, s.program) }})
	go func() { _, _ = io.Copy(s.out, s.person) }()
	return s
}

// presses types keys: "\r" is Enter.
func (s *seated) presses(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.person, keys); err != nil {
		s.t.Fatal(err)
	}
}

// leaves checks that the terminal is as it was.
func (s *seated) leaves() {
	s.t.Helper()
	s.exits(exitOK, patience)
	if after := modes(s.t, s.program); after != s.before {
		s.t.Errorf("the terminal is left as %+v; it was %+v", after, s.before)
	}
}

const (
	ctrlC = "\x03"
	ctrlD = "\x04"
)

func TestSandboxInATerminalTakesLinesAndShowsWhatComesOfThem(t *testing.T) {
	t.Parallel()
	s := sit(t, "sandbox")
	s.says(s.out, "This is #deploys")
	s.says(s.out, "Ctrl-D ends it.")
	s.presses("alice> /deploy status\r")
	s.says(s.out, "bot (only alice): 🟢 penny-university runs v122")
	s.presses("alice, hello\r")
	s.says(s.out, `! "alice, hello" is no line`)
	s.presses("alice> /deploy help\r")
	s.says(s.out, "/deploy history [app]")
	if n := strings.Count(s.out.String(), "alice> /deploy help"); n != 1 {
		t.Errorf("the typed line stands there %d times:\n%s", n, s.out)
	}
	s.presses(ctrlD)
	s.leaves()
}

func TestSandboxInATerminalShowsMessagesAsTheyCome(t *testing.T) {
	t.Parallel()
	s := sit(t, "sandbox", "--no-bot")
	text := s.says(s.out, "Ctrl-C ends it.")
	_, api, _ := strings.Cut(text, "SLACK_API_URL=")
	api, _, _ = strings.Cut(api, "\r\n")
	post(t, api, "while nobody types")
	s.says(s.out, "bot #1: while nobody types")
	s.presses("!ci hang 46 test-backend\r!push 46\r!wait\r")
	s.says(s.out, "!wait\r\n")
	post(t, api, "while a line is played")
	s.says(s.out, "bot #2: while a line is played")
	s.presses(ctrlC)
	s.leaves()
}

func TestSandboxInATerminalStaysWhenTheInputEnds(t *testing.T) {
	t.Parallel()
	s := sit(t, "sandbox", "--no-bot")
	text := s.says(s.out, "Ctrl-C ends it.")
	_, api, _ := strings.Cut(text, "SLACK_API_URL=")
	api, _, _ = strings.Cut(api, "\r\n")
	s.presses(ctrlD)
	until(t, "the terminal is as it was", func() bool { return modes(t, s.program) == s.before })
	post(t, api, "after the last line")
	s.says(s.out, "bot #1: after the last line")
	s.presses(ctrlC) // which is a signal again
	s.leaves()
}

func TestSandboxInATerminalEndsOnSIGTERM(t *testing.T) {
	t.Parallel()
	s := sit(t, "sandbox")
	s.says(s.out, "Ctrl-D ends it.")
	s.signal(syscall.SIGTERM)
	s.leaves()
}

// post is what another client of the simulated Slack says in #deploys.
func post(t *testing.T, api, text string) {
	t.Helper()
	form := url.Values{"channel": {"C0DEPLOYS"}, "text": {text}}
	r, err := http.NewRequest(http.MethodPost, api+"chat.postMessage", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer xoxb-anybody")
	answer, err := (&http.Client{Timeout: 10 * time.Second}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(body), `"ok":true`) {
		t.Fatal(fmt.Errorf("chat.postMessage: %s, %w", body, err))
	}
}
