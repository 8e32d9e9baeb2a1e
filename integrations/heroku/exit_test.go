package heroku_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"slipway/integrations/heroku"
)

func TestOnlyHerokusOwnLineTellsAnExitStatus(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{ // -1: none
		"2026-11-22T13:51:22Z heroku[run.1234]: Process exited with status 0":       0,
		"2026-11-22T13:51:22.123Z heroku[run.1234]: Process exited with status 137": 137,
		"2026-11-22T13:51:22Z heroku[run.1234]: Process exited with status 256":     -1,
		"2026-11-22T13:51:22Z heroku[run.1234]: Process exited with status 1 or 2":  -1,
		"2026-11-22T13:51:22Z app[run.1234]: Process exited with status 0":          -1,
		"2026-11-22T13:51:22Z heroku[run.1234]: State changed from up to complete":  -1,
		"Process exited with status 0":                                              -1,
	} {
		got, ok := heroku.ParseLogLine(line).ExitLine()
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%s: %d, %v", line, got, ok)
		}
	}
	from, to, ok := heroku.ParseLogLine("2026-11-22T13:51:22Z heroku[run.1]: State changed from up to complete").StateLine()
	if !ok || from != "up" || to != "complete" {
		t.Error(from, to, ok)
	}
	if _, _, ok := heroku.ParseLogLine("2026-11-22T13:51:22Z app[run.1]: State changed from up to complete").StateLine(); ok {
		t.Error("an app may say what it likes")
	}
}

const marker = heroku.Marker("slipway-0f3a9c")

func TestAMarkerTellsTheExitStatusAndLeavesIt(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	for command, want := range map[string]int{"true": 0, "exit 3": 3, "echo 'slipway-0f3a9c rc=0'; false": 1, "sh -c 'exit 255'": 255} {
		wrapped, err := marker.Wrap(command)
		if err != nil {
			t.Fatal(err)
		}
		out, _ := exec.Command(shell, "-c", wrapped).CombinedOutput()
		status := -1
		cmd := exec.Command(shell, "-c", wrapped)
		_ = cmd.Run()
		status = cmd.ProcessState.ExitCode()
		got, ok := marker.Find(string(out))
		if command == "exit 3" { // the shell was left before the marker: no evidence, and no wrong one
			if ok || status != 3 {
				t.Errorf("%s: %d, %v", command, got, ok)
			}
			continue
		}
		if !ok || got != want || status != want {
			t.Errorf("%s: %d, %v, exit %d, output %s", command, got, ok, status, out)
		}
	}
}

func TestAMarkerIsFoundOnlyAsItWasWritten(t *testing.T) {
	t.Parallel()
	for output, want := range map[string]int{
		"migrating\nslipway-0f3a9c rc=0\n":                                   0,
		"slipway-0f3a9c rc=1\r\nbye\r\n":                                     1,
		"2026-11-22T13:51:22Z app[run.1]: slipway-0f3a9c rc=2\n":             2,
		"slipway-0f3a9c rc=0\nslipway-0f3a9c rc=4\n":                         4,
		"Starting process with command `x ; echo \"slipway-0f3a9c rc=$rc\"`": -1,
		"slipway-0f3a9c rc=999":                                              -1,
		"slipway-0f3a9c rc=1 and":                                            -1,
		"xslipway-0f3a9c rc=1":                                               -1,
		"":                                                                   -1,
	} {
		got, ok := marker.Find(output)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %d, %v", output, got, ok)
		}
	}
}

func TestACommandThatCouldHideItsMarkerIsRefused(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", " ", "a\nb", "ls # list", "a\x00"} {
		if got, err := marker.Wrap(command); err == nil {
			t.Errorf("%q became %s", command, got)
		}
	}
	for _, m := range []heroku.Marker{"", "short", "with space", heroku.Marker(strings.Repeat("x", 65)), `$(reboot)`} {
		if got, err := m.Wrap("ls"); err == nil {
			t.Errorf("%q gave %s", m, got)
		}
		if _, ok := m.Find(fmt.Sprintf("%s rc=0\n", m)); ok {
			t.Errorf("%q was found", m)
		}
	}
}
