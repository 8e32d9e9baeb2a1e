package herokusim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// logKept is how much of an app's log can be read back: "Logplex keeps ~1500 lines".
const logKept = 1500

// logLine is one line of an app's log.
type logLine struct {
	n          int // 1001 for the first
	at         time.Time
	source     string // "app" for what a dyno prints, "heroku" for what the platform says
	dyno, text string
}

// String writes a line as Logplex does: "2026-11-22T13:51:22Z app[run.1000]: hi".
func (l logLine) String() string {
	return fmt.Sprintf("%s %s[%s]: %s", stamp(l.at), l.source, l.dyno, l.text)
}

// appLog is the log of an app. The server's lock guards it.
type appLog struct {
	lines   []logLine
	count   int
	changed chan struct{} // closed, and made anew, at each line; nil while nobody waits
}

// logSystem writes down what the platform says of a dyno; the lock is held.
func (a *App) logSystem(dyno, text string) { a.log.add("heroku", dyno, text) }

func (l *appLog) add(source, dyno, text string) {
	if len(l.lines) >= 2*logKept {
		l.lines = append([]logLine(nil), l.lines[len(l.lines)-logKept:]...)
	}
	l.count++
	l.lines = append(l.lines, logLine{n: 1000 + l.count, at: time.Now(), source: source, dyno: dyno, text: text})
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// wait gives what is closed at the next line; the lock is held.
func (l *appLog) wait() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// filter says which lines one wants.
type filter struct {
	dyno   string // a name ("run.1234") or a process type ("web"); "" for all
	source string // "app" or "heroku"; "" for both
}

func (f filter) takes(l logLine) bool {
	kind, _, _ := strings.Cut(l.dyno, ".")
	return (f.dyno == "" || f.dyno == l.dyno || f.dyno == kind) && (f.source == "" || f.source == l.source)
}

// since gives the lines after the n-th that a filter takes.
func (l *appLog) since(n int, f filter) []logLine {
	var out []logLine
	for _, line := range l.lines[max(0, len(l.lines)-logKept):] {
		if line.n > n && f.takes(line) {
			out = append(out, line)
		}
	}
	return out
}

// number is the N of a dyno's name.
func number(dyno string) int {
	_, n, _ := strings.Cut(dyno, ".")
	i, _ := strconv.Atoi(n) // dynos made here have numbers
	return i
}
