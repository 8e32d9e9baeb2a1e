package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	slackgo "github.com/slack-go/slack"
)

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args      string
		status    int
		out, errs string // how they begin
	}{
		{"", exitSettings, "", "slipway: every merge"},
		{"--version", exitOK, "slipway ", ""},
		{"version", exitOK, "slipway ", ""},
		{"--version now", exitSettings, "", `slipway --version takes no "now"`},
		{"--help", exitOK, "slipway: every merge", ""},
		{"-h", exitOK, "slipway: every merge", ""},
		{"help", exitOK, "slipway: every merge", ""},
		{"help me", exitSettings, "", `slipway help takes no "me"`},
		{"launch", exitSettings, "", "slipway: there is no command \"launch\"\n\nslipway: every merge"},
		{"sandbx", exitSettings, "", `slipway: there is no command "sandbx"; did you mean sandbox?`},
		{"--vresion", exitSettings, "", `slipway: there is no command "--vresion"; did you mean --version?`},
		{"run --help", exitOK, "slipway run is", ""},
		{"run --fast", exitSettings, "", "slipway run: flag provided but not defined: -fast\n\nslipway run is"},
		{"run fast", exitSettings, "", "slipway run: it takes no \"fast\"\n\nslipway run is"},
		{"sandbox --help", exitOK, "slipway sandbox starts", ""},
		{"hooks --help", exitOK, "slipway hooks shows", ""},
		{"hooks --url", exitSettings, "", "slipway hooks: flag provided but not defined: -url\n\nslipway hooks shows"},
		{"hooks x", exitSettings, "", "slipway hooks: it takes no \"x\"\n\nslipway hooks shows"},
		{"hook", exitSettings, "", `slipway: there is no command "hook"; did you mean hooks?`},
		{"doctor --help", exitOK, "slipway doctor looks", ""},
		{"doctor --app penny", exitSettings, "", "slipway doctor: flag provided but not defined: -app\n\nslipway doctor looks"},
		{"docter", exitSettings, "", `slipway: there is no command "docter"; did you mean doctor?`},
		{"manifest --help", exitOK, "slipway manifest prints", ""},
		{"manifest --yaml", exitSettings, "", "slipway manifest: flag provided but not defined: -yaml\n\nslipway manifest prints"},
		{"manifest x", exitSettings, "", "slipway manifest: it takes no \"x\"\n\nslipway manifest prints"},
	} {
		var out, errs bytes.Buffer
		if status := slipway(strings.Fields(tc.args), nil, &out, &errs); status != tc.status {
			t.Errorf("%q: exit status %d, want %d", tc.args, status, tc.status)
		}
		for _, text := range []struct{ name, got, want string }{{"stdout", out.String(), tc.out}, {"stderr", errs.String(), tc.errs}} {
			if !strings.HasPrefix(text.got, text.want) || (text.got == "") != (text.want == "") {
				t.Errorf("%q: %s is %q, want %q…", tc.args, text.name, text.got, text.want)
			}
		}
	}
}

