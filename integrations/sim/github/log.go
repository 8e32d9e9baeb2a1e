package githubsim

import (
	"fmt"
	"strings"
	"time"
)

// logLine is one line of a job's log.
type logLine struct {
	at   time.Time
	step int // the position of the step that logged it
	text string
}

// The life of a log: facts 5. It can be read a moment after the job's end, and 90 days long [unverified].
const (
	sealing = 2 * time.Second
	logKept = 90 * 24 * time.Hour
	// rerunKept is how long a run can be started again.
	rerunKept = 30 * 24 * time.Hour
)

// logText is a job's log as the runner writes it (facts 5): a BOM, a time before each line, and no boundaries between
// steps but the groups of what was run.
func (j *job) logText() string {
	var lines []logLine
	add := func(at time.Time, format string, args ...any) {
		lines = append(lines, logLine{at: at, text: fmt.Sprintf(format, args...)})
	}
	for i, s := range j.steps {
		own := i > 0 && i < len(j.steps)-1
		if s.Conclusion == "skipped" || s.StartedAt.IsZero() {
			continue
		}
		if j.attempt.debug {
			add(s.StartedAt, "##[debug]Evaluating condition for step: '%s'", s.Name)
		}
		switch {
		case i == 0:
			add(s.StartedAt, "Current runner version: '2.311.0'")
		case own:
			add(s.StartedAt, "##[group]Run %s", j.def.Steps[i-1].command())
			add(s.StartedAt, "shell: /usr/bin/bash -e {0}")
			add(s.StartedAt, "##[endgroup]")
		default:
			add(s.StartedAt, "Cleaning up orphan processes")
		}
		for _, line := range j.log {
			if line.step == i {
				add(line.at, "%s", line.text)
			}
		}
		switch s.Conclusion {
		case "failure":
			add(s.CompletedAt, "##[error]Process completed with exit code 1.")
		case "cancelled":
			add(s.CompletedAt, "##[error]The operation was canceled.")
		}
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	for _, line := range lines {
		fmt.Fprintf(&b, "%s %s\r\n", line.at.UTC().Format("2006-01-02T15:04:05.0000000Z"), line.text)
	}
	return b.String()
}

// command is what a step runs.
func (s Step) command() string {
	return "script/" + strings.ReplaceAll(strings.ToLower(s.Name), " ", "-")
}

// sealed tells whether a job's log can be read, and gone whether it no longer can.
func (j *job) sealed(now time.Time) (sealed, gone bool) {
	if j.status != "completed" || now.Before(j.completed.Add(sealing)) {
		return false, false
	}
	return true, now.Sub(j.completed) > logKept
}
