package heroku

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The Platform API has no field for how a dyno ended: a finished one is only not there. There are three kinds of evidence,
// and each can be lost: the event of a webhook (DynoEvent.Exit), a line of the log (ExitLine), and a Marker in the output.

var exited = regexp.MustCompile(`^Process exited with status (\d{1,3})$`)

// ExitLine reads the exit status from a line that Heroku wrote about a dyno: "Process exited with status 1". The line
// "State changed from up to complete" that follows it says nothing of success.
func (l LogLine) ExitLine() (status int, ok bool) {
	if l.Source != "heroku" {
		return 0, false // whatever an app prints is no evidence
	}
	return statusIn(exited, l.Text)
}

var changed = regexp.MustCompile(`^State changed from (\w+) to (\w+)$`)

// StateLine reads a change of state from a line that Heroku wrote about a dyno.
func (l LogLine) StateLine() (from, to string, ok bool) {
	m := changed.FindStringSubmatch(l.Text)
	if m == nil || l.Source != "heroku" {
		return "", "", false
	}
	return m[1], m[2], true
}

// Marker makes a command tell its own exit status at the end of its output, where neither a lost webhook nor Heroku's
// lost log line can hide it. It must be one that nobody can foresee, or the command could print it itself.
type Marker string

var markers = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

// Wrap adds the marker to a command. The exit status stays what it was. The space before the semicolon lets a process
// type in the command's first word be found.
func (m Marker) Wrap(command string) (string, error) {
	switch {
	case !markers.MatchString(string(m)):
		return "", errors.New("a marker has 8 to 64 letters, digits and hyphens")
	case strings.TrimSpace(command) == "" || strings.ContainsAny(command, "\n\r\x00"):
		return "", errors.New("a command is one line")
	case strings.Contains(command, "#"):
		return "", errors.New("a command with # could hide what follows it")
	}
	return fmt.Sprintf(`%s ; rc=$?; echo "%s rc=$rc"; exit $rc`, command, m), nil
}

// Find reads the exit status from output, or from one line of it. Of several the last one counts.
func (m Marker) Find(output string) (status int, ok bool) {
	if !markers.MatchString(string(m)) {
		return 0, false
	}
	form := regexp.MustCompile(`(?m)(?:^|\s)` + regexp.QuoteMeta(string(m)) + ` rc=(\d{1,3})\r?$`)
	all := form.FindAllString(output, -1)
	if len(all) == 0 {
		return 0, false
	}
	return statusIn(form, all[len(all)-1])
}

// statusIn reads an exit status, 0 to 255.
func statusIn(form *regexp.Regexp, s string) (int, bool) {
	m := form.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil && n <= 255
}
