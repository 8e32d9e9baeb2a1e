package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// toPlay is far more than any play here takes; a machine may be busy.
const toPlay = 5 * time.Minute

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
	c := start(t, how{Args: []string{"sandbox"}, In: strings.NewReader("!wait\nalice> /deploy status\n!merge 46\n!wait\nalice> /deploy status\n")})
	c.exits(exitOK, toPlay)
	// The message of a bot that starts anew may come before the first answer, or after it.
	inOrder(t, c.out.String(), "alice> /deploy status\n", "bot (only alice): ", "v122", "!merge 46\n", "!wait\n", "alice> /deploy status\n", "bot (only alice): ", "v123", "#46", "alice")
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
			c := start(t, how{Args: []string{"sandbox", "--world", world}, In: strings.NewReader("!wait\nalice> /deploy status\n")})
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
			c.Path, c.Args = "/bin/sh", []string{"sh", "-c", `exec "$0" sandbox <&-`, c.Path}
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
