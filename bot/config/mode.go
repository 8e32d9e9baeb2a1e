package config

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"slipway/bot/say"
)

// Mode says of which apps slipway only reads. The zero value changes things in all of them.
type Mode struct {
	rest string            // read, write, or "" when nothing was said, which is write
	apps map[string]string // name → read or write
}

const modeRead, modeWrite = "read", "write"

// Reads tells whether slipway only reads of an app, and changes nothing in it.
func (m Mode) Reads(app string) bool {
	if mode, named := m.apps[app]; named {
		return mode == modeRead
	}
	return m.rest == modeRead
}

// String is the mode as SLIPWAY_MODE spells it.
func (m Mode) String() string {
	var parts []string
	if m.rest != "" || len(m.apps) == 0 {
		parts = append(parts, spelt(m.rest == modeRead))
	}
	for _, app := range slices.Sorted(maps.Keys(m.apps)) {
		parts = append(parts, app+"="+m.apps[app])
	}
	return strings.Join(parts, ",")
}

func spelt(reads bool) string {
	if reads {
		return modeRead
	}
	return modeWrite
}

// Decode is for package envconfig. It reads a word for all apps, app=word for one, or several with commas between: then the
// word alone is for the apps that are not named. Empty entries are ignored.
func (m *Mode) Decode(value string) error {
	*m = Mode{apps: map[string]string{}}
	var problems []error
	for entry := range strings.SplitSeq(value, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			problems = append(problems, m.take(entry))
		}
	}
	return errors.Join(problems...)
}

// take reads one entry.
func (m *Mode) take(entry string) error {
	app, word, one := strings.Cut(entry, "=")
	if !one {
		app, word = "", entry
	}
	app, word = strings.TrimSpace(app), strings.ToLower(strings.TrimSpace(word))
	if word != modeRead && word != modeWrite {
		return unknownMode(word)
	}
	_, named := m.apps[app]
	switch {
	case one && named:
		return problem{"names the app " + quoted(app) + " twice", "Leave one of them out."}
	case one:
		m.apps[app] = word
	case m.rest != "":
		return problem{"has two words for the apps that it does not name", "Leave one of them out, or put an app's name and “=” before it."}
	default:
		m.rest = word
	}
	return nil
}

func unknownMode(word string) error {
	p := problem{text: "has " + quoted(word) + " for a mode"}
	// Many write read-only.
	plain := strings.TrimRight(strings.TrimSuffix(word, "only"), "-_ ")
	if near, ok := say.Nearest(plain, []string{modeRead, modeWrite}); ok {
		p.fix = "Did you mean " + near + "? It is read or write."
	}
	return p
}

// Writes tells whether slipway may change things in an app.
func (c Config) Writes(app string) bool { return !c.Mode.Reads(app) }

// WritesAny tells whether there is an app in which slipway may change things.
func (c Config) WritesAny() bool {
	return slices.ContainsFunc(c.Apps, func(a App) bool { return c.Writes(a.Name) })
}

// checkMode holds the mode against the apps.
func (c Config) checkMode() Faults {
	var faults Faults
	var names, unnamed []string
	for _, app := range c.Apps {
		names = append(names, app.Name)
		if _, ok := c.Mode.apps[app.Name]; !ok {
			unnamed = append(unnamed, app.Name)
		}
	}
	for _, app := range slices.Sorted(maps.Keys(c.Mode.apps)) {
		if !slices.Contains(names, app) {
			faults = append(faults, Fault{"SLIPWAY_MODE", "names the app " + quoted(app) + ", which is not in APPS", meantApp(app, names)})
		}
	}
	if len(faults) == 0 && c.Mode.rest == "" && len(unnamed) > 0 && slices.Contains(slices.Collect(maps.Values(c.Mode.apps)), modeWrite) {
		// That one app is written to says nothing unless others are only read; what is not said is not guessed.
		faults = append(faults, Fault{
			"SLIPWAY_MODE", "has write for an app, and nothing for " + strings.Join(unnamed, ", "),
			"Put a word alone before it, for the apps that it does not name: read," + c.Mode.String() + ".",
		})
	}
	return faults
}

func meantApp(app string, names []string) string {
	if near, ok := say.Nearest(app, names); ok {
		return "Did you mean " + near + "?"
	}
	return "APPS has " + strings.Join(names, ", ") + "."
}
