package main

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// handedOut is where the next search for free ports begins, so that no two tests find the same ones.
var handedOut atomic.Int32

// onFourPorts starts a sandbox on four ports, which somebody else on this machine may be quicker to take.
func onFourPorts(t *testing.T, lines string) (c *child, port int) {
	t.Helper()
	for {
		port = fourPorts(t)
		c = start(t, how{Args: []string{"sandbox", "--port", fmt.Sprint(port)}, In: strings.NewReader(lines)})
		for c.runs() && !strings.Contains(c.out.String(), "what you can type") {
			time.Sleep(10 * time.Millisecond)
		}
		if c.runs() || !strings.Contains(c.errs.String(), " is in use, and --port") {
			return c, port
		}
	}
}

// fourPorts gives the first of four that are free one after the other, below those that the kernel hands out, with one free
// port before them.
func fourPorts(t testing.TB) int {
	t.Helper()
	for {
		first := 21000 + int(handedOut.Add(5))
		if first > 32000 {
			t.Fatal("no four ports are free")
		}
		if free(first-1) && free(first) && free(first+1) && free(first+2) && free(first+3) {
			return first
		}
	}
}

func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err == nil {
		_ = l.Close()
	}
	return err == nil
}

func TestSandboxServesItsFourPortsUntilItIsInterrupted(t *testing.T) {
	t.Parallel()
	c, port := onFourPorts(t, "alice> /deploy status\nnonsense\nalice> /deploy help\n")
	at := func(n int) string { return fmt.Sprintf("http://127.0.0.1:%d", port+n) }
	c.says(c.out, "what you can type")
	if want := "slipway: line 2: "; !strings.HasPrefix(c.errs.String(), want) {
		t.Errorf("stderr says %q, want %q", c.errs, want)
	}
	for url, want := range map[string]string{
		at(0):                   "Slack   " + at(1) + "/api/",
		at(1) + "/api/api.test": `"ok":false`,
		at(2) + "/rate_limit":   `"resources"`,
		at(3) + "/apps":         `"unauthorized"`,
	} {
		if _, text := get(t, url); !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("%s answers %q, want %q", url, text, want)
		}
	}
	if !c.runs() {
		t.Fatal("it ended with its input")
	}
	second := start(t, how{Args: []string{"sandbox", "--port", fmt.Sprint(port - 1)}})
	second.exits(exitFailed, patience)
	if want := fmt.Sprintf("slipway: port %d is in use, and --port %d takes the four from %d to %d\n", port, port-1, port-1, port+2); second.errs.String() != want {
		t.Errorf("stderr says %q, want %q", second.errs, want)
	}
	c.signal(syscall.SIGINT)
	c.exits(exitOK, patience)
}

func TestSandboxCanBeInterruptedWhileItWaits(t *testing.T) {
	t.Parallel()
	c := start(t, how{Args: []string{"sandbox"}, In: strings.NewReader("!ci hang 46 test-backend\n!push 46\n!wait\nalice> /deploy status\n")})
	c.says(c.out, "!wait\n")
	c.signal(syscall.SIGTERM)
	c.exits(exitOK, patience)
	if strings.Contains(c.out.String(), "/deploy status") {
		t.Errorf("it went on:\n%s", c.out)
	}
}

// bystanders are variables that must lead a sandbox nowhere.
func bystanders(trap string) []string {
	var env []string
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "SLACK_API_URL", "GITHUB_API_URL", "HEROKU_API_URL", "HEROKU_URL"} {
		env = append(env, name+"=http://"+trap+"/")
	}
	return append(env, "DATABASE_URL=postgres://u:p@"+trap+"/n", "SLACK_APP_TOKEN=xapp-1-ours", "SLACK_BOT_TOKEN=xoxb-ours", "GITHUB_TOKEN=ghp_ours",
		"HEROKU_API_KEY=HRKU-ours", "APPS=nobodys=no/body#no", "DYNO=web.1", "PORT=1")
}

func TestSandboxHeedsNothingOfTheEnvironment(t *testing.T) {
	t.Parallel()
	trap, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dialled := make(chan net.Addr, 100)
	go func() {
		for {
			c, err := trap.Accept()
			if err != nil {
				close(dialled)
				return
			}
			dialled <- c.RemoteAddr()
			_ = c.Close()
		}
	}()
	c := start(t, how{
		Args: []string{"sandbox"}, In: strings.NewReader("alice> /deploy status\nbob> @slipway history in channel\n!merge 46\n!wait\nalice> /deploy status\n"),
		Env: bystanders(trap.Addr().String()),
	})
	c.exits(exitOK, toPlay)
	inOrder(t, c.out.String(), "penny-university runs v122", "Releases of penny-university", "penny-university runs v123")
	_ = trap.Close()
	for from := range dialled {
		t.Errorf("something called from %v", from)
	}
}

func TestSandboxWithoutABotIsAWorldForAnotherProcess(t *testing.T) {
	t.Parallel()
	world := start(t, how{Args: []string{"sandbox", "--no-bot"}})
	text := world.says(world.out, "HEROKU_API_URL=http://127.0.0.1:")
	var env []string
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok || name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" || value == "" {
			t.Errorf("%q is not KEY=value", line)
		}
		env = append(env, strings.TrimSuffix(line, "\n"))
	}
	// Tokens of somebody's own, of the right prefix.
	own := []string{"SLACK_APP_TOKEN=xapp-1-mine", "SLACK_BOT_TOKEN=xoxb-mine", "GITHUB_TOKEN=github_pat_mine", "HEROKU_API_KEY=01234567-89ab-4cde-8f01-23456789abcd"}
	for name, change := range map[string][]string{"the tokens that it prints": nil, "tokens of one's own": own} {
		bot := start(t, how{Args: []string{"run"}, Env: slices.Concat(env, []string{"PORT=0"}, change), Files: true})
		bot.says(bot.errs, "connected to Slack")
		world.asks("alice> /deploy status\n", "\n  bot (only alice): 🟢 penny-university runs v122")
		world.asks("alice> /rollback v121\n", "\n    release: v121")
		bot.signal(syscall.SIGTERM)
		bot.exits(exitOK, toStop)
		if t.Failed() {
			t.Fatalf("with %s", name)
		}
	}
	world.types("alice> /deploy status\n")
	world.says(world.out, "  slack (only alice): /deploy failed with the error \"dispatch_failed\"")
	_ = world.stdin.Close()
	time.Sleep(3 * shortly)
	if !world.runs() {
		t.Fatal("it ended with its input")
	}
	world.signal(syscall.SIGINT)
	world.exits(exitOK, patience)
}

// shortly is more than a sandbox takes to notice something.
const shortly = 300 * time.Millisecond
