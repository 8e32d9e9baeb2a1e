package policy

import (
	"fmt"
	"strings"

	"slipway/bot/config/settings"
	"slipway/bot/say"
)

// parsed is a version of the file as it was understood.
type parsed struct {
	settings settings.Settings
	faults   settings.Faults
}

// mostParsed bounds what is remembered: of each repository two versions matter at a time.
const mostParsed = 200

// understand gives what a version says. Text is asked for if that is not remembered.
func (w *watch) understand(hash string, text func() ([]byte, error)) (parsed, error) {
	if hash == "" {
		return parsed{}, nil
	}
	key := w.scope + " " + hash
	w.mu.Lock()
	known, ok := w.parsed[key]
	w.mu.Unlock()
	if ok {
		return known, nil
	}
	data, err := text()
	if err != nil {
		return parsed{}, err
	}
	var out parsed
	out.settings, out.faults = settings.Parse(data, w.apps)
	if len(out.faults) == 0 {
		out.faults = w.oneBranch(out.settings)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.parsed) >= mostParsed {
		clear(w.parsed)
	}
	w.parsed[key] = out
	return out, nil
}

// oneBranch refuses settings that have the apps of one repository deploy from different branches: what is known of a
// repository is known of one such branch.
func (w *watch) oneBranch(s settings.Settings) settings.Faults {
	var said []string
	differ := false
	for _, app := range w.apps {
		branch := s.For(app).Branch
		differ = differ || branch != w.branch(s)
		name := "the default branch"
		if branch != "" {
			name = say.ForeignCode(branch, longestName)
		}
		said = append(said, fmt.Sprintf("%s from %s", say.Code(app), name))
	}
	if !differ {
		return nil
	}
	return settings.Faults{{Text: fmt.Sprintf("the apps of this repository deploy from different branches (%s). This version of slipway knows one for all: set `branch` at the top.",
		strings.Join(said, ", "))}}
}

// longestName is how much of a foreign name is shown, in characters.
const longestName = 60