// How the examples of the help end, by what they are. One that is not here fails the test.
var endings = []struct {
	example *regexp.Regexp
	check   func(t *testing.T, e *example)
}{
	{regexp.MustCompile(`^slipway sandbox$`), func(t *testing.T, e *example) {
		e.exits(exitOK, toPlay)
		inOrder(t, e.out.String(), "v122", "v123")
	}},
	{regexp.MustCompile(`\| slipway sandbox`), func(t *testing.T, e *example) {
		e.exits(exitOK, toPlay)
		inOrder(t, e.out.String(), "alice> ", "bot (only alice): ")
	}},
	{regexp.MustCompile(`^slipway sandbox .*--(port|no-bot)`), func(t *testing.T, e *example) {
		if strings.Contains(e.line, "--no-bot") {
			e.says(e.out, "HEROKU_API_URL=http://127.0.0.1:")
		} else {
			e.says(e.out, "# a page on http://127.0.0.1:")
		}
		e.signal(syscall.SIGINT)
		e.exits(exitOK, patience)
	}},
	{regexp.MustCompile(`^slipway manifest$`), func(t *testing.T, e *example) {
		e.exits(exitOK, patience)
		if err := json.Unmarshal([]byte(e.out.String()), &slackgo.Manifest{}); err != nil {
			t.Error(err)
		}
	}},
	{regexp.MustCompile(`^slipway manifest > manifest.json$`), func(t *testing.T, e *example) {
		e.exits(exitOK, patience)
		if text, err := os.ReadFile(filepath.Join(e.folder, "manifest.json")); err != nil || !strings.HasPrefix(string(text), "{") {
			t.Errorf("manifest.json: %v, %q", err, text)
		}
	}},
	{regexp.MustCompile(`^slipway hooks$`), func(t *testing.T, e *example) {
		e.exits(exitOK, patience)
		inOrder(t, e.out.String(), "on GitHub\n", "no webhook for slipway", "on Heroku\n", "no webhook for slipway")
	}},
	{regexp.MustCompile(`^slipway hooks --to \S+ --dry-run$`), func(t *testing.T, e *example) {
		e.exits(exitOK, patience)
		inOrder(t, e.out.String(), "would create the webhook to https://", "would create the webhook to https://")
	}},
	{regexp.MustCompile(`^slipway hooks --to \S+ --app \S+$`), func(t *testing.T, e *example) {
		e.exits(exitOK, patience)
		inOrder(t, e.out.String(), "created the webhook to https://", "\nGITHUB_WEBHOOK_SECRET=", "\nHEROKU_WEBHOOK_SECRET=")
	}},
	{regexp.MustCompile(`^slipway doctor`), func(t *testing.T, e *example) {
		e.exits(1, patience) // a world has no watchdog
		inOrder(t, e.out.String(), "SLIPWAY_MODE", "Slack bot token", "Clock")
	}},
	{regexp.MustCompile(`^(PORT=\d+ )?slipway run$`), func(t *testing.T, e *example) {
		e.says(e.errs, "connected to Slack")
		e.signal(syscall.SIGTERM)
		e.exits(exitOK, toStop)
	}},
}

// example is a line of a help text, played by a shell.
type example struct {
	*child
	line string
}

func TestExamplesOfTheHelpWorkAsPrinted(t *testing.T) {
	t.Parallel()
	var played []string
	for _, text := range []string{usage, runUsage, sandboxUsage, hooksUsage, doctorUsage, manifestUsage} {
		_, examples, ok := strings.Cut(text, "\nExamples\n")
		if !ok {
			t.Errorf("there are no examples in %q", text)
		}
		for line := range strings.Lines(examples) {
			line, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "  ")
			if !ok || slices.Contains(played, line) {
				continue
			}
			played = append(played, line)
			t.Run(line, func(t *testing.T) {
				t.Parallel()
				playExample(t, line)
			})
		}
	}
}

// port is a number that somebody else may use on this machine; it is replaced by one that is free.
var port = regexp.MustCompile(`(--port |PORT=)\d+`)

func playExample(t *testing.T, line string) {
	for _, ending := range endings {
		if !ending.example.MatchString(line) {
			continue
		}
		e := &example{line: line}
		typed := port.ReplaceAllString(line, fmt.Sprintf("${1}%d", fourPorts(t)))
		var env []string
		if strings.HasPrefix(line, "slipway hooks") || strings.HasPrefix(line, "slipway doctor") {
			env = newFar(t).env("PORT")
		}
		if strings.HasSuffix(line, "run") {
			env = newFar(t).env("PORT")
			if typed == line {
				typed = "PORT=0 " + typed // 8080 may be in use
			}
		}
		e.child = startShell(t, typed, env)
		ending.check(t, e)
		return
	}
	t.Errorf("the test does not know how %q ends", line)
}

// startShell lets a shell play a line in which slipway is the test binary. It is not a pipe that it reads, nor a terminal.
func startShell(t *testing.T, line string, env []string) *child {
	t.Helper()
	programs := t.TempDir()
	if err := os.Symlink(os.Args[0], filepath.Join(programs, "slipway")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(line, "|") {
		line = strings.Replace(line, "slipway", "exec slipway", 1) // so that signals reach it
	}
	return start(t, how{Env: env, Files: true, Cmd: func(c *exec.Cmd) {
		c.Path, c.Args = "/bin/sh", []string{"sh", "-c", line}
		c.Env = append(c.Env, "PATH="+programs+":"+os.Getenv("PATH"))
	}})
}
