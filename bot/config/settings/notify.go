package settings

import (
	"strings"

	"slipway/bot/say"
)

// Checks is which checks of pull requests are told. The values are those of the file.
type Checks string

// What to tell of checks.
const (
	AllChecks    Checks = "all"
	FailedChecks Checks = "failures" // and that they were fixed
	NoChecks     Checks = "none"
)

func notifyKeys() []key {
	return []key{
		{
			name: "notify.checks", takes: "`all`, `failures` or `none`", preset: "`failures`",
			what: "which checks of pull requests are told",
			read: func(v value, to *App) { v.checks(&to.Notify.Checks) },
		},
		notice("changes", "whether merges are told, and what became of them", func(n *Notify) *bool { return &n.Changes }),
		notice("releases", "whether releases are told that no merge made: a config change, a rollback", func(n *Notify) *bool { return &n.Releases }),
		notice("silence", "whether it is told that something did not come: a run, a release", func(n *Notify) *bool { return &n.Silence }),
	}
}

// notice is a switch of something that is told unless it is turned off.
func notice(name, what string, field func(*Notify) *bool) key {
	return key{
		name: "notify." + name, takes: "`yes` or `no`", preset: "`yes`", what: what,
		read: func(v value, to *App) { v.yes(field(&to.Notify)) },
	}
}

func (v value) checks(to *Checks) {
	word, ok := v.word()
	if !ok {
		return
	}
	words := []string{string(AllChecks), string(FailedChecks), string(NoChecks)}
	low := strings.ToLower(word)
	near, ok := say.Nearest(word, words)
	switch {
	case denies(low):
		*to = NoChecks
	case ok && near == low:
		*to = Checks(low)
	case ok:
		v.fault("cannot be %s. Did you mean `%s`?", quoted(word), near)
	default:
		v.wrong()
	}
}
