package doctor

import (
	"fmt"
	"strings"
	"unicode"

	"slipway/bot/say"
)

// Level is how bad a finding is.
type Level string

// The levels. What cannot be checked is a warning that says so: it is not known to be well.
const (
	OK      Level = "ok"
	Warning Level = "warning" // it works, or part of it does
	Fault   Level = "fault"   // something that people count on does not work
)

// Finding is one thing that was looked at. No part of it ever holds a secret.
type Finding struct {
	Level   Level  `json:"level"`
	Subject string `json:"subject"`       // what was looked at: "Slack bot token"
	Text    string `json:"text"`          // how it is, in one line without a full stop
	Fix     string `json:"fix,omitempty"` // what to do, in a sentence or several; "" if there is nothing to do
}

func well(subject, format string, args ...any) Finding {
	return Finding{Level: OK, Subject: subject, Text: fmt.Sprintf(format, args...)}
}

func warning(subject, text, fix string) Finding {
	return Finding{Level: Warning, Subject: subject, Text: text, Fix: fix}
}

func fault(subject, text, fix string) Finding {
	return Finding{Level: Fault, Subject: subject, Text: text, Fix: fix}
}

// unknown says that something could not be checked, and why not.
func unknown(subject string, why error, fix string) Finding {
	return warning(subject, "could not be checked: "+why.Error(), fix)
}

// longest is how much of a text is shown, in characters.
const longest = 400

// clean takes secrets and all that moves a terminal's cursor out of a finding: far ends write parts of it.
func (f Finding) clean() Finding {
	f.Subject, f.Text, f.Fix = plain(f.Subject), plain(f.Text), plain(f.Fix)
	return f
}

func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	return say.Cut(say.Scrub(strings.TrimSpace(s)), longest)
}

// Worst is the worst level of the findings.
func Worst(found []Finding) Level {
	worst := OK
	for _, f := range found {
		if f.Level == Fault || f.Level == Warning && worst == OK {
			worst = f.Level
		}
	}
	return worst
}
