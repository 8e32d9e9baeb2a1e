package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// toPlay is far more than any play here takes; a machine may be busy.
const toPlay = 60 * time.Second

// inOrder fails unless the texts stand in the output, each after the one before it.
func inOrder(t *testing.T, output string, texts ...string) {
	t.Helper()
	rest := output
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			t.Fatalf("there is no %q (after those before it of %q) in:\n%s", text, texts, output)
		}
		rest = after
	}
}

func TestSandboxPlaysTheLinesOfAPipe(t *testing.T) {
	t.Parallel()
	c := start(t, how{Args: []string{"sandbox"}, In: strings.NewReader("alice> /deploy status\n!merge 46\n!wait\nalice> /deploy status\n")})
	c.exits(exitOK, toPlay)
	inOrder(t, c.out.String(), "alice> /deploy status\n  bot (only alice): ", "v122", "!merge 46\n", "!wait\n", "alice> /deploy status\n", "v123", "#46", "alice")
	first, _, _ := strings.Cut(c.out.String(), "!merge 46")
	if strings.Contains(first, "v123") {
		t.Errorf("v123 runs before the merge:\n%s", first)
	}
	if c.errs.String() != "" {
		t.Errorf("stderr says %q", c.errs)
	}
}

func TestSandboxPlaysEachWorld(t *testing.T) {
	t.Parallel()
	for world, want := range map[string]string{"default": "CI #18", "two-files": "GitHub does not know the deployed commit", "pair": "penny-qa"} {
		t.Run(world, func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: []string{"sandbox", "--world", world}, In: strings.NewReader("alice> /deploy status\n")})
			c.exits(exitOK, toPlay)
			inOrder(t, c.out.String(), "bot (only alice): ", want)
		})
	}
}

// tenLines are what a person might try first.
const tenLines = `alice> /deploy status
alice> /deploy history
!merge 46
!wait
alice> /deploy status
bob> @slipway status
carol> /deploy status
!merge 45
!wait
bob> /deploy status in channel
`

func TestSandboxPlaysTenLinesInSeconds(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	playTenLines(t)
	if took := time.Since(begin); took > toPlay {
		t.Errorf("it took %v", took)
	}
}

// BenchmarkTenLines shows what ten lines take from start to end, in seconds of real time; 15 are allowed.
func BenchmarkTenLines(b *testing.B) {
	for b.Loop() {
		playTenLines(b)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/op")
}

func playTenLines(t testing.TB) {
	t.Helper()
	c := start(t, how{Args: []string{"sandbox"}, In: strings.NewReader(tenLines)})
	c.exits(exitOK, toPlay)
	if !strings.Contains(c.out.String(), "bot #1: ") || !strings.Contains(c.out.String(), "v124") {
		t.Errorf("the transcript:\n%s", c.out)
	}
}

func TestSandboxEndsAtAWrongLineWithItsNumber(t *testing.T) {
	t.Parallel()
	for lines, want := range map[string]string{
		"# a remark\n\nalice> /deploy help\nalice, /deploy status\nalice> /deploy history\n": `slipway: line 4: "alice, /deploy status" is no line: `,
		"zoe> /deploy help\n":                   "slipway: line 1: nobody is called zoe",
		"alice> [Roll back]\n":                  "slipway: line 1: alice sees no button [Roll back]",
		"!clock 10m\n":                          "slipway: line 1: ",
		"!merge 44\n":                           "slipway: line 1: ",
		"alice> " + strings.Repeat("x", 70_000): "slipway: standard input: ",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: []string{"sandbox"}, In: strings.NewReader(lines)})
			c.exits(exitFailed, toPlay)
			if !strings.HasPrefix(c.errs.String(), want) || strings.Count(c.errs.String(), "\n") != 1 {
				t.Errorf("stderr says %q, want %q", c.errs, want)
			}
			if strings.Contains(c.out.String(), "alice> /deploy history") {
				t.Errorf("it went on:\n%s", c.out)
			}
		})
	}
}

func TestSandboxPlaysATourWhenNobodyTypes(t *testing.T) {
	t.Parallel()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = null.Close() })
	for name, in := range map[string]func(c *exec.Cmd){
		"a closed input": func(c *exec.Cmd) {
			c.Path, c.Args = "/bin/sh", []string{"sh", "-c", `exec "$0" sandbox <&-`, os.Args[0]}
		},
		"no device":                 func(c *exec.Cmd) { c.Stdin = null },
		"a pipe with nothing in it": func(c *exec.Cmd) { c.Stdin = strings.NewReader("") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: []string{"sandbox"}, Cmd: in})
			c.exits(exitOK, toPlay)
			inOrder(t, c.out.String(), "# What is live", "v122", "!merge 46", "v123", "Did you mean /deploy history?", "Guests cannot", "!down github", "GitHub does not answer")
			if c.errs.String() != "" {
				t.Errorf("stderr says %q", c.errs)
			}
		})
	}
}

func TestSandboxRefusesOptionsThatThereAreNot(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--world", "three-files"}, `slipway: --world: "three-files" is no world; there are default, two-files, pair`},
		{[]string{"--world="}, "slipway: --world: it needs a name: default, two-files or pair"},
		{[]string{"--port", "65533"}, "slipway: --port: there are no four ports from 65533 on; the last that has them is 65532"},
		{[]string{"--port", "-1"}, "slipway: --port: there are no four ports from -1 on; "},
		{[]string{"--port", "many"}, `slipway sandbox: invalid value "many" for flag -port: `},
		{[]string{"--no-bots"}, "slipway sandbox: flag provided but not defined: -no-bots"},
		{[]string{"default"}, `slipway sandbox: it takes no "default"`},
	} {
		var out, errs bytes.Buffer
		if status := slipway(append([]string{"sandbox"}, tc.args...), nil, &out, &errs); status != exitSettings {
			t.Errorf("%q: exit status %d", tc.args, status)
		}
		if !strings.HasPrefix(errs.String(), tc.want) || out.Len() > 0 {
			t.Errorf("%q: stderr says %q, want %q", tc.args, errs.String(), tc.want)
		}
	}
}

// handedOut is where the next search for free ports begins, so that no two tests find the same ones.
var handedOut atomic.Int32

// fourPorts gives the first of four that are free one after the other, below those that the kernel hands out, with one free
// port before them.
func fourPorts(t testing.TB) int {
	t.Helper()
	for {
		first := 21000 + int(handedOut.Add(5))
		if first > 32000 {
			t.Fatal("no four ports are free")
		}
		if free(first - 1) && free(first) && free(first+1) && free(first+2) && free(first+3) {
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
	port := fourPorts(t)
	c := start(t, how{Args: []string{"sandbox", "--port", fmt.Sprint(port)}, In: strings.NewReader("alice> /deploy status\nnonsense\nalice> /deploy help\n")})
	at := func(n int) string { return fmt.Sprintf("http://127.0.0.1:%d", port+n) }
	c.says(c.out, "alice> /deploy help\n  bot (only alice): ")
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
	c.exits(exitOK, 15*time.Second)
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
	inOrder(t, c.out.String(), "penny-university runs v122", "bot #1: Releases of penny-university", "penny-university runs v123")
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
		bot := start(t, how{Args: []string{"run"}, Env: slices.Concat(env, []string{"PORT=0"}, change)})
		bot.says(bot.errs, "connected to Slack")
		before := world.out.String()
		world.types("alice> /deploy status\n")
		world.says(world.out, before+"alice> /deploy status\n  bot (only alice): 🟢 penny-university runs v122")
		world.types("alice> /rollback v121\n")
		world.says(world.out, "alice> /rollback v121\n  bot (only alice): ")
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
