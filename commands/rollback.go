package commands

import (
	"fmt"
	"strings"

	"slipway/bot"
	"slipway/bot/config/settings"
	"slipway/bot/op"
)

// Rollback takes a release back.
var Rollback = bot.Command{
	Slash: "/rollback",
	Args:  "[vN|before vN] [of app]",
	Short: "take a release back",
	Long: "Opens a window that shows what an app can go back to, and what that does: which pull requests go away, which config vars return" +
		" to other values, what the release command and one-off dynos do. Its button does it, once, and the app's channel shows how it goes.\n" +
		"`/rollback`\n`/rollback v120`\n`/rollback before v123 of penny-university`",
	About: bot.OneApp,
	Free:  true,
	Change: &bot.Change{
		Kind: "rollback", Right: settings.Rollback, ByHand: rollbackByHand, Run: runRollback, Preempts: true, Hooks: rollbackHooks,
		Form: &bot.Form{Title: "Roll back", Submit: "Roll back", Shortcut: "Roll back this deploy", About: rollbackAbout, Fill: fillRollback},
	},
}

// rollback is what is confirmed. It is stored as JSON: add fields, never rename them.
type rollback struct {
	App          string
	Live, LiveID string   // the release that runs, and must still run just before each change: "v124", and its id
	Newest       string   // of all releases, which may have failed; "": it is the one that runs
	To, ToID     string   // the release that is gone back to
	Stop         []oneOff // one-off dynos that are stopped first
	Phase        string   // the release command of the code that is gone back to; "": none
	Health       string   // the address that has to answer afterwards; "": none is set
	Types        []string // of process, that are to be up afterwards
	Away         []string // the commits that go away, newest first; the hold watches for them
	Head         string   // the commit that ran
	Pulls        []int    // the pull requests that go away
	Config       bool     // only config vars go back: the code stays
	Forward      bool     `json:",omitempty"` // newer code comes back
}

// oneOff is a dyno that is stopped before the rollback. It is stored as JSON: add fields, never rename them.
type oneOff struct{ ID, Name, Command string }

// The names of the steps. They are stored for ever.
const (
	phaseStep     = "release phase"
	currentStep   = "current"
	dynosUpStep   = "dynos up"
	healthyStep   = "healthy"
	stopPrefix    = "stop "            // and the dyno's name
	backPrefix    = "roll back to "    // and the release
	forwardPrefix = "roll forward to " // the same
)

func (d oneOff) step() string { return stopPrefix + d.Name }

// backStep is the one step that changes the release.
func (r rollback) backStep() string {
	if r.Forward {
		return forwardPrefix + r.To
	}
	return backPrefix + r.To
}

// steps are the names of the steps that its Run takes, in their order.
func (r rollback) steps() []string {
	var list []string
	for _, d := range r.Stop {
		list = append(list, d.step())
	}
	list = append(list, r.backStep())
	if r.Phase != "" {
		list = append(list, phaseStep)
	}
	list = append(list, currentStep, dynosUpStep)
	if r.Health != "" {
		list = append(list, healthyStep)
	}
	return list
}

// rollbackAfter is what can be done once it succeeded.
func rollbackAfter(r rollback) []op.Choice {
	var list []op.Choice
	if len(r.Pulls) > 0 {
		list = append(list, op.Choice{Label: "Open a revert PR", Line: "/deploy revert " + numbered(r.Pulls) + " of " + r.App})
	}
	list = append(list, r.forward())
	if r.holds() {
		list = append(list, op.Choice{Label: "End the hold", Line: "/deploy unhold of " + r.App})
	}
	return list
}

// numbered are pull requests as they are typed: "#46 #47".
func numbered(pulls []int) string {
	words := make([]string, len(pulls))
	for i, n := range pulls {
		words[i] = fmt.Sprintf("#%d", n)
	}
	return strings.Join(words, " ")
}
